"""Which sites may talk to the web chat: our own, and those that the operator named."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from civic.kit.settings import Settings

# The element itself and its words are public: any site may load them.
PUBLIC = {"/chat/folkmoot-chat.js", "/chat/folkmoot-chat.css", "/chat/strings"}


def allowed(origin: str | None, host: str | None, settings: Settings) -> bool:
    """Whether a page of `origin` may open a socket to `host`; programs, which send no origin, may."""
    if origin is None:
        return True
    named = {entry.rstrip("/") for entry in settings.allowed_origins}
    if "*" in named or origin in named or origin == settings.site:
        return True
    return host is not None and urlsplit(origin).netloc == host


class ChatOrigins:
    """Adds CORS headers to `/chat/` and to nothing else: the officials' API stays closed to other sites."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        named = [entry.rstrip("/") for entry in settings.allowed_origins]
        self._public = _cors(app, ["*"])
        self._named = _cors(app, named)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/chat/"):
            await self._app(scope, receive, send)
        elif scope["path"] in PUBLIC:
            await self._public(scope, receive, send)
        else:
            await self._named(scope, receive, send)


def _cors(app: ASGIApp, origins: list[str]) -> CORSMiddleware:
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
        max_age=3600,
    )
