"""An action server of the test's own, and a Rasa process that calls it."""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
TOKEN = "a-token-for-tests"

Call = dict[str, Any]
Answer = dict[str, Any]


def said(text: str, *events: dict[str, Any]) -> Answer:
    """An action's answer: one reply and the events that follow."""
    return {"events": list(events), "responses": [{"custom": {"text": text}}]}


def loop_event(name: str | None) -> dict[str, Any]:
    return {"event": "active_loop", "name": name}


def followup(name: str) -> dict[str, Any]:
    return {"event": "followup", "name": name}


def rejected(name: str) -> dict[str, Any]:
    return {"event": "action_execution_rejected", "name": name}


class ActionServer:
    """Answers each action call as the test says; an action without an answer says its own name."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.connections: set[Any] = set()
        self._answers: dict[str, Callable[[Call], Answer]] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                outer.connections.add(self.client_address)
                call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                call["authorization"] = self.headers["Authorization"]
                outer.calls.append(call)
                try:
                    status, body = 200, json.dumps(outer._answer(call)).encode()
                except Exception as error:  # what a real server does with a bug
                    status, body = 500, json.dumps({"error": repr(error)}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: Any) -> None:
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/rasa/actions"

    def on(self, name: str, answer: Callable[[Call], Answer]) -> None:
        self._answers[name] = answer

    def forget(self) -> None:
        self._answers.clear()
        self.calls.clear()

    def names(self) -> list[str]:
        return [call["next_action"] for call in self.calls]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, call: Call) -> Answer:
        name = call["next_action"]
        if name in self._answers:
            return self._answers[name](call)
        loop = (call["tracker"].get("active_loop") or {}).get("name")
        return said(name, *([followup(loop)] if loop and loop != name else []))


class RasaProcess:
    """A real Rasa with the trained model, on a database of its own."""

    def __init__(self, home: Path, database_url: str, actions: ActionServer, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/webhooks/folkmoot"
        self.log = log
        self._ids = itertools.count(1)
        environment = {
            **os.environ,
            "FOLKMOOT_HOME": str(home),
            "FOLKMOOT_DATABASE_URL": database_url,
            "FOLKMOOT_ACTION_URL": actions.url,
            "FOLKMOOT_RASA_TOKEN": TOKEN,
            "OMP_NUM_THREADS": "1",
        }
        started = time.monotonic()
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(RASA_PYTHON), "-m", "rasa_server", "run", "--port", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.client = httpx.Client(headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60, trust_env=False)
        self._wait(started + 120)
        self.ready_after = time.monotonic() - started

    def _wait(self, until: float) -> None:
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                if self.client.get(f"{self.url}/health").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        self.close()
        raise RuntimeError(f"Rasa did not start:\n{self.log.read_text()[-3000:]}")

    def post(self, body: object, **options: Any) -> httpx.Response:
        return self.client.post(f"{self.url}/turn", json=body, **options)

    def turn(
        self,
        sender: str,
        text: str | None = None,
        intent: str | None = None,
        message_id: str | None = None,
        **metadata: Any,
    ) -> httpx.Response:
        message_id = message_id or f"m{next(self._ids)}"
        body = {
            "sender": sender,
            "message_id": message_id,
            "text": text,
            "intent": intent,
            "metadata": metadata,
        }
        return self.post(body)

    def close(self) -> None:
        self.client.close()
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def texts(response: httpx.Response) -> list[str]:
    """What was said in a turn, in order."""
    assert response.status_code == 200, response.text
    return [m["custom"]["text"] if "custom" in m else m["text"] for m in response.json()["messages"]]
