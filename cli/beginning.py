"""What comes before anything slow is loaded: the settings' check, the port, the event loop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import uvloop

from cli import rasa
from cli.problems import Stop

if TYPE_CHECKING:
    from civic.kit.settings import Settings

Result = TypeVar("Result")


def check_set_up(settings: Settings) -> None:
    """Say what is missing before anything starts."""
    if not (settings.encoder_dir / "manifest.json").exists():
        raise Stop(f"There is no sentence encoder in {settings.encoder_dir}. Run: make setup")
    if settings.rasa_urls:
        return
    if not rasa.PYTHON.exists():
        raise Stop("Rasa's environment .venv-rasa is missing. Run: make setup")
    if not any(settings.models_dir.glob("*.tar.gz")):
        raise Stop(f"There is no trained model in {settings.models_dir}. Run: make train")


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


def inherited(number: int) -> socket.socket:
    """The listening socket that another process of ours opened and handed on."""
    taken = socket.socket(fileno=number)
    taken.setblocking(False)
    return taken


def run(main: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run in libuv's event loop, which takes a tenth less time a turn than Python's own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())
