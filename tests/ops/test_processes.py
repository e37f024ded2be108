"""Child processes come back when they die, and go when we go."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from cli import processes
from cli.processes import Child


def child(tmp_path: Path, code: str) -> Child:
    return Child("part", [sys.executable, "-c", code], {"GREETING": "hello"}, tmp_path, tmp_path / "part.log")


def with_child(one: Child, story: Callable[[Child], Awaitable[None]]) -> None:
    async def whole() -> None:
        await one.start()
        try:
            await story(one)
        finally:
            await one.stop()

    asyncio.run(whole())


async def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def test_a_child_that_ends_by_itself_is_started_again_with_growing_pauses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "FIRST_WAIT", 0.05)
    slept: list[float] = []
    really = asyncio.sleep

    async def noting(seconds: float) -> None:
        if seconds in (0.05, 0.1, 0.2):
            slept.append(seconds)
        await really(seconds)

    monkeypatch.setattr(asyncio, "sleep", noting)
    one = child(tmp_path, "import os; print(os.environ['GREETING'])")

    async def story(one: Child) -> None:
        await until(lambda: one.falls >= 3)

    with_child(one, story)
    assert slept[:3] == [0.05, 0.1, 0.2]
    assert one.tail().count("hello") >= 3


def test_a_child_that_ignores_the_request_to_end_is_killed_with_its_own_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.3)
    code = (
        "import signal, subprocess, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen([sys.executable, '-c', 'import signal, time; "
        "signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)'])\n"
        "time.sleep(60)\n"
    )
    found: list[psutil.Process] = []

    async def story(one: Child) -> None:
        await until(lambda: "1" in one.tail())
        assert one.pid is not None
        parent = psutil.Process(one.pid)
        found.extend([parent, *parent.children()])

    with_child(child(tmp_path, code), story)
    assert len(found) == 2
    _, alive = psutil.wait_procs(found, timeout=5)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_a_log_that_has_grown_large_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LARGEST_LOG", 10)
    one = child(tmp_path, "print('new'); import time; time.sleep(60)")
    one.log.write_text("old and long enough\n")

    async def story(one: Child) -> None:
        await until(lambda: one.pid is not None)

    with_child(one, story)
    assert one.log.with_suffix(".log.1").read_text() == "old and long enough\n"
