"""Runs a long command with its output in a log file, and hands each line to the progress display."""

from __future__ import annotations

import collections
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

TAIL = 15


class Failed(Exception):
    """The command ended with an error; `output` is what it printed."""

    def __init__(self, code: int, output: str) -> None:
        super().__init__(f"ended with code {code}")
        self.code = code
        self.output = output

    @property
    def tail(self) -> str:
        return "\n".join("    " + line for line in self.output.splitlines()[-TAIL:])


def logged(
    command: Sequence[str],
    log: Path,
    root: Path,
    line_seen: Callable[[str], None],
    environment: Mapping[str, str] | None = None,
) -> None:
    """Run to the end or raise `Failed`; an interrupt ends the command too."""
    log.parent.mkdir(parents=True, exist_ok=True)
    kept: collections.deque[str] = collections.deque(maxlen=2000)
    with log.open("w", encoding="utf-8", errors="replace") as sink:
        process = subprocess.Popen(
            list(command),
            cwd=root,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout is not None
        ticking = threading.Event()
        clock = threading.Thread(target=_tick, args=(ticking, line_seen), daemon=True)
        clock.start()
        try:
            for line in process.stdout:
                sink.write(line)
                sink.flush()
                kept.append(line)
                line_seen(line.strip())
            code = process.wait()
        except BaseException:
            stop(process)
            raise
        finally:
            ticking.set()
            clock.join()
    if code:
        raise Failed(code, "".join(kept))


def stop(process: subprocess.Popen[str]) -> None:
    """Ask it to end, and end it when it does not within five seconds."""
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tick(done: threading.Event, line_seen: Callable[[str], None]) -> None:
    """An empty line twice a second keeps the seconds on the screen moving while the command is silent."""
    while not done.wait(0.5):
        line_seen("")
