"""Shows each step of the set-up: a moving bar on a terminal, one line at start and end elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

BAR = 24
SPINNER = "|/-\\"


class Progress:
    """The line of one step; `update` may be called as often as one likes."""

    def __init__(self, number: int, total: int, title: str, out: TextIO | None = None) -> None:
        self.out = out or sys.stdout
        self.head = f"[{number}/{total}] {title:<34}"
        self.started = time.monotonic()
        self.shown = 0.0
        self.share: float | None = None
        self.note = ""
        self.turns = 0

    def skip(self) -> None:
        """The step has nothing to do."""
        print(f"{self.head} unchanged", file=self.out, flush=True)

    def start(self) -> None:
        if self.out.isatty():
            self.draw()
        else:
            print(f"{self.head} ...", file=self.out, flush=True)

    def update(self, share: float | None = None, note: str = "") -> None:
        """Show how far the step is (0 to 1, or None where nobody knows) and what it is doing."""
        self.share = share if share is not None else self.share
        self.note = note or self.note
        if self.out.isatty() and time.monotonic() - self.shown > 0.1:
            self.draw()

    def draw(self) -> None:
        self.shown = time.monotonic()
        self.turns += 1
        if self.share is None:
            bar = SPINNER[self.turns % len(SPINNER)]
        else:
            full = round(BAR * min(self.share, 1.0))
            bar = f"[{'#' * full}{'.' * (BAR - full)}] {min(self.share, 1.0):4.0%}"
        line = f"{self.head} {bar} {self.seconds()}  {self.note}"
        width = shutil.get_terminal_size().columns - 1
        print("\r" + line[:width].ljust(width), end="", file=self.out, flush=True)

    def end(self, word: str = "done") -> None:
        line = f"{self.head} {word} in {self.seconds()}"
        if self.out.isatty():
            width = shutil.get_terminal_size().columns - 1
            line = "\r" + line.ljust(width)
        print(line, file=self.out, flush=True)

    def seconds(self) -> str:
        return f"{time.monotonic() - self.started:.0f} s"
