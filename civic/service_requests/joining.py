"""How likely two reports are about the same thing: near in place and time, near in meaning, no other number.

A logistic regression on five signs, fitted on one half of `evaluation/joining_pairs.csv` and measured on the
other: `python -m evaluation.joining`. Against "same type within 50 metres" it finds more and mistakes fewer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from civic.service_requests.wording import Matrix

# The weights of the signs below, in their order, and the constant.
WEIGHTS = (3.62, 1.53, -0.81, -2.14, -2.89)
INTERCEPT = -1.92

# From here on a report is shown as "Is it one of these?"; the citizen decides.
LIKELY = 0.5
AT_MOST = 3
# Beyond these nothing is looked at: a database need not read the whole town.
METRES = 250.0
EARTH_METRES = 6_371_000.0

_NUMBER = re.compile(r"\b\d{1,4}\b")
T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """What is compared of a report: unit vector of its words, place, and when it came."""

    service_code: str
    text: str
    vector: Matrix
    lat: float
    long: float
    at: datetime


def likeness(one: Report, other: Report, same_for: timedelta) -> float:
    """How likely both are the same, from 0 to 1; `same_for`: how long such a thing usually lasts."""
    far = metres(one.lat, one.long, other.lat, other.long)
    cosine = float(np.dot(one.vector, other.vector))
    signs = features(
        cosine,
        one.service_code == other.service_code,
        far,
        abs(one.at - other.at) / same_for,
        numbers_differ(one.text, other.text),
    )
    return probability(signs)


def features(cosine: float, same_type: bool, far: float, age: float, other_number: bool) -> tuple[float, ...]:
    """The five signs; `far` in metres, `age` in usual durations of such a thing."""
    return (cosine, float(same_type), min(far, 200.0) / 50, min(age, 3.0), float(other_number))


def probability(signs: Sequence[float]) -> float:
    """The signs weighed, from 0 to 1."""
    total = INTERCEPT + sum(weight * sign for weight, sign in zip(WEIGHTS, signs, strict=True))
    return 1 / (1 + math.exp(-total))


def numbers_differ(one: str, other: str) -> bool:
    """Whether both name numbers (of houses, of lamps) and none of them is the same."""
    first, second = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    return bool(first and second and not first & second)


def likely_same(
    new: Report, others: Iterable[tuple[T, Report]], same_for: Callable[[str], timedelta]
) -> list[tuple[T, float]]:
    """The others that are likely the same as the new one, likeliest first, at most `AT_MOST`."""
    found = [(key, likeness(new, other, same_for(other.service_code))) for key, other in others]
    likely = [(key, value) for key, value in found if value >= LIKELY]
    return sorted(likely, key=lambda each: -each[1])[:AT_MOST]


def metres(lat: float, long: float, other_lat: float, other_long: float) -> float:
    """The distance of two places in metres (haversine formula, a sphere of 6,371 km)."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other_long - long) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(half))
