"""The functions an expression may call: `name -> (fewest values, most values, what it does)`."""

from __future__ import annotations

from collections.abc import Callable

from civic.surveys.engine.values import Value, as_text, as_truth

Operand = Value | bool | None


def _chosen(value: Operand) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else tuple(as_text(value).split())


def _selected(value: Operand, name: Operand) -> bool:
    return as_text(name) in _chosen(value)


def _if(condition: Operand, then: Operand, otherwise: Operand) -> Operand:
    return then if as_truth(condition) else otherwise


def _coalesce(first: Operand, second: Operand) -> Operand:
    return first if as_text(first) else second


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Operand]]] = {
    "selected": (2, 2, _selected),
    "count-selected": (1, 1, lambda value: len(_chosen(value))),
    "not": (1, 1, lambda value: not as_truth(value)),
    "if": (3, 3, _if),
    "coalesce": (2, 2, _coalesce),
    "string-length": (1, 1, lambda value: len(as_text(value))),
    "contains": (2, 2, lambda value, part: as_text(part).casefold() in as_text(value).casefold()),
    "true": (0, 0, lambda: True),
    "false": (0, 0, lambda: False),
}
