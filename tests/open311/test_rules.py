"""The standard's rules over plain values: times, windows, what is shown, and the one SELECT of a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from api.open311.formats import to_xml
from civic.service_requests.open311 import rules
from civic.service_requests.open311.rules import Shown, read_time, window, write_time
from civic.service_requests.services import ServiceList, load
from tests.fixtures import NOON, ROOT
from tests.open311.conftest import OtherSystem, from_xml


@pytest.fixture(scope="module")
def town() -> ServiceList:
    return load(ROOT / "content" / "services.yml")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1994-11-05T08:15:30-05:00", datetime(1994, 11, 5, 13, 15, 30, tzinfo=UTC)),
        ("1994-11-05T13:15:30Z", datetime(1994, 11, 5, 13, 15, 30, tzinfo=UTC)),
        ("1994-11-05T13:15Z", datetime(1994, 11, 5, 13, 15, tzinfo=UTC)),
        ("1994-11-05T13:15:30.5+0100", datetime(1994, 11, 5, 12, 15, 30, 500000, tzinfo=UTC)),
        ("1994-11-05", datetime(1994, 11, 5, tzinfo=UTC)),
        ("1994-11-05T13:15:30", None),
        ("1994-13-05T13:15:30Z", None),
        ("0001-01-01T00:00:00+10:00", None),
        ("1994-11-05T13:15:30+99:00", None),
        ("19941105", None),
        ("", None),
    ],
)
def test_times_are_read_as_the_w3c_note_has_them(text: str, moment: datetime | None) -> None:
    assert read_time(text) == moment


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_that_was_written_is_read_back_to_the_second(moment: datetime) -> None:
    assert read_time(write_time(moment)) == moment.replace(microsecond=0)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    found = read_time(text)
    assert found is None or found.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)) | st.none(), st.datetimes(timezones=st.just(UTC)) | st.none())
def test_no_window_is_wider_than_ninety_days(start: datetime | None, end: datetime | None) -> None:
    found = window(start, end, NOON)
    if found is None:
        assert start is not None
        assert end is not None
        assert end - start > timedelta(days=90)
    elif None not in found:
        since, until = found
        assert since is not None and until is not None
        assert until - since <= timedelta(days=90, seconds=1)


def test_nothing_is_shown_of_a_private_type_nor_of_one_that_left_the_list(town: ServiceList) -> None:
    assert rules.shown_of("words", town.find("noise")) is Shown.NOTHING
    assert rules.shown_of("words", None) is Shown.NOTHING
    assert rules.shown_of("place", town.find("pothole")) is Shown.PLACE


def test_a_circle_lies_within_its_box() -> None:
    for lat in (0.0, 51.5, -89.9, 90.0):
        south, north, west, east = rules.box(lat, 10.0, 1000)
        assert (north - south) / 2 >= 1000 / rules.METRES_A_DEGREE
        assert (east - west) / (north - south) >= 0.999999
    # A kilometre at 60 degrees is twice as many degrees of longitude as at the equator.
    wide = [east - west for _, _, west, east in (rules.box(0, 0, 1000), rules.box(60, 0, 1000))]
    assert wide[1] / wide[0] == pytest.approx(2, rel=1e-6)


@given(st.text(), st.integers(), st.booleans())
def test_whatever_a_text_holds_the_xml_can_be_read_back(text: str, number: int, yes: bool) -> None:
    written = to_xml("errors", [{"code": number, "description": text, "more": yes}])
    read = from_xml(written.encode())[0]
    # A reader of XML takes every end of a line for a plain one.
    lines = rules.fit(text).replace("\r\n", "\n").replace("\r", "\n")
    assert read == {"code": str(number), "description": lines or None, "more": "true" if yes else "false"}


@pytest.mark.parametrize(("asked", "most"), [({}, 1), ({"page_size": "2"}, 1), ({"extensions": "true"}, 3)])
def test_a_list_is_one_statement_however_long_it_is(
    other: OtherSystem, engine: Engine, asked: dict[str, str], most: int
) -> None:
    for _ in range(3):
        other.sends()
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert other.read("/requests", **asked)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == most
