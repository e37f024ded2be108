"""Tables for other programs: CSV, XLSX and GeoJSON, written row by row, however many rows there are."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

Cell = str | int | float | bool | date | datetime | None

# What a spreadsheet takes for the beginning of a formula.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CHUNK = 64 * 1024
TEXTS_KEPT = 1024
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
}
# A sheet ends here; what does not fit must not be lost without a word.
LONGEST_SHEET = 1_048_576
LONGEST_CELL = 32_767


def neutral(cell: Cell) -> Cell:
    """The cell, so that no spreadsheet runs a citizen's words as a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(" \u00a0").startswith(FORMULA_SIGNS):
        return "'" + cell
    return cell


def plain(cell: Cell) -> Cell:
    """The cell as text or number: times in ISO 8601, nothing as an empty cell."""
    # The commonest first: an export asks for every one of its cells.
    if cell is None:
        return ""
    if type(cell) is str:
        return cell if cell[:1].isalnum() else neutral(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return cell.isoformat()
    return neutral(cell)


def csv_rows(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """A CSV file in pieces: UTF-8 with a mark that spreadsheets understand, CRLF, one row a thing.

    Written here since `csv.writer`, which looks at each letter, takes half as long again for the same file.
    """
    # Most texts of a table come again and again: codes, names, states.
    text = lru_cache(TEXTS_KEPT)(_quoted)
    lines = ["\ufeff" + ",".join([text(name) for name in columns])]
    size = 0
    for row in rows:
        cells = [
            "" if cell is None else text(cell) if isinstance(cell, str) else str(plain(cell)) for cell in row
        ]
        # A row of one empty cell would look like no row at all.
        line = ",".join(cells) or '""'
        lines.append(line)
        size += len(line)
        if size >= CHUNK:
            yield ("\r\n".join(lines) + "\r\n").encode()
            lines, size = [], 0
    yield ("\r\n".join([*lines, ""])).encode()


def _quoted(text: str) -> str:
    text = str(plain(text))
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES(text) else text


_NEEDS_QUOTES = re.compile(r'[",\r\n]').search


def xlsx_file(
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    sheet: str = "Export",
    more: Mapping[str, Sequence[Sequence[Cell]]] | None = None,
) -> Iterator[bytes]:
    """An XLSX file in pieces; rows go to the disk as they come, and on a further sheet when one is full.

    `more` are small sheets behind them, by name: their heads and their rows.
    """
    import xlsxwriter

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile(dir=folder) as file:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "in_memory": False,
        }
        options |= {"strings_to_urls": False, "strings_to_numbers": False}
        book = xlsxwriter.Workbook(file, options)
        bold = book.add_format({"bold": True})
        page, at, number = None, LONGEST_SHEET, 0
        for row in rows:
            if page is None or at >= LONGEST_SHEET:
                number += 1
                page, at = book.add_worksheet(sheet if number == 1 else f"{sheet} {number}"), 1
                page.freeze_panes(1, 0)
                page.write_row(0, 0, columns, bold)
            for column, cell in enumerate(row):
                value = plain(cell)
                if isinstance(value, str):
                    if value:
                        page.write_string(at, column, value[:LONGEST_CELL])
                else:
                    page.write_number(at, column, value)
            at += 1
        if page is None:
            page = book.add_worksheet(sheet)
            page.write_row(0, 0, columns, bold)
        for name, (heads, *others) in (more or {}).items():
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.write_row(0, 0, heads, bold)
            for at, row in enumerate(others, start=1):
                page.write_row(at, 0, [plain(cell) for cell in row])
        book.close()
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def geojson_file(features: Iterable[tuple[float | None, float | None, Mapping[str, Any]]]) -> Iterator[bytes]:
    """A GeoJSON FeatureCollection in pieces, of (lat, long, properties); no place gives no geometry."""
    pieces: list[str] = ['{"type": "FeatureCollection", "features": [\n']
    size, first = 0, True
    for lat, long, properties in features:
        placed = lat is not None and long is not None
        feature = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [long, lat]} if placed else None,
            "properties": {key: _json(value) for key, value in properties.items()},
        }
        text = ("" if first else ",\n") + json.dumps(feature, ensure_ascii=False)
        first = False
        pieces.append(text)
        size += len(text)
        if size >= CHUNK:
            yield "".join(pieces).encode()
            pieces, size = [], 0
    yield ("".join(pieces) + "\n]}\n").encode()


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
