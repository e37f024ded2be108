"""The web chat: an element for any site, a socket, plain requests, and the page at `/`."""
