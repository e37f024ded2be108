"""The officials' pages: server-rendered, without inline script or style, behind a cookie session."""
