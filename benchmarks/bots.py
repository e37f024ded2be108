"""The two bots that are compared: how each is trained, started and spoken to."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar

import httpx
import psutil

from cli.rasa import free_ports
from tools.steps import Place, Step, make_environment

ROOT = Path(__file__).resolve().parent.parent
GREETING = "hello"
# Of the demonstration's own documents; asked one after the other.
QUESTIONS = (
    "What does a second parking permit cost?",
    "When must I put my bins out on collection day?",
    "Until when may a building site be noisy on Saturdays?",
    "How do I renew my library card?",
    "Who gets a reduction of the council tax?",
    "Do I need permission to cut down a protected tree?",
)
LONGEST_START = 300.0


class Bot(ABC):
    """A bot in a folder of its own; nothing of it outlives the bench."""

    name: ClassVar[str]

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.other_port = free_ports(2)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.numbers = itertools.count(1)

    @abstractmethod
    def train(self) -> None:
        """Train from nothing, without a cache."""

    @abstractmethod
    def start(self) -> None:
        """Start every process."""

    @abstractmethod
    async def greet(self, client: httpx.AsyncClient, user: str) -> str | None:
        """One whole turn; the user to go on as, or None when there was no answer."""

    def wait_until_answering(self) -> float:
        """Seconds from now until the first greeting is answered."""
        started = time.perf_counter()
        with httpx.Client(timeout=5, trust_env=False) as client:
            while time.perf_counter() - started < LONGEST_START:
                if any(process.poll() is not None for process in self.processes.values()):
                    raise RuntimeError(f"{self.name} ended while starting; see {self.log}")
                try:
                    if self.answers(client):
                        return time.perf_counter() - started
                except httpx.HTTPError:
                    pass
                time.sleep(0.05)
        raise RuntimeError(f"{self.name} did not answer within {LONGEST_START:.0f} s; see {self.log}")

    @abstractmethod
    def answers(self, client: httpx.Client) -> bool:
        """Whether a greeting gets its words back."""

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def run(self, command: list[str], environment: dict[str, str]) -> None:
        with self.log.open("ab") as log:
            done = subprocess.run(
                command, cwd=self.work, env={**os.environ, **environment}, stdout=log, stderr=log, check=False
            )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[:6])} failed; see {self.log}")

    def spawn(self, part: str, command: list[str], environment: dict[str, str]) -> None:
        with self.log.open("ab") as log:
            self.processes[part] = subprocess.Popen(
                command,
                cwd=self.work,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def work(self) -> Path:
        return self.folder

    def stop(self) -> None:
        """End every process with all its children."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.processes.clear()

    def memory(self) -> dict[str, dict[str, float]]:
        """Megabytes of each part with its children: resident, and the proportional share (PSS)."""
        found = {}
        for part, process in self.processes.items():
            tree = psutil.Process(process.pid)
            members = [tree, *tree.children(recursive=True)]
            found[part] = {
                "rss": sum(member.memory_info().rss for member in members) / 1e6,
                "pss": sum(_pss(member) for member in members) / 1e6,
            }
        return found


