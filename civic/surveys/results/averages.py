"""Averages from numbers, and from how many gave each number: pure.

A hundred thousand points of a scale are five counts. What is counted is not gone through again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from civic.surveys.results import intervals
from civic.surveys.results.layout import Codes, Column, Numbers


@dataclass(frozen=True)
class Average:
    """The average of numbers, with its interval, and the number in the middle."""

    mean: float
    low: float | None
    high: float | None
    median: float | None


def of_numbers(values: Numbers) -> Average:
    """The average of some numbers, at least one."""
    mean, deviation = float(values.mean()), float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return _average(mean, deviation, len(values), float(np.median(values)))


def of_counts(points: Numbers, counts: Codes, *, median: bool = True) -> Average:
    """The same of `points`, each given as often as its count says."""
    many = int(counts.sum())
    mean = float((points * counts).sum()) / many
    squares = float((counts * (points - mean) ** 2).sum())
    deviation = (squares / (many - 1)) ** 0.5 if many > 1 else 0.0
    return _average(mean, deviation, many, _middle(points, counts) if median else None)


def _middle(points: Numbers, counts: Codes) -> float:
    order = np.argsort(points)
    up_to = np.cumsum(counts[order])
    # The one in the middle, or the two beside it.
    two = np.searchsorted(up_to, [(up_to[-1] - 1) // 2, up_to[-1] // 2], side="right")
    return float(points[order][two].mean())


def _average(mean: float, deviation: float, many: int, median: float | None) -> Average:
    low, high = intervals.average(mean, deviation, many) or (None, None)
    return Average(mean, low, high, median)


def points_of(column: Column) -> Numbers | None:
    """The numbers that the options of a scale are; None for other questions."""
    if column.kind == "one" and column.question.type == "range":
        return np.array([float(one) for one in column.options])
    return None
