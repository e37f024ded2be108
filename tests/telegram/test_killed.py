"""The real process, killed with -9 at the worst moments: nothing is lost, nothing is said twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.fakes.telegram_api import FakeTelegram
from tests.fixtures import ROOT
from tests.stack import FOLKMOOT
from tests.telegram.conftest import pause


class RasaStandIn:
    """Answers turns over real HTTP with "You said ..."; can be made to hang."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.go = threading.Event()
        self.go.set()
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stand_in.asked.append(body["text"])
                stand_in.go.wait(30)
                answer = {"messages": [{"custom": {"text": f"You said {body['text']}"}}], "loop": None}
                data = json.dumps({**answer, "intent": {"name": "greet", "confidence": 1}}).encode()
                try:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:
                    pass  # who asked was killed

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Process:
    """`folkmoot serve telegram`, as an operator starts it."""

    def __init__(self, folder: Path, telegram: FakeTelegram, rasa: RasaStandIn) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FOLKMOOT_")}
        self.home = folder
        self.log = folder / "process.log"
        self.environment = {
            **kept,
            "FOLKMOOT_HOME": str(folder),
            "FOLKMOOT_TELEGRAM_TOKEN": telegram.token,
            "FOLKMOOT_TELEGRAM_API_BASE": telegram.base,
            "FOLKMOOT_RASA_URLS": json.dumps([rasa.url]),
        }
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                [FOLKMOOT, "serve", "telegram"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        assert self.running is not None
        self.running.send_signal(signal.SIGKILL)
        self.running.wait(10)

    def stop(self) -> int:
        assert self.running is not None
        self.running.send_signal(signal.SIGTERM)
        return self.running.wait(20)


@pytest.fixture
def rasa() -> Iterator[RasaStandIn]:
    stand_in = RasaStandIn()
    yield stand_in
    stand_in.go.set()
    stand_in.server.shutdown()


@pytest.fixture
def process(tmp_path: Path, telegram: FakeTelegram, rasa: RasaStandIn) -> Iterator[Process]:
    running = Process(tmp_path, telegram, rasa)
    running.start()
    yield running
    if running.running is not None and running.running.poll() is None:
        running.stop()


def test_killed_in_the_middle_of_a_turn_it_answers_after_the_restart_once(
    process: Process, telegram: FakeTelegram, rasa: RasaStandIn
) -> None:
    telegram.say(1, "hello")
    telegram.wait_for(1, "You said hello", timeout=30)
    rasa.go.clear()
    telegram.say(1, "my lamp is broken")
    telegram.wait_until(lambda: "my lamp is broken" in rasa.asked, what="the turn to begin")
    process.kill()
    rasa.go.set()
    process.start()
    telegram.wait_for(1, "You said my lamp is broken", timeout=30)
    pause(1.0)
    assert telegram.texts(1) == ["You said hello", "You said my lamp is broken"]
    assert telegram.unconfirmed == 0


def test_killed_between_the_turn_and_its_reply_it_sends_the_reply_after_the_restart_once(
    process: Process, telegram: FakeTelegram, rasa: RasaStandIn
) -> None:
    telegram.say(1, "hello")
    telegram.wait_for(1, "You said hello", timeout=30)
    rasa.go.clear()
    telegram.say(1, "it is confirmed")
    telegram.wait_until(lambda: "it is confirmed" in rasa.asked, what="the turn to begin")
    telegram.outage = True
    rasa.go.set()
    telegram.wait_until(
        lambda: any(call.get("text", "").endswith("confirmed") for call in telegram.called("sendMessage")),
        what="the attempt to send",
    )
    process.kill()
    telegram.outage = False
    with sqlite3.connect(process.home / "folkmoot.db") as database:  # half a minute goes by
        database.execute("UPDATE deliveries SET claimed_until = created_at WHERE state = 'sending'")
    process.start()
    telegram.wait_for(1, "You said it is confirmed", timeout=30)
    pause(1.0)
    assert telegram.texts(1).count("You said it is confirmed") == 1
    assert rasa.asked.count("it is confirmed") == 1, "the turn was done and is not done again"


def test_asked_to_stop_it_stops_soon_and_in_order(
    process: Process, telegram: FakeTelegram, rasa: RasaStandIn
) -> None:
    telegram.say(1, "hello")
    telegram.wait_for(1, "You said hello", timeout=30)
    assert process.stop() == 0
    assert "Traceback" not in process.log.read_text()
