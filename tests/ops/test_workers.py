"""Several web processes on one port: each answers, all count together, a dead one returns, none is left."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.kit.services import Services
from civic.kit.settings import Settings
from tests.ops.running import Program, all_gone, home_with_model, running

TWO = {"FOLKMOOT_API_WORKERS": "2", "FOLKMOOT_RASA_URLS": '["http://127.0.0.1:9"]'}
PASSWORD = "eleven otters counting"


@contextmanager
def alone(worker: psutil.Process, others: list[psutil.Process]) -> Iterator[None]:
    """Only this one of the processes can answer."""
    stopped = [one for one in others if one.pid != worker.pid]
    for one in stopped:
        one.suspend()
    try:
        yield
    finally:
        for one in stopped:
            one.resume()


def asked(program: Program, path: str, **more: str) -> httpx.Response:
    """Each time over a connection of its own."""
    return httpx.get(program.url + path, timeout=30, trust_env=False, headers=more)


def test_two_processes_are_as_one_for_whoever_calls(tmp_path: Path) -> None:
    home = home_with_model(tmp_path)
    with running(home, "serve", "api", **TWO) as program:
        program.waits_for("2 processes")
        workers = program.children()
        assert len(workers) == 2
        services = Services(Settings(_env_file=None, home=home))  # type: ignore[call-arg]
        with services.sessions.begin() as session:
            add_official(session, "clerk", Role.ADMIN, PASSWORD, services.clock.now())
        tokens = []
        for worker in workers:
            with alone(worker, workers):
                form = {"username": "clerk", "password": PASSWORD}
                signed_in = httpx.post(f"{program.url}/api/v1/token", data=form, timeout=30, trust_env=False)
                tokens.append(signed_in.json()["access_token"])
                assert program.greets().json()["state"] == "failed", "there is no dialogue here"
        for worker, token in zip(reversed(workers), tokens, strict=True):
            with alone(worker, workers):
                # Whoever signed in at one of them is known to the other.
                cases = asked(program, "/api/v1/service-requests", authorization=f"Bearer {token}")
                assert cases.status_code == 200
                assert 'turn_failures_total{channel="web"} 2.0' in asked(program, "/metrics").text

        workers[0].kill()
        assert asked(program, "/health/live").status_code == 200, "the other one answers meanwhile"
        deadline = time.monotonic() + 60
        while len(fresh := [one for one in program.children() if one.pid != workers[1].pid]) < 1:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        with alone(fresh[0], [workers[1]]):
            assert asked(program, "/health/live").status_code == 200
            # What the dead one had counted still counts.
            assert 'turn_failures_total{channel="web"} 2.0' in asked(program, "/metrics").text
        assert program.signal(signal.SIGTERM) == 0
        assert all_gone([*fresh, workers[1]])


def test_when_the_first_process_is_killed_no_other_is_left(tmp_path: Path) -> None:
    with running(home_with_model(tmp_path), "serve", "api", TMPDIR=str(tmp_path), **TWO) as program:
        workers = program.starts_a_child()
        program.signal(signal.SIGKILL)
        assert all_gone(workers)


def test_processes_that_cannot_start_are_one_sentence(tmp_path: Path) -> None:
    settings = {**TWO, "FOLKMOOT_DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/there.db"}
    with running(home_with_model(tmp_path), "serve", "api", **settings) as program:
        assert program.process.wait(90) == 1
        assert "A web process does not start; the end of" in program.said
        assert "Traceback" not in program.said.partition("A web process")[0]
