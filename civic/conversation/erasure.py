"""How "delete my data" reaches every feature without knowing any of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

Eraser = Callable[[Session, str, datetime], None]
"""Removes what one feature keeps of a citizen: `(session, citizen_id, now)`; never commits."""


class Erasers:
    """The erasers of all features, in the order in which they were registered."""

    def __init__(self, *erasers: Eraser) -> None:
        self._erasers = list(erasers)

    def add(self, eraser: Eraser) -> None:
        self._erasers.append(eraser)

    def erase(self, session: Session, citizen_id: str, now: datetime) -> None:
        """Runs every eraser in the caller's transaction: all of it or nothing."""
        for eraser in self._erasers:
            eraser(session, citizen_id, now)
