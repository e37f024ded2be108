"""Files for other programs hold what is in the tables, run nothing, and are never in memory as a whole."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kit.exports import FORMULA_SIGNS, csv_rows, geojson_file, neutral, plain, xlsx_file

COLUMNS = ("number", "words", "lat", "at", "yes")
MOMENT = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_words_that_begin_like_a_formula_are_made_harmless(sign: str) -> None:
    assert neutral(f"{sign}1+1") == f"'{sign}1+1"
    assert neutral(f"  {sign}cmd") == f"'  {sign}cmd"


def test_everything_else_stays_as_it_is() -> None:
    for cell in ("a=b", "", "12 Mill Lane", -3.5, 7, True, None):
        assert neutral(cell) == cell


@given(st.text())
def test_no_text_at_all_begins_like_a_formula_afterwards(text: str) -> None:
    assert not str(neutral(text)).lstrip(" \u00a0").startswith(FORMULA_SIGNS)


def test_a_csv_file_can_be_read_back() -> None:
    rows = [("FM-1", 'He said "go",\nthen left; =SUM', -1.5, MOMENT, True), ("FM-2", None, None, None, False)]
    data = b"".join(csv_rows(COLUMNS, rows)).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(data, newline="")))
    assert back[0] == list(COLUMNS)
    assert back[1] == ["FM-1", rows[0][1], "-1.5", "2026-03-02T12:00:00+00:00", "yes"]
    assert back[2] == ["FM-2", "", "", "", "no"]


@given(st.lists(st.lists(st.text() | st.floats(allow_nan=False) | st.integers() | st.none(), min_size=1)))
def test_a_csv_file_is_what_the_standard_writer_makes(rows: list[list[str | float | None]]) -> None:
    expected = io.StringIO()
    csv.writer(expected).writerows([["a"], *([plain(cell) for cell in row] for row in rows)])
    assert b"".join(csv_rows(["a"], rows)).decode().removeprefix("\ufeff") == expected.getvalue()


def test_a_named_value_is_quoted_as_the_text_it_is() -> None:
    class Reason(StrEnum):
        OLD = 'worn, "old"'

    assert b"".join(csv_rows(["a"], [[Reason.OLD]])).endswith(b'"worn, ""old"""\r\n')


def test_a_sheet_has_texts_and_numbers_and_no_formula() -> None:
    rows = [
        ("FM-1", "=1+1", 51.5, MOMENT, True),
        ("FM-2", "https://x.example", None, date(2026, 3, 2), False),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_file(COLUMNS, rows)))).active
    values = list(sheet.values)
    assert values[0] == COLUMNS
    assert values[1] == ("FM-1", "'=1+1", 51.5, "2026-03-02T12:00:00+00:00", "yes")
    assert sheet["B3"].hyperlink is None and values[2][3] == "2026-03-02"


def test_an_empty_export_is_a_file_with_its_columns() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_file(COLUMNS, [])))).active
    assert list(sheet.values) == [COLUMNS]
    assert b"".join(csv_rows(COLUMNS, [])).decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"
    assert json.loads(b"".join(geojson_file([]))) == {"type": "FeatureCollection", "features": []}


def test_geojson_has_longitude_first_and_no_place_where_there_is_none() -> None:
    features = [(51.5, -1.2, {"number": "FM-1", "at": MOMENT}), (None, None, {"number": "é"})]
    one, other = json.loads(b"".join(geojson_file(features)))["features"]
    assert one["geometry"] == {"type": "Point", "coordinates": [-1.2, 51.5]}
    assert one["properties"] == {"number": "FM-1", "at": "2026-03-02T12:00:00+00:00"}
    assert other["geometry"] is None and other["properties"] == {"number": "é"}


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson"])
def test_ten_times_the_rows_take_no_more_memory(form: str) -> None:
    def rows(many: int) -> Iterator[tuple[str, str, float, datetime, bool]]:
        for n in range(many):
            yield f"FM-{n}", f"words {n} " * 20, 51.5, MOMENT, True

    def write(many: int) -> Iterator[bytes]:
        if form == "geojson":
            return geojson_file(
                (51.5, -1.2, {"number": number, "words": words}) for number, words, *_ in rows(many)
            )
        return csv_rows(COLUMNS, rows(many)) if form == "csv" else xlsx_file(COLUMNS, rows(many))

    peaks = []
    for many in (300, 3000):
        tracemalloc.start()
        size = sum(len(piece) for piece in write(many))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert size > 0
    assert peaks[1] < peaks[0] + 400_000
