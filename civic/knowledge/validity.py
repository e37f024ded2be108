"""Until when a document is in force: a day of the town's calendar, the last one included."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

# Officials are told so long before a document ends.
WARNED_BEFORE = timedelta(days=30)

Ending = Literal["no", "soon", "over"]


def town_day(now: datetime, zone: str) -> date:
    """The day that it is in the town."""
    return now.astimezone(ZoneInfo(zone)).date()


def ending(valid_until: date | None, today: date) -> Ending:
    """Whether a document is over, or will be soon."""
    if valid_until is None:
        return "no"
    if valid_until < today:
        return "over"
    return "soon" if valid_until <= today + WARNED_BEFORE else "no"
