"""`folkmoot serve` runs the same parts as separate processes, and each stops when it is asked to."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

import httpx
import pytest

from cli.rasa import free_ports
from tests.ops.running import Program, all_gone, home_with_model, running

pytestmark = pytest.mark.rasa


def ready(url: str, seconds: float = 90) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(url, timeout=10, trust_env=False).status_code == 200:
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    return False


def stops(program: Program) -> bool:
    children = program.children()
    return program.signal(signal.SIGTERM) in (0, -signal.SIGTERM) and all_gone(children)


def test_a_citizen_is_answered_by_separate_processes(tmp_path: Path) -> None:
    home = home_with_model(tmp_path)
    first, second, web = free_ports(3)
    urls = [f"http://127.0.0.1:{port}" for port in (first, second)]
    settings = {
        "FOLKMOOT_RASA_URLS": json.dumps(urls),
        "FOLKMOOT_PORT": str(web),
    }
    with (
        running(home, "serve", "api", **settings) as api,
        running(home, "serve", "rasa", "--port", str(first), **settings) as one,
        running(home, "serve", "rasa", "--port", str(second), **settings) as other,
        running(home, "serve", "worker", **settings) as worker,
    ):
        api.port = web
        for url in urls:
            assert ready(f"{url}/webhooks/folkmoot/health"), other.said
        assert ready(f"{api.url}/health/ready"), api.said
        assert api.greets().json()["state"] == "answered"
        # Whoever's process is gone is served by the other one.
        assert stops(one)
        for _ in range(4):
            assert api.greets().json()["state"] == "answered"
        assert stops(worker)
        assert stops(api)
        assert stops(other)


@pytest.mark.parametrize(
    ("part", "said"),
    [("api", "FOLKMOOT_RASA_URLS"), ("worker", "FOLKMOOT_RASA_URLS"), ("rasa", "make setup")],
)
def test_a_part_that_lacks_something_says_what_in_a_sentence(tmp_path: Path, part: str, said: str) -> None:
    with running(tmp_path, "serve", part) as program:
        assert program.process.wait(60) == 1
        assert said in program.said
        assert "Traceback" not in program.said


def test_telegram_without_a_token_says_where_to_get_one(tmp_path: Path) -> None:
    with running(tmp_path, "serve", "telegram", FOLKMOOT_RASA_URLS='["http://127.0.0.1:1"]') as program:
        assert program.process.wait(60) == 1
        assert "@BotFather" in program.said
