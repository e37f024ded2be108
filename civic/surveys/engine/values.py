"""What an answer can be once understood, and how an expression reads it."""

from __future__ import annotations

import math
from collections.abc import Mapping

# A text, a choice's name, "yes"/"no", a number, or the names of several choices.
Value = str | int | float | tuple[str, ...]
Answers = Mapping[str, Value | None]


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
    """The value as a number, or None where it is not one."""
    if isinstance(value, bool | int | float):
        return float(value)
    try:
        number = float(as_text(value))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def as_truth(value: Value | bool | None) -> bool:
    """Whether the value counts as true: numbers other than 0, and any text or choice at all."""
    if isinstance(value, bool | int | float):
        return bool(value)
    return bool(as_text(value))
