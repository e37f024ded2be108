"""Answers of one respondent as a few bytes of text, and those of everybody as arrays: pure.

One cell a question, as wide as its kind needs, in the order of the version that was answered; so that texts
of equal length are put one after the other by the database, and read at once.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.types import TYPES

Kind = Literal["one", "many", "rank", "number", "text", "other"]
Numbers = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Cells = npt.NDArray[np.void]
Feeling = Callable[[str, str], float | None]

NOT_ASKED, SKIPPED = -1, -2
OTHER_WORDS = 32_000  # one answer in other words than the choices
OTHER_BIT, _PACKED_OTHER = 61, 30  # the same among several choices, here and in a cell
_NOTHING = -(2.0**63)  # of numbers; an answer without a number, such as words in no language we can read
_WIDTHS = {"one": "<i2", "many": "<i4", "rank": "<i8", "number": "<f8", "text": "<f4", "other": "<i1"}
_RANK_BITS = 5


def kind_of(question: SurveyQuestion) -> Kind:
    """How a question's answers are counted."""
    kind = TYPES[question.type]
    if question.type == "rank":
        return "rank" if len(question.choices) <= 12 else "other"
    if kind.several:
        return "many" if len(question.choices) <= _PACKED_OTHER else "other"
    if kind.options(question):
        return "one"
    if question.type in ("integer", "decimal", "range"):
        return "number"
    return "text" if question.type == "text" else "other"


def counted(definition: SurveyDefinition) -> tuple[SurveyQuestion, ...]:
    """The rows of a version that have answers."""
    return tuple(question for question in definition.questions if not TYPES[question.type].told)


def pack(
    definition: SurveyDefinition, answers: Mapping[str, Any], language: str, feeling: Feeling | None
) -> str:
    """The answers as text, equally long for everybody who answered this version."""
    cells = np.zeros(1, dtype=_shape(definition))
    for place, question in enumerate(counted(definition)):
        numeric = kind_of(question) in ("number", "text")
        if question.name not in answers:
            cell: int | float = np.nan if numeric else NOT_ASKED
        elif answers[question.name] is None:
            cell = -np.inf if numeric else SKIPPED
        else:
            cell = _cell(question, answers[question.name], language, feeling)
        cells[f"q{place}"] = cell
    return base64.b64encode(cells.tobytes()).decode("ascii")


def _shape(definition: SurveyDefinition) -> np.dtype[np.void]:
    """The cells of one respondent; filled up, so that its text ends where the next one's begins."""
    fields = [(f"q{place}", _WIDTHS[kind_of(one)]) for place, one in enumerate(counted(definition))]
    size = np.dtype(fields).itemsize
    return np.dtype([*fields, ("rest", f"V{3 - size % 3}")])


def _cell(question: SurveyQuestion, value: Any, language: str, feeling: Feeling | None) -> int | float:
    kind, options = kind_of(question), TYPES[question.type].options(question)
    if kind == "one":
        return options.index(str(value)) if str(value) in options else OTHER_WORDS
    names = [str(one) for one in (value if isinstance(value, list | tuple) else [value])]
    if kind == "many":
        return sum({1 << (options.index(one) if one in options else _PACKED_OTHER) for one in names})
    if kind == "rank":
        return sum(
            (options.index(one) + 1) << (_RANK_BITS * place)
            for place, one in enumerate(names)
            if one in options
        )
    if kind == "number":
        return float(value) if isinstance(value, int | float) else _NOTHING
    if kind == "text":
        felt = feeling(str(value), language) if feeling else None
        return _NOTHING if felt is None else felt
    return 1


@dataclass(frozen=True)
class Column:
    """The answers of everybody to one question: codes of its options, or numbers.

    `options` are those of every version, today's first. Where an older version asked in another form, its
    answers count as not asked here, and `elsewhere` says how many they are.
    """

    question: SurveyQuestion
    kind: Kind
    options: tuple[str, ...]
    codes: Codes
    numbers: Numbers | None = None
    elsewhere: int = 0

    @property
    def answered(self) -> npt.NDArray[np.bool_]:
        return np.asarray(self.codes >= 0)

    def chose(self, place: int) -> npt.NDArray[np.bool_]:
        """Who chose the option at this place, among others or alone."""
        if self.kind == "many":
            return np.asarray(self.answered & ((self.codes >> place) & 1).astype(bool))
        return np.asarray(self.codes == place)


@dataclass(frozen=True)
class Matrix:
    """All that was answered: one column a question, one place a respondent."""

    columns: dict[str, Column]
    respondents: int


Versions = Sequence[tuple[int, SurveyDefinition]]