class Ours(Bot):
    """Folkmoot as `folkmoot up` runs it; a turn is a chat message and its reply, SQL writes included."""

    name = "Folkmoot"

    def __init__(self, folder: Path, home: Path) -> None:
        super().__init__(folder)
        self.home = folder / "home"
        self.home.mkdir(parents=True, exist_ok=True)
        for part in ("encoder", "models"):
            link = self.home / part
            if not link.exists():
                link.symlink_to((home / part).resolve())
        self.environment = {
            "FOLKMOOT_HOME": str(self.home),
            "FOLKMOOT_PORT": str(self.port),
            "FOLKMOOT_HOST": "127.0.0.1",
            "FOLKMOOT_DATABASE_URL": "",
            "FOLKMOOT_RASA_URLS": "",
            "FOLKMOOT_TELEGRAM_TOKEN": "",
            "FOLKMOOT_MESSAGES_PER_MINUTE": "1000000",
        }

    @property
    def work(self) -> Path:
        return ROOT

    def train(self) -> None:
        out = self.folder / "training"
        shutil.rmtree(out, ignore_errors=True)
        environment = {**self.environment, "RASA_CACHE_DIRECTORY": str(out / "cache")}
        self.run(
            [str(ROOT / ".venv-rasa/bin/python"), "-m", "rasa_server", "train", "--out", str(out)],
            environment,
        )

    def start(self) -> None:
        self.spawn("all", [str(ROOT / ".venv/bin/python"), "-m", "cli", "up"], self.environment)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/chat/messages"

    def message(self, user: str, text: str = GREETING) -> dict[str, Any]:
        message = {"message_id": f"m{next(self.numbers)}-{time.time_ns()}", "text": text}
        return {**message, "session": user} if user else message

    def answers(self, client: httpx.Client) -> bool:
        # A failed turn would be tried again in the background: ask only when everything is there.
        if client.get(f"http://127.0.0.1:{self.port}/health/ready").status_code != 200:
            return False
        state = client.post(self.address, json=self.message("")).json().get("state")
        return bool(state == "answered")

    async def greet(self, client: httpx.AsyncClient, user: str) -> str | None:
        response = await client.post(self.address, json=self.message(user))
        body = response.json()
        return str(body["session"]) if body.get("state") == "answered" else None

    async def ask(self, client: httpx.AsyncClient) -> bool:
        """One policy question of a new citizen; whether it got an answer with its source."""
        question = QUESTIONS[next(self.numbers) % len(QUESTIONS)]
        body = (await client.post(self.address, json=self.message("", question))).json()
        return body.get("state") == "answered" and any(reply.get("citations") for reply in body["replies"])


class Stock(Bot):
    """What `rasa init` makes, served as Rasa ships it: DIET, TED, REST channel, and its action server."""

    name = "rasa init"

    def __init__(self, folder: Path, python: Path) -> None:
        super().__init__(folder)
        self.python = python
        self.environment = {"RASA_TELEMETRY_ENABLED": "false"}
        self.project = folder / "project"
        if not (self.project / "domain.yml").exists():
            make = (
                "import sys; from rasa.cli.scaffold import create_initial_project as make; make(sys.argv[1])"
            )
            self.project.mkdir(parents=True, exist_ok=True)
            self.run([str(python), "-c", make, str(self.project)], self.environment)

    @property
    def work(self) -> Path:
        return self.project if self.project.exists() else self.folder

    def train(self) -> None:
        shutil.rmtree(self.project / ".rasa", ignore_errors=True)
        shutil.rmtree(self.project / "models", ignore_errors=True)
        self.run([str(self.python), "-m", "rasa", "train"], self.environment)

    def start(self) -> None:
        rasa = [str(self.python), "-m", "rasa", "run"]
        self.spawn("rasa", [*rasa, "--interface", "127.0.0.1", "--port", str(self.port)], self.environment)
        self.spawn("actions", [*rasa, "actions", "--port", str(self.other_port)], self.environment)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"

    def answers(self, client: httpx.Client) -> bool:
        body = {"sender": f"u{next(self.numbers)}", "message": GREETING}
        return bool(client.post(self.address, json=body).json())

    async def greet(self, client: httpx.AsyncClient, user: str) -> str | None:
        user = user or f"u{next(self.numbers)}"
        response = await client.post(self.address, json={"sender": user, "message": GREETING})
        return user if response.json() else None


def stock_environment(folder: Path) -> Step:
    """The stock Rasa's own environment, made when the bench first needs it."""
    lock = ROOT / "benchmarks" / "stock-rasa.lock"
    place = Place(ROOT, folder)
    home = folder / "stock-environment"
    return Step(
        "stock",
        "Libraries of the stock Rasa",
        home / ".folkmoot-libraries",
        ["python 3.10", lock],
        lambda: (home / "bin" / "python").exists(),
        lambda progress: make_environment(place, "stock", home, "3.10", lock, [], progress),
        4000,
    )


def _pss(process: psutil.Process) -> float:
    full = process.memory_full_info()
    return float(getattr(full, "pss", full.uss))


def trained_model(home: Path) -> str:
    """The name of the model that ours serves."""
    models = sorted((home / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1].name if models else ""


def versions(stock: Stock) -> dict[str, str]:
    """What was compared."""
    code = "import json, rasa, tensorflow; print(json.dumps([rasa.__version__, tensorflow.__version__]))"
    said = subprocess.run(
        [str(stock.python), "-c", code], capture_output=True, text=True, check=False, env=os.environ
    )
    found = json.loads(said.stdout.strip().splitlines()[-1]) if said.returncode == 0 else ["?", "?"]
    return {"rasa": found[0], "tensorflow": found[1]}
