"""Web sites whose pages are read as documents, again and again, each time only what changed."""
