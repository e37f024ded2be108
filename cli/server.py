"""The web server inside our own event loop, on a socket that was taken before anything slow began."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

import uvicorn
import uvloop
from fastapi import FastAPI

from civic.kit.settings import Settings
from cli.problems import Stop

Result = TypeVar("Result")


class Server(uvicorn.Server):
    """Uvicorn without signal handlers: whoever started it decides when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run in libuv's event loop, which takes a tenth less time a turn than Python's own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())


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
