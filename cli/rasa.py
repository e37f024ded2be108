"""How a Rasa process is started, and when it is ready."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.processes import Child

if TYPE_CHECKING:
    import httpx

    from civic.kit.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-rasa" / "bin" / "python"


def command(port: int, interface: str = "127.0.0.1") -> list[str]:
    """One Rasa server; its configuration files are those at the root of the checkout."""
    return [
        str(PYTHON),
        "-m",
        "rasa_server",
        "run",
        "--interface",
        interface,
        "--port",
        str(port),
        "--endpoints",
        str(ROOT / "endpoints.yml"),
        "--credentials",
        str(ROOT / "credentials.yml"),
    ]


def environment(settings: Settings) -> dict[str, str]:
    """What Rasa must know of our settings; it reads no `.env` of its own."""
    url = settings.database
    for driver in ("postgresql+psycopg://", "postgres://"):
        if url.startswith(driver):
            url = "postgresql://" + url.removeprefix(driver)
    return {
        "FOLKMOOT_HOME": str(settings.home.resolve()),
        "FOLKMOOT_ENCODER_DIR": str(settings.encoder_dir.resolve()),
        "FOLKMOOT_DATABASE_URL": url,
        "FOLKMOOT_ACTION_URL": settings.actions,
        "FOLKMOOT_RASA_TOKEN": settings.secret("rasa_token"),
        # What citizens write appears in Rasa's more talkative levels.
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
    }


def children(settings: Settings) -> list[tuple[str, Child]]:
    """As many Rasa processes as the settings say, each with its address."""
    made = []
    for number, port in enumerate(free_ports(settings.rasa_processes), start=1):
        log = settings.log_file.with_name(f"rasa-{number}.log")
        child = Child(f"rasa-{number}", command(port), environment(settings), ROOT, log)
        made.append((f"http://127.0.0.1:{port}", child))
    return made


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now; all are held until the last one is found, so that they differ."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()


class NoModel(Exception):
    """The process answers, and without a model: Rasa tried to load one before it listened."""


async def ready(url: str, client: httpx.AsyncClient) -> bool:
    """Whether the process answers and has loaded its model; raises `NoModel` when it never will."""
    import httpx

    try:
        response = await client.get(f"{url}/webhooks/folkmoot/health", timeout=2)
    except httpx.HTTPError:
        return False
    if response.status_code == 503:
        raise NoModel
    return response.status_code == 200


async def wait_until_all_ready(urls: Sequence[str], pause: float = 0.1) -> None:
    """Return when every process can take its first turn."""
    import httpx  # the processes are started before it is needed

    async with httpx.AsyncClient(trust_env=False) as client:
        for url in urls:
            while not await ready(url, client):
                await asyncio.sleep(pause)
