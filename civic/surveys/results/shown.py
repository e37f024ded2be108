"""What of a question may be shown: pure data, made by `figures.Counting`."""

from __future__ import annotations

from dataclasses import dataclass, field

from civic.surveys.definition import SurveyQuestion
from civic.surveys.results import intervals
from civic.surveys.results.averages import Average


@dataclass(frozen=True)
class Cell:
    """Those who gave one answer; `count` is None where they are hidden, and so is what follows from it.

    A share without a count is rounded, where the count would give away others.
    """

    name: str
    label: str
    count: int | None
    share: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Compared:
    """One question among those who gave one answer to another; nothing but names where they are too few."""

    name: str
    label: str
    answered: int | None
    cells: list[Cell]
    average: Average | None


@dataclass
class Figures:
    """One question. `hidden` says why nothing is shown; `whole`: the cells make up all who answered.

    `rounded`: only rounded shares are shown, because counts would give away a small group elsewhere.
    """

    question: SurveyQuestion
    label: str
    kind: str
    answered: int | None
    skipped: int | None
    not_asked: int | None
    cells: list[Cell]
    whole: bool
    average: Average | None = None
    places: list[tuple[str, Average]] = field(default_factory=list)
    hidden: str | None = None
    rounded: bool = False
    elsewhere: int = 0
    compared: list[Compared] = field(default_factory=list)
    not_compared: str | None = None

    @property
    def some_hidden(self) -> bool:
        return self.hidden is not None or any(cell.count is None for cell in self.cells)


def rounded(one: Cell) -> Cell:
    """The same without its count, to whole percents."""
    share = None if one.share is None else round(one.share, 2)
    return Cell(one.name, one.label, None, share)


def cell(name: str, label: str, count: int, base: int, hidden: bool) -> Cell:
    """Those who gave one answer, of so many who gave any."""
    if hidden or not base:
        return Cell(name, label, None if hidden else count)
    low, high = intervals.share(count, base)
    return Cell(name, label, count, count / base, low, high)
