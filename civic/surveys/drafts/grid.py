"""A designer's file as it looks in their program, with each problem where it stands."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from civic.surveys.errors import Problem
from civic.surveys.sheets import XLSFORMS
from civic.surveys.xlsform.columns import column

SHEETS = ("survey", "choices", "settings")
MOST_ROWS = 150  # of a sheet; of a longer one, only what is near a problem is shown
NEAR = 1
LONGEST_CELL = 400


@dataclass
class Cell:
    """What stands in a cell, and what is wrong with it."""

    text: str
    problems: list[Problem] = field(default_factory=list)
    anchor: str = ""


@dataclass
class Row:
    """A row by its number in the file; `problems` are those that name no column of it."""

    number: int
    cells: list[Cell]
    problems: list[Problem] = field(default_factory=list)

    @property
    def wrong(self) -> bool:
        return bool(self.problems) or any(cell.problems for cell in self.cells)


@dataclass
class Sheet:
    """One sheet: its headings, and the rows below them. A text file has one, with a line in each row."""

    name: str
    headings: list[Cell]
    rows: list[Row]
    left_out: int = 0


@dataclass
class Grid:
    """All sheets, and by problem the anchor of the cell or row in which it stands, if it stands in any."""

    sheets: list[Sheet]
    anchors: dict[Problem, str]


def grid(data: bytes, file: str, problems: Sequence[Problem]) -> Grid:
    """The file as a table, each problem at its cell, its row or its line."""
    suffix = PurePath(file).suffix.lower()
    sheets = _spreadsheet(data, suffix) if suffix in XLSFORMS else _lines(data)
    anchors = {problem: anchor for problem in problems if (anchor := _placed(problem, sheets))}
    for sheet in sheets:
        _shorten(sheet)
    return Grid(sheets, anchors)


def _spreadsheet(data: bytes, suffix: str) -> list[Sheet]:
    from pyxform.xls2json_backends import get_xlsform  # spreadsheets take a second to load

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book: Any = get_xlsform(io.BytesIO(data), file_type=suffix)
    except Exception:  # it was said already why the file cannot be opened
        return []
    found = []
    for name in SHEETS:
        rows: list[dict[str, Any]] = list(getattr(book, name, None) or [])
        headings = _headings(getattr(book, f"{name}_header", None), rows)
        if rows and headings:
            found.append(
                Sheet(
                    name,
                    [Cell(heading) for heading in headings],
                    [
                        Row(number, [Cell(_text(row.get(heading, ""))) for heading in headings])
                        for number, row in enumerate(rows, start=2)
                    ],
                )
            )
    return found


def _headings(header: Any, rows: Iterable[dict[str, Any]]) -> list[str]:
    """The headings in the order of the file; those that only rows know come last."""
    named = list(header[0]) if header else []
    used = dict.fromkeys([*named, *(heading for row in rows for heading in row)])
    return [str(heading) for heading in used if str(heading).strip()]


def _lines(data: bytes) -> list[Sheet]:
    text = data.decode("utf-8-sig", "replace")
    rows = [Row(number, [Cell(_text(line))]) for number, line in enumerate(text.splitlines(), start=1)]
    return [Sheet("", [], rows)] if rows else []


def _text(value: Any) -> str:
    text = str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _placed(problem: Problem, sheets: Sequence[Sheet]) -> str:
    """Puts a problem where it belongs, as near as that can be told; the anchor of that place."""
    if problem.line is not None:
        sheet = next((one for one in sheets if not one.name), None)
    else:
        sheet = next((one for one in sheets if one.name and one.name == problem.sheet), None)
    number = problem.line or problem.row
    if sheet is None or number is None:
        return ""
    place = _column(sheet, problem)
    row = next((one for one in sheet.rows if one.number == number), None)
    if row is None and (number != 1 or place is None or not sheet.name):
        return ""
    if place is None:
        assert row is not None
        row.problems.append(problem)
        return f"row-{sheet.name}-{number}"
    cell = sheet.headings[place] if row is None else row.cells[place]
    cell.anchor = f"cell-{sheet.name}-{number}-{place}"
    cell.problems.append(problem)
    return cell.anchor


def _column(sheet: Sheet, problem: Problem) -> int | None:
    if not sheet.name:
        return 0
    headings = [cell.text for cell in sheet.headings]
    for wanted in (problem.column, problem.field):
        if wanted in headings:
            return headings.index(str(wanted))
        fields = [column(heading, sheet.name).field for heading in headings]
        if wanted in fields:
            return fields.index(str(wanted))
    return None


def _shorten(sheet: Sheet) -> None:
    if len(sheet.rows) <= MOST_ROWS:
        return
    wrong = [place for place, row in enumerate(sheet.rows) if row.wrong]
    near = {place + step for place in wrong for step in range(-NEAR, NEAR + 1)}
    kept = [row for place, row in enumerate(sheet.rows) if place in near][: 2 * MOST_ROWS]
    kept = kept or sheet.rows[:MOST_ROWS]
    sheet.left_out, sheet.rows = len(sheet.rows) - len(kept), kept
