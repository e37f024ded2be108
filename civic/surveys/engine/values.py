"""What an answer can be once understood, and how an expression reads it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from civic.understanding.types import Value as Value

Answers = Mapping[str, Value | None]

_EPOCH = date(1970, 1, 1)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


def as_text(value: Value | bool | None) -> str:
    """The value as XLSForm compares it: nothing is the empty text, several choices stand side by side."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return " ".join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def as_number(value: Value | bool | None) -> float | None:
    """The value as a number, or None. A day counts the days since 1970, a time is a part of one."""
    if isinstance(value, bool | int | float):
        number = float(value)
        return number if math.isfinite(number) else None
    text = as_text(value)
    if text[4:5] == "-" and _DAY.match(text):
        return _days(text)
    if found := _TIME.fullmatch(text):
        return (int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)) / 86_400
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _days(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    midnight = datetime.combine(moment.date(), time(0), moment.tzinfo)
    return (moment.date() - _EPOCH).days + (moment - midnight) / timedelta(days=1)


def as_moment(value: Value | bool | None) -> datetime | None:
    """The day or moment that a value stands for; numbers count days since 1970."""
    text = as_text(value)
    if _DAY.match(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    days = as_number(value)
    if days is None or not -700_000 < days < 2_900_000:  # the years that a calendar has
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=days)


def as_truth(value: Value | bool | None) -> bool:
    """Whether the value counts as true: numbers other than 0, and any text or choice at all."""
    if isinstance(value, bool | int | float):
        return bool(value)
    return bool(as_text(value))
