"""`folkmoot up` starts everything with one command and leaves nothing behind, however it ends."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path

import httpx
import pytest

from tests.ops.running import all_gone, home_with_model, running

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return home_with_model(tmp_path_factory.mktemp("up"))


def test_a_first_start_says_where_everything_is_and_makes_one_official(home: Path) -> None:
    with running(home, "up") as program:
        program.waits_for("Ctrl-C stops everything")
        for line in (
            f"{program.url}/\n",
            f"{program.url}/api/docs",
            "log/folkmoot.log",
            "FOLKMOOT_TELEGRAM_TOKEN",
        ):
            assert line in program.said
        kept = home / "first-official.txt"
        assert kept.stat().st_mode & 0o777 == 0o600
        name, password = (line.partition(": ")[2] for line in kept.read_text().splitlines())
        assert f"{name}  password {password}" in program.said
        token = httpx.post(f"{program.url}/api/v1/token", data={"username": name, "password": password})
        assert token.status_code == 200, token.text

        assert httpx.get(f"{program.url}/health/live").json() == {"status": "alive"}
        ready = httpx.get(f"{program.url}/health/ready").json()
        assert ready == {"status": "ready", "checks": {"database": "ok", "rasa": "ok", "encoder": "ok"}}
        assert program.greets().json()["state"] == "answered"
        assert (
            'folkmoot_turns_total{channel="web",state="answered"} 1.0'
            in httpx.get(f"{program.url}/metrics").text
        )
        children = program.children()
        assert program.signal(signal.SIGINT) == 0
        assert all_gone(children)
        assert "Stopped." in program.said


def test_a_second_start_makes_nothing_anew_and_shows_no_password(home: Path) -> None:
    before = sorted((home / "setup").iterdir()), (home / "first-official.txt").stat().st_mtime_ns
    with running(home, "up") as program:
        program.waits_for("Ctrl-C stops everything")
        assert program.greets().json()["state"] == "answered"
        assert "password" not in program.said
        children = program.children()
        assert program.signal(signal.SIGTERM) == 0
        assert all_gone(children)
    assert before == (sorted((home / "setup").iterdir()), (home / "first-official.txt").stat().st_mtime_ns)


def test_ctrl_c_during_the_start_stops_what_was_already_started(home: Path) -> None:
    with running(home, "up") as program:
        children = program.starts_a_child()
        assert "is ready." not in program.said
        assert program.signal(signal.SIGINT) == 0
        assert all_gone(children)


def test_when_it_is_killed_its_rasa_dies_with_it(home: Path) -> None:
    with running(home, "up") as program:
        children = program.starts_a_child()
        program.signal(signal.SIGKILL)
        assert all_gone(children)


def test_a_rasa_that_dies_is_started_again(home: Path) -> None:
    with running(home, "up", FOLKMOOT_API_WORKERS="2") as program:
        program.waits_for("Ctrl-C stops everything")
        first, web = program.children()
        assert "rasa_server" in first.cmdline() and "--socket" in web.cmdline()
        first.kill()
        assert httpx.get(f"{program.url}/health/live").status_code == 200
        deadline = time.monotonic() + 120
        while httpx.get(f"{program.url}/health/ready", timeout=30).status_code != 200 or first.is_running():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert first.pid not in [child.pid for child in program.children()]
        assert program.greets().json()["state"] == "answered"
        children = program.children()
        assert web in children
        assert program.signal(signal.SIGTERM) == 0
        assert all_gone(children)


def test_a_busy_port_is_one_sentence(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with running(home, "up", "--port", str(port)) as program:
            assert program.process.wait(60) == 1
            assert f"Port {port} on 127.0.0.1 cannot be used" in program.said
            assert "PORT=" in program.said
            assert "Traceback" not in program.said


def test_a_missing_encoder_is_one_sentence(tmp_path: Path) -> None:
    with running(tmp_path, "up") as program:
        assert program.process.wait(60) == 1
        assert "Run: make setup" in program.said
        assert "Traceback" not in program.said


def test_a_rasa_that_cannot_start_is_shown_with_the_end_of_its_log(tmp_path: Path, home: Path) -> None:
    broken = tmp_path / "broken"
    (broken / "models").mkdir(parents=True)
    (broken / "encoder").symlink_to(home / "encoder")
    (broken / "models" / "model.tar.gz").write_bytes(b"not a model")
    with running(broken, "up") as program:
        assert program.process.wait(180) == 1
        assert "Rasa does not start" in program.said
        assert "make train" in program.said