def matrix(questions: Sequence[SurveyQuestion], versions: Versions, packed: Mapping[int, str]) -> Matrix:
    """The arrays of all `packed` rows, by version, one after the other."""
    blocks = [(definition, _cells(definition, packed[n])) for n, definition in versions if packed.get(n)]
    total = sum(len(cells) for _, cells in blocks)
    return Matrix({question.name: _column(question, blocks, total) for question in questions}, total)


# What was read last of a survey: new respondents mostly come at the end, and only they are read then.
_LAST: dict[str, tuple[str, bytes]] = {}
MOST_KEPT = 8


def _cells(definition: SurveyDefinition, text: str) -> Cells:
    shape = _shape(definition)
    key = f"{definition.id} {shape}"
    before, cells = _LAST.get(key, ("", b""))
    if not text.startswith(before):
        before, cells = "", b""
    if len(text) > len(before):
        cells += binascii.a2b_base64(text[len(before) :])
        if len(_LAST) >= MOST_KEPT:
            _LAST.clear()
        _LAST[key] = (text, cells)
    return np.frombuffer(cells, dtype=shape)


def _column(question: SurveyQuestion, blocks: list[tuple[SurveyDefinition, Cells]], total: int) -> Column:
    kind = kind_of(question)
    options = _options(tuple(definition for definition, _ in blocks), question, kind)
    codes = np.full(total, NOT_ASKED, dtype=np.int64)
    numbers = np.full(total, np.nan) if kind in ("number", "text") else None
    at = elsewhere = 0
    for definition, cells in blocks:
        here = slice(at, at + len(cells))
        at += len(cells)
        own = definition.by_name.get(question.name)
        if own is None or TYPES[own.type].told:
            continue
        given = cells[f"q{_places(definition)[question.name]}"]
        if kind_of(own) != kind:
            numeric = kind_of(own) in ("number", "text")
            elsewhere += int((np.isfinite(given) if numeric else given >= 0).sum())
        elif numbers is not None:
            given = given.astype(np.float64)
            unknown = ~np.isfinite(given)
            codes[here] = 0
            codes[here][unknown] = np.where(np.isnan(given[unknown]), NOT_ASKED, SKIPPED)
            given[unknown | (given == _NOTHING)] = np.nan
            numbers[here] = given
        else:
            own_options = TYPES[own.type].options(own)
            codes[here] = _in_order(given.astype(np.int64), kind, own_options, options)
    return Column(question, kind, options, codes, numbers, elsewhere)


def _options(
    definitions: tuple[SurveyDefinition, ...], question: SurveyQuestion, kind: Kind
) -> tuple[str, ...]:
    found = dict.fromkeys(TYPES[question.type].options(question))
    for definition in definitions:
        own = definition.by_name.get(question.name)
        if own is not None and kind_of(own) == kind:
            found |= dict.fromkeys(TYPES[own.type].options(own))
    return tuple(found)[: OTHER_BIT if kind == "many" else OTHER_WORDS]


def _places(definition: SurveyDefinition) -> dict[str, int]:
    return {question.name: place for place, question in enumerate(counted(definition))}


def _in_order(cells: Codes, kind: Kind, own: tuple[str, ...], options: tuple[str, ...]) -> Codes:
    """A version's codes as those of all versions."""
    same = own == options[: len(own)]
    if kind == "many":
        given = cells >= 0
        moved = np.zeros_like(cells)
        if same:
            moved = cells & ((1 << len(own)) - 1)
        else:
            for place, one in enumerate(own):
                moved |= ((cells >> place) & 1) << options.index(one)
        moved |= ((cells >> _PACKED_OTHER) & 1) << OTHER_BIT
        return np.where(given, moved, cells)
    if same or kind == "other":
        return cells
    if kind == "one":
        table = np.arange(OTHER_WORDS + 3)
        table[[-1, -2]] = NOT_ASKED, SKIPPED
        table[: len(own)] = [options.index(one) for one in own]
        return table[cells]
    moved = np.zeros_like(cells)
    table = np.array([0, *(options.index(one) + 1 for one in own)])
    for place in range(len(own)):
        rank = (cells >> (_RANK_BITS * place)) & (2**_RANK_BITS - 1)
        moved |= table[np.minimum(rank, len(own))] << (_RANK_BITS * place)
    return np.where(cells >= 0, moved, cells)


def places(column: Column) -> Codes:
    """How often each option of a ranking stands at each place: a row an option, a column a place."""
    codes = column.codes[column.answered]
    many = len(column.options)
    found = [
        np.bincount((codes >> (_RANK_BITS * place)) & (2**_RANK_BITS - 1), minlength=many + 1)
        for place in range(many)
    ]
    return np.stack(found, axis=1)[1 : many + 1] if found else np.zeros((0, 0), dtype=np.int64)
