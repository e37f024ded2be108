"""The functions an expression may call: `name -> (fewest values, most values, what it does)`."""

from __future__ import annotations

import math
from collections.abc import Callable

import regex

from civic.surveys.engine.values import Value, as_moment, as_number, as_text, as_truth

Operand = Value | bool | None
MANY = 50
# A pattern that takes longer is of the kind that never ends; the answer then does not fit it.
LONGEST_MATCH = 0.05


def _chosen(value: Operand) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else tuple(as_text(value).split())


def _selected(value: Operand, name: Operand) -> bool:
    return as_text(name) in _chosen(value)


def _selected_at(value: Operand, place: Operand) -> Operand:
    chosen, number = _chosen(value), as_number(place)
    return chosen[int(number)] if number is not None and 0 <= number < len(chosen) else ""


def _if(condition: Operand, then: Operand, otherwise: Operand) -> Operand:
    return then if as_truth(condition) else otherwise


def _coalesce(*values: Operand) -> Operand:
    return next((value for value in values if as_text(value)), values[-1])


def _regex(value: Operand, pattern: Operand) -> bool:
    try:
        return bool(regex.fullmatch(as_text(pattern), as_text(value), timeout=LONGEST_MATCH))
    except (regex.error, TimeoutError):
        return False


def _of_number(what: Callable[[float], float]) -> Callable[[Operand], Operand]:
    def apply(value: Operand) -> Operand:
        number = as_number(value)
        return None if number is None else float(what(number))

    return apply


def _round(value: Operand, places: Operand = 0) -> Operand:
    number, digits = as_number(value), as_number(places)
    if number is None or digits is None or abs(digits) > 15:
        return None
    factor = 10.0 ** int(digits)
    return math.floor(number * factor + 0.5) / factor  # XPath rounds a half up


def _pow(base: Operand, exponent: Operand) -> Operand:
    a, b = as_number(base), as_number(exponent)
    try:
        return None if a is None or b is None else float(math.pow(a, b))
    except (OverflowError, ValueError):
        return None


def _pick(choose: Callable[[list[float]], float]) -> Callable[..., Operand]:
    def apply(*values: Operand) -> Operand:
        numbers = [number for value in values if (number := as_number(value)) is not None]
        return choose(numbers) if numbers else None

    return apply


def _substr(value: Operand, start: Operand, end: Operand = None) -> str:
    text, a, b = as_text(value), as_number(start), as_number(end)
    return text[int(a or 0) : None if b is None else int(b)]


def _date(value: Operand) -> Operand:
    moment = as_moment(value)
    return moment.date().isoformat() if moment else None


def _date_time(value: Operand) -> Operand:
    moment = as_moment(value)
    return moment.isoformat(timespec="seconds") if moment else None


_FORMATS: dict[str, Callable[..., str]] = {
    "Y": lambda m: f"{m.year:04}",
    "y": lambda m: f"{m.year % 100:02}",
    "m": lambda m: f"{m.month:02}",
    "n": lambda m: str(m.month),
    "d": lambda m: f"{m.day:02}",
    "e": lambda m: str(m.day),
    "H": lambda m: f"{m.hour:02}",
    "h": lambda m: str(m.hour),
    "M": lambda m: f"{m.minute:02}",
    "S": lambda m: f"{m.second:02}",
    "a": lambda m: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[m.weekday()],
    "b": lambda m: ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[
        m.month - 1
    ],
}


def _format_date(value: Operand, pattern: Operand) -> Operand:
    moment, parts = as_moment(value), as_text(pattern).split("%")
    if moment is None:
        return ""
    said = [parts[0]]
    for part in parts[1:]:
        said.append((_FORMATS[part[0]](moment) if part[:1] in _FORMATS else part[:1]) + part[1:])
    return "".join(said)


def _boolean_from_string(value: Operand) -> bool:
    return as_text(value) in ("true", "1")


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Operand]]] = {
    "selected": (2, 2, _selected),
    "selected-at": (2, 2, _selected_at),
    "count-selected": (1, 1, lambda value: len(_chosen(value))),
    "not": (1, 1, lambda value: not as_truth(value)),
    "if": (3, 3, _if),
    "coalesce": (2, MANY, _coalesce),
    "regex": (2, 2, _regex),
    "string-length": (1, 1, lambda value: len(as_text(value))),
    "contains": (2, 2, lambda value, part: as_text(part).casefold() in as_text(value).casefold()),
    "starts-with": (2, 2, lambda value, part: as_text(value).startswith(as_text(part))),
    "ends-with": (2, 2, lambda value, part: as_text(value).endswith(as_text(part))),
    "concat": (1, MANY, lambda *values: "".join(as_text(value) for value in values)),
    "substr": (2, 3, _substr),
    "substring-before": (2, 2, lambda value, part: as_text(value).partition(as_text(part))[0]),
    "substring-after": (2, 2, lambda value, part: as_text(value).partition(as_text(part))[2]),
    "normalize-space": (1, 1, lambda value: " ".join(as_text(value).split())),
    "upper-case": (1, 1, lambda value: as_text(value).upper()),
    "lower-case": (1, 1, lambda value: as_text(value).lower()),
    "string": (1, 1, as_text),
    "number": (1, 1, as_number),
    "int": (1, 1, _of_number(math.trunc)),
    "round": (1, 2, _round),
    "abs": (1, 1, _of_number(abs)),
    "floor": (1, 1, _of_number(math.floor)),
    "ceiling": (1, 1, _of_number(math.ceil)),
    "pow": (2, 2, _pow),
    "min": (1, MANY, _pick(min)),
    "max": (1, MANY, _pick(max)),
    "sum": (1, MANY, _pick(sum)),
    "boolean": (1, 1, as_truth),
    "boolean-from-string": (1, 1, _boolean_from_string),
    "date": (1, 1, _date),
    "date-time": (1, 1, _date_time),
    "decimal-date-time": (1, 1, as_number),
    "decimal-time": (1, 1, as_number),
    "format-date": (2, 2, _format_date),
    "format-date-time": (2, 2, _format_date),
    "true": (0, 0, lambda: True),
    "false": (0, 0, lambda: False),
}

# What only the session knows; `expressions.evaluate` asks the answers for it.
ASKING_THE_SESSION: dict[str, tuple[int, int]] = {
    "today": (0, 0),
    "now": (0, 0),
    "once": (1, 1),
    "jr:choice-name": (2, 2),
}

# Functions of other tools which a chat has no counterpart for: code, and why.
REFUSED_FUNCTIONS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("pulldata", "instance", "search", "jr:itext", "lookup"),
        ("external_data", "it looks up data outside the form"),
    ),
    **dict.fromkeys(
        ("indexed-repeat", "position", "count", "count-non-empty", "repeat", "index", "last"),
        ("repeat", "it counts repeated questions, and a chat repeats none"),
    ),
    **dict.fromkeys(
        ("random", "uuid", "randomize"),
        ("chance", "it depends on chance, and the same answers must always lead to the same survey"),
    ),
    **dict.fromkeys(
        ("area", "distance", "enclosed-area", "geofence", "intersects"),
        ("geometry", "it measures shapes on a map, and a chat takes only points"),
    ),
    **dict.fromkeys(
        ("property", "username", "digest", "base64-decode", "cs:", "weighted-checklist", "checklist"),
        ("device", "it asks a device or an account, and a chat knows neither"),
    ),
}
