"""The web server inside our own event loop."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from civic.kit.settings import Settings


class Server(uvicorn.Server):
    """Uvicorn without signal handlers: whoever started it decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def make_server(app: FastAPI, settings: Settings) -> Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # addresses and paths of citizens are personal data
        server_header=False,
        ws_max_size=64 * 1024,
        timeout_graceful_shutdown=5,
        proxy_headers=bool(settings.public_url),
    )
    return Server(config)
