"""What the operator sees while things start: one line a step, a spinner where there is a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def step(title: str) -> Iterator[Callable[[str], None]]:
    """Show that a step is at work, what it is doing, and how long it took."""
    started = time.monotonic()
    if console.is_terminal:
        with console.status(f"{title} ...") as status:
            yield lambda note: status.update(f"{title}: {escape(note)}")
    else:
        yield lambda note: None
    console.print(f"[green]ready[/]  {title} ({time.monotonic() - started:.1f} s)")
