"""The server of the desk's bench, in a process of its own, and the signed-in users who call it."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import psutil

from benchmarks.desk_store import PASSWORD
from civic.kit.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


class User:
    """One official with a connection that stays open."""

    def __init__(self, port: int, name: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookie = ""
        self.name = name
        page, headers = self.get("/officials/sign-in")
        guest = _cookies(headers)
        token = re.search(r'name="csrf" value="([^"]+)"', page.decode())
        form = urlencode({"name": name, "password": PASSWORD, "csrf": token[1] if token else ""})
        kind = "application/x-www-form-urlencoded"
        self.connection.request("POST", "/officials/sign-in", form, {"Content-Type": kind, "Cookie": guest})
        answer = self.connection.getresponse()
        answer.read()
        self.cookie = _cookies(answer.getheaders())
        if answer.status != 303 or "folkmoot_official" not in self.cookie:
            raise RuntimeError(f"{name} could not sign in: {answer.status}")

    def get(self, address: str) -> tuple[bytes, list[tuple[str, str]]]:
        try:
            answer = self._ask(address)
        except http.client.RemoteDisconnected:
            # The server closes connections that were silent for a while, as a browser knows.
            self.connection.close()
            answer = self._ask(address)
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{address} was answered with {answer.status}")
        return body, answer.getheaders()

    def _ask(self, address: str) -> http.client.HTTPResponse:
        self.connection.request("GET", address, headers={"Cookie": self.cookie})
        return self.connection.getresponse()


def _cookies(headers: list[tuple[str, str]]) -> str:
    return "; ".join(value.split(";")[0] for name, value in headers if name.lower() == "set-cookie")


class Server:
    """`folkmoot serve api` on a database, with so many web processes."""

    def __init__(self, url: str, folder: Path, workers: int = 1) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        settings = Settings()
        home = folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        # A server starts with its encoder or not at all, though no call of these needs it.
        encoder = home / settings.encoder_dir.name
        if not encoder.is_symlink() and not encoder.exists():
            encoder.symlink_to(settings.encoder_dir.resolve())
        environment = {
            **os.environ,
            "FOLKMOOT_HOME": str(home),
            "FOLKMOOT_CONTENT": str(settings.content.resolve()),
            "FOLKMOOT_DATABASE_URL": url,
            "FOLKMOOT_PORT": str(self.port),
            "FOLKMOOT_API_WORKERS": str(workers),
            "FOLKMOOT_RASA_URLS": '["http://127.0.0.1:9"]',
            "FOLKMOOT_TELEGRAM_TOKEN": "",
        }
        self.log = (folder / "server.log").open("w")
        command = [sys.executable, "-m", "cli", "serve", "api"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=self.log, stderr=subprocess.STDOUT
        )
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + 120
        while time.monotonic() < ends:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended at once, see {self.log.name}")
            # Said when every process answers; the first one would take a call long before that.
            if "API on " in Path(self.log.name).read_text():
                return
            time.sleep(0.2)
        raise RuntimeError("the server did not answer within two minutes")

    def megabytes(self) -> float:
        """Memory of all its processes; what they share counts for each."""
        return sum(float(one.memory_info().rss) for one in self._processes()) / 1e6

    def seconds(self) -> float:
        """Processor time of all its processes so far."""
        return sum(sum(one.cpu_times()[:2]) for one in self._processes())

    def _processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children()]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
