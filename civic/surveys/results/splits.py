"""Ways to part respondents by their answers to one question: pure."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from civic.surveys.definition import SurveyQuestion
from civic.surveys.results.layout import OTHER_BIT, OTHER_WORDS, Codes, Column, Numbers
from civic.surveys.results.texts import NEGATIVE, POSITIVE

MOST_BINS = 8
OTHER = "other"
FEELINGS = ("positive", "neutral", "negative")


@dataclass(frozen=True)
class Group:
    """Those who gave one answer; `name` as stored, `label` as shown."""

    name: str
    label: str


@dataclass(frozen=True)
class Split:
    """Everybody in one group, or in none: `codes` are places in `groups`, or one more for no answer.

    Of a question with several choices each choice makes a split of its own, into who chose it and who chose
    only others; only the first group is `told` then.
    """

    groups: tuple[Group, ...]
    codes: Codes
    told: int

    @cached_property
    def counts(self) -> list[int]:
        """How many are in each group; the last are those without an answer."""
        return [int(one) for one in np.bincount(self.codes, minlength=len(self.groups) + 1)]


def splits(column: Column, language: str, least: int) -> list[Split]:
    """The ways to part respondents by a question; none for answers that have no groups."""
    if column.kind == "one":
        return [_by_choice(column, language)]
    if column.kind == "many":
        return list(_by_each_choice(column, language))
    if column.numbers is not None:
        groups, codes = _felt(column.numbers) if column.kind == "text" else _binned(column, least)
        return [Split(groups, codes, len(groups))] if groups else []
    return []


def label_of(question: SurveyQuestion, name: str, language: str) -> str:
    """A choice as people see it; a choice of an older version by its name."""
    choice = question.choice(name)
    if choice is not None:
        return choice.label.in_language(language)
    if question.type == "yes_no":
        return {"yes": "Yes", "no": "No"}.get(name, name)
    return name


def _by_choice(column: Column, language: str) -> Split:
    groups = [Group(name, label_of(column.question, name, language)) for name in column.options]
    codes = column.codes
    other = codes == OTHER_WORDS
    if other.any():
        codes = np.where(other, len(groups), codes)
        groups.append(Group(OTHER, "In other words"))
    return Split(tuple(groups), np.where(codes < 0, len(groups), codes), len(groups))


def _by_each_choice(column: Column, language: str) -> Iterator[Split]:
    names = [
        (place, name, label_of(column.question, name, language)) for place, name in enumerate(column.options)
    ]
    answered = column.answered
    if column.chose(OTHER_BIT).any():
        names.append((OTHER_BIT, OTHER, "In other words"))
    for place, name, label in names:
        codes = np.where(answered, 1 - ((column.codes >> place) & 1), 2)
        yield Split((Group(name, label), Group(f"not {name}", f"Not: {label}")), codes, 1)


def _felt(numbers: Numbers) -> tuple[tuple[Group, ...], Codes]:
    """Free answers by how they sound; those in languages that cannot be judged are as without an answer."""
    known = np.isfinite(numbers)
    if not known.any():
        return (), np.zeros(len(numbers), dtype=np.int64)
    codes = np.select([~known, numbers >= POSITIVE, numbers <= NEGATIVE], [3, 0, 2], 1)
    return tuple(Group(name, name.capitalize()) for name in FEELINGS), codes


def _binned(column: Column, least: int) -> tuple[tuple[Group, ...], Codes]:
    """Numbers in spans with round ends, each of at least `least` people: small ones join a neighbour."""
    assert column.numbers is not None
    known = np.isfinite(column.numbers)
    values = column.numbers[known]
    if len(values) < least:
        return (), np.zeros(len(column.numbers), dtype=np.int64)
    starts = _starts(values)
    inside = np.maximum(np.searchsorted(starts, values, side="right") - 1, 0)
    counts = np.bincount(inside, minlength=len(starts))
    kept: list[int] = []
    many = 0
    for at, count in enumerate(counts):
        if not kept or many >= least:
            kept.append(at)
            many = 0
        many += int(count)
    if many < least and len(kept) > 1:
        kept.pop()
    # Which of the spans that were kept each of the narrow ones has become.
    joined = np.searchsorted(kept, np.arange(len(starts)), side="right") - 1
    codes = np.full(len(column.numbers), len(kept), dtype=np.int64)
    codes[known] = joined[inside]
    whole = bool((values == np.round(values)).all())
    ends = [starts[at] for at in kept]
    return tuple(_span(ends, place, whole) for place in range(len(ends))), codes


def _starts(values: Numbers) -> list[float]:
    low, high = (float(one) for one in np.quantile(values[:: 1 + len(values) // 10_000], [0.02, 0.98]))
    width = (high - low) / MOST_BINS or 1.0
    step = 10.0 ** math.floor(math.log10(width))
    step = next(step * times for times in (1, 2, 5, 10) if step * times >= width * 0.999)
    if (values == np.round(values)).all():
        step = max(1.0, step)
    first = math.floor(low / step) * step
    return [round(first + step * n, 9) for n in range(int((high - first) / step) + 1)]


def _span(starts: list[float], place: int, whole: bool) -> Group:
    """The words for a span; the first and the last one are open, so that no single number is told."""
    low = starts[place]
    if len(starts) == 1:
        return Group("all", "All")
    if place == len(starts) - 1:
        return Group(f"{low:g}-", f"{low:g} or more")
    end = starts[place + 1]
    if whole:
        last = end - 1
        if place == 0:
            return Group(f"-{last:g}", f"{last:g} or less")
        return Group(f"{low:g}-{last:g}", f"{low:g}" if low == last else f"{low:g} to {last:g}")
    if place == 0:
        return Group(f"-{end:g}", f"less than {end:g}")
    return Group(f"{low:g}-{end:g}", f"{low:g} to less than {end:g}")
