"""Starts the real program in a folder of its own, and looks for what it leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from civic.kit.settings import Settings
from cli.rasa import free_ports
from tests.ops.checkout import ROOT, without_settings
from tests.stack import FOLKMOOT


def built_home() -> Path:
    """The home folder in which `make setup` left encoder and model."""
    home = Path(os.environ.get("FOLKMOOT_HOME") or Settings().home)
    home = home if home.is_absolute() else ROOT / home
    if not (home / "encoder" / "manifest.json").exists() or not any((home / "models").glob("*.tar.gz")):
        pytest.skip("encoder or model is missing: run `make setup`")
    return home


def home_with_model(folder: Path) -> Path:
    """A home folder of its own, with the encoder and model that were built."""
    built = built_home()
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("encoder", "models"):
        (folder / part).symlink_to(built / part)
    return folder


class Program:
    """`folkmoot ...` as a process of its own."""

    def __init__(self, home: Path, *words: str, **environment: str) -> None:
        self.port = free_ports(1)[0]
        self.output = home / "output.txt"
        self.home = home
        with self.output.open("wb") as sink:
            self.process = subprocess.Popen(
                [FOLKMOOT, *words],
                cwd=ROOT,
                env={
                    **without_settings(),
                    "FOLKMOOT_HOME": str(home),
                    "FOLKMOOT_PORT": str(self.port),
                    **environment,
                },
                stdout=sink,
                stderr=sink,
            )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def children(self) -> list[psutil.Process]:
        """Everything it has started so far."""
        try:
            return list(psutil.Process(self.process.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []

    def waits_for(self, words: str, seconds: float = 120) -> None:
        """Return when it has said these words."""
        deadline = time.monotonic() + seconds
        while words not in self.said:
            assert time.monotonic() < deadline, f"it never said {words!r}, but:\n{self.said}"
            assert self.process.poll() is None, f"it ended:\n{self.said}"
            time.sleep(0.05)

    def starts_a_child(self, seconds: float = 60) -> list[psutil.Process]:
        deadline = time.monotonic() + seconds
        while not self.children():
            assert time.monotonic() < deadline, self.said
            time.sleep(0.01)
        return self.children()

    def signal(self, number: signal.Signals, seconds: float = 30) -> int:
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def greets(self) -> httpx.Response:
        message = {"message_id": f"m{time.monotonic_ns()}", "text": "hello"}
        return httpx.post(f"{self.url}/chat/messages", json=message, timeout=30, trust_env=False)


@contextmanager
def running(home: Path, *words: str, **environment: str) -> Iterator[Program]:
    """The program, ended for certain afterwards."""
    program = Program(home, *words, **environment)
    children: list[psutil.Process] = []
    try:
        yield program
    finally:
        children = program.children()
        if program.process.poll() is None:
            program.process.send_signal(signal.SIGTERM)
            try:
                program.process.wait(30)
            except subprocess.TimeoutExpired:
                program.process.kill()
        for child in children:
            if child.is_running():
                child.kill()


def all_gone(processes: list[psutil.Process], seconds: float = 10) -> bool:
    """Whether every one of them ends within that time."""
    _, alive = psutil.wait_procs(processes, timeout=seconds)
    return not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
