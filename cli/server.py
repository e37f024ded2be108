"""The web server inside our own event loop, on a socket that was taken before anything slow began."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator

import uvicorn
from fastapi import FastAPI

from civic.kit.settings import Settings
from cli.problems import Stop


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


def take_port(settings: Settings) -> socket.socket:
    """The listening socket, or one sentence when somebody else has the port."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(2048)
    except OSError as error:
        taken.close()
        reason = (error.strerror or os.strerror(error.errno or 0)).lower()
        raise Stop(
            f"Port {port} on {host} cannot be used ({reason}): another program, perhaps Folkmoot "
            f"itself, has it. Stop that program, or choose another port: PORT={port + 10} make run."
        ) from None
    taken.setblocking(False)
    return taken
