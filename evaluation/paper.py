"""Where tables are printed: at least so wide that none of their figures is cut off."""

from __future__ import annotations

from rich.console import Console

COLUMNS = 130


def paper() -> Console:
    """A console as wide as the terminal, or wider where that is narrow or the output goes to a file."""
    return Console(width=max(Console().width, COLUMNS))
