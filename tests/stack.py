"""The whole product as a citizen's town would run it: `folkmoot up` with real Rasa, on a free port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
# As people start it; `python -m cli` would find what only stands in the current folder.
FOLKMOOT = str(Path(sys.executable).with_name("folkmoot"))
PATIENCE = 120.0
# What was built once is used by every stack; everything else is its own.
SHARED = ("encoder", "models")
# A site of somebody else that may embed the chat.
NAMED_SITE = "http://www.town.example"


class StackDidNotStart(RuntimeError):
    """The product ended, or was not ready in time; the message holds what it said."""


def missing() -> list[str]:
    """What has to be built before a stack can start."""
    built = Path(os.environ.get("FOLKMOOT_HOME") or ROOT / "var")
    needed = {
        "the encoder": built / "encoder" / "manifest.json",
        "Rasa's environment": ROOT / ".venv-rasa" / "bin" / "python",
    }
    gone = [name for name, path in needed.items() if not path.exists()]
    if not any((built / "models").glob("*.tar.gz")):
        gone.append("a trained model")
    return gone


class Stack:
    """One running product in a folder of its own; every process it started ends with `stop`."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.home = folder / "home"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "stack.log"
        self.home.mkdir(parents=True, exist_ok=True)
        built = Path(os.environ.get("FOLKMOOT_HOME") or ROOT / "var").resolve()
        for name in SHARED:
            if not (self.home / name).exists():
                (self.home / name).symlink_to(built / name)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FOLKMOOT_")}
        self.environment = {
            **kept,
            "FOLKMOOT_HOME": str(self.home),
            "FOLKMOOT_PORT": str(self.port),
            # Tests are quicker than people.
            "FOLKMOOT_MESSAGES_PER_MINUTE": "1000",
            # The tests run at night, too.
            "FOLKMOOT_QUIET_HOURS": "none",
            "FOLKMOOT_ALLOWED_ORIGINS": f'["{NAMED_SITE}"]',
            **environment,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Stack:
        """Starts the product and returns when it can answer its first question."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [FOLKMOOT, "up"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()
        return self

    def stop(self) -> None:
        """Asks it to end, as Ctrl-C does; what is left after that is killed."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        self.process = None

    def kill(self) -> None:
        """Ends the main process at once, as a power cut does; Rasa goes with it."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def folkmoot(self, *arguments: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Runs a `folkmoot` command on the same home, such as `knowledge add`."""
        return subprocess.run(
            [FOLKMOOT, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def first_official(self) -> tuple[str, str]:
        """Name and password of the official whom the first start made."""
        lines = (self.home / "first-official.txt").read_text(encoding="utf-8").splitlines()
        values = dict(line.split(":", 1) for line in lines if ":" in line)
        return values["name"].strip(), values["password"].strip()

    def dump(self) -> str:
        """Everything that the database and the files of this product hold, as one text."""
        return "\n".join(text for _, text in self._pieces())

    def where(self, words: str) -> list[str]:
        """The tables and files in which words are found."""
        return [place for place, text in self._pieces() if words in text]

    def _pieces(self) -> Iterator[tuple[str, str]]:
        with sqlite3.connect(f"file:{self.home / 'folkmoot.db'}?mode=ro", uri=True) as database:
            for (table,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).fetchall():
                for row in database.execute(f'SELECT * FROM "{table}"'):
                    yield table, " ".join(_readable(value) for value in row)
        for path in (self.home / "log").rglob("*"):
            if path.is_file():
                yield path.name, path.read_text(errors="replace")

    def said(self) -> str:
        """What the product printed and logged, for the message of a failed test."""
        logs = [self.log, *sorted((self.home / "log").glob("*.log"))]
        return "\n".join(f"== {log.name}\n{log.read_text(errors='replace')[-4000:]}" for log in logs)

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        give_up = time.monotonic() + PATIENCE
        with httpx.Client(trust_env=False, timeout=5) as client:
            while time.monotonic() < give_up:
                if self.process.poll() is not None:
                    raise StackDidNotStart(f"the product ended with {self.process.returncode}\n{self.said()}")
                try:
                    if client.get(f"{self.url}/health/ready").status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                time.sleep(0.2)
        said = self.said()
        self.kill()
        raise StackDidNotStart(f"not ready within {PATIENCE:.0f} s\n{said}")


def _readable(value: object) -> str:
    """A value as text; packed ones unpacked."""
    if isinstance(value, bytes):
        with contextlib.suppress(zlib.error):
            value = zlib.decompress(value)
        return value.decode("utf-8", "replace")
    return str(value)


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
