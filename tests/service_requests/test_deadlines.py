"""Deadlines count the town's working days, stand still for the citizen, and escalate once a step."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.service_requests import calendar
from civic.service_requests.calendar import BrokenClosingDays, Calendar
from civic.service_requests.escalation import steps_due
from civic.service_requests.jobs import escalate_late
from civic.service_requests.rules import Priority, Status
from civic.service_requests.services import ServiceList
from tests.fixtures import ROOT
from tests.service_requests.following import Follower, Hall


@pytest.fixture(scope="module")
def town() -> Calendar:
    return calendar.load(ROOT / "content" / calendar.FILE, "GB", "ENG", "Europe/London")


def test_weekends_holidays_and_closing_days_are_not_counted(town: Calendar) -> None:
    assert town.after(date(2026, 4, 2), 1) == date(2026, 4, 7)  # Good Friday to Easter Monday
    assert town.after(date(2026, 12, 23), 1) == date(2026, 12, 29)  # 24: the town's own; 28: for Boxing Day
    assert town.after(date(2026, 3, 6), 5) == date(2026, 3, 13)


def test_another_country_has_other_holidays(tmp_path: Path) -> None:
    scotland = calendar.load(tmp_path / "none.yml", "GB", "SCT", "Europe/London")
    assert not scotland.works_on(date(2026, 1, 2)) and scotland.works_on(date(2026, 4, 6))
    with pytest.raises(BrokenClosingDays, match="GB XX"):
        calendar.load(tmp_path / "none.yml", "GB", "XX", "Europe/London")


@pytest.mark.parametrize(
    ("text", "said"), [("- 2026-12-24\n- soon", "entry 2"), ("a: b", "no list"), ("- [", "not YAML")]
)
def test_a_mistake_in_the_closing_days_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "closing_days.yml").write_text(text)
    with pytest.raises(BrokenClosingDays, match=said):
        calendar.load(tmp_path / "closing_days.yml", "GB", "ENG", "UTC")


def test_a_day_begins_in_the_town_and_not_in_greenwich() -> None:
    auckland = calendar.load(Path("none.yml"), "NZ", "", "Pacific/Auckland")
    assert auckland.day(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)) == date(2026, 3, 3)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 60))
def test_so_many_working_days_later_are_so_many_working_days_between(day: date, many: int) -> None:
    town = Calendar(is_holiday=lambda each: each.day == 25)
    then = town.after(day, many)
    assert town.between(day, then) == many
    assert many == 0 or town.works_on(then)


def test_a_clock_that_went_backwards_counts_nothing() -> None:
    assert Calendar().between(date(2026, 3, 9), date(2026, 3, 2)) == 0


# -------------------------------------------------------------------------------------------- of a case


@pytest.fixture
def hall(services: Services) -> Hall:
    return Hall(services)


@pytest.fixture
def number(hall: Hall, services: Services) -> str:
    """A pothole on Monday, 2 March 2026: ten working days."""
    return hall.files(Follower(services, "anna"))


def test_the_day_follows_from_type_and_priority(hall: Hall, number: str) -> None:
    assert hall.case(number).expected_on == date(2026, 3, 16)
    hall.sets_priority(number, Priority.HIGH)
    assert hall.case(number).expected_on == date(2026, 3, 9)
    hall.sets_priority(number, Priority.EMERGENCY)
    assert hall.case(number).expected_on == date(2026, 3, 3)


def test_while_the_citizen_is_asked_the_clock_stands_still(hall: Hall, number: str) -> None:
    hall.moves(number, Status.WAITING_FOR_CITIZEN, message="Where?")
    hall.passes(days=21)
    assert escalate_late(hall.services.sessions, hall.services.clock, _list(hall)) == 0
    hall.moves(number, Status.IN_PROGRESS)
    assert hall.case(number).expected_on == date(2026, 4, 8)  # 15 working days later, Easter between


def test_a_reopened_case_has_its_time_anew(hall: Hall, number: str) -> None:
    hall.solves(number)
    hall.passes(days=28)
    hall.moves(number, Status.REOPENED)
    assert hall.case(number).expected_on > date(2026, 4, 10)


def _list(hall: Hall) -> ServiceList:
    return hall.services.get(ServiceList)


def _run(hall: Hall) -> int:
    return escalate_late(hall.services.sessions, hall.services.clock, _list(hall))


def test_a_late_case_goes_to_its_officials_and_then_to_an_administrator_once_each(
    hall: Hall, number: str, services: Services
) -> None:
    assert _run(hall) == 0
    hall.passes(days=15)
    assert (_run(hall), _run(hall)) == (1, 0)
    assert [(one.kind, one.role) for one in hall.alerts()] == [("late", "agent")]
    version = hall.case(number).version
    hall.passes(days=8)
    assert (_run(hall), _run(hall)) == (1, 0)
    assert [one.role for one in hall.alerts()] == ["agent", "admin"]
    assert hall.case(number).version == version, "nobody who is editing the case is told that it changed"
    with services.sessions() as session:
        rows = session.query(AuditRow).filter_by(tag="system:escalate:service_request").all()
    assert sorted(row.details["to"] for row in rows) == ["admin", "agent"]


def test_a_clock_that_jumps_ahead_and_back_escalates_nothing_twice(
    hall: Hall, number: str, services: Services
) -> None:
    clock = services.clock
    assert isinstance(clock, SettableClock)
    for jump in (timedelta(days=400), timedelta(days=-400), timedelta(days=60), timedelta(days=-45)):
        clock.advance(jump)
        _run(hall)
    assert [one.role for one in hall.alerts()] == ["agent", "admin"]


def test_a_new_day_is_watched_anew_and_what_has_ended_is_left_alone(hall: Hall, number: str) -> None:
    hall.passes(days=15)
    assert _run(hall) == 1
    hall.sets_priority(number, Priority.HIGH)
    assert _run(hall) == 2
    hall.solves(number)
    hall.passes(days=90)
    assert _run(hall) == 0


def test_an_agent_does_not_take_off_what_is_for_an_administrator(hall: Hall, number: str) -> None:
    hall.passes(days=40)
    _run(hall)
    hall.moves(number, Status.ACKNOWLEDGED)
    assert [one.role for one in hall.alerts() if one.seen_at is None] == [Role.ADMIN.value]


def test_urgent_cases_go_up_sooner() -> None:
    assert [steps_due(late, Priority.NORMAL) for late in (0, 1, 5, 6)] == [0, 1, 1, 2]
    assert [steps_due(late, Priority.EMERGENCY) for late in (0, 1, 2)] == [0, 1, 2]
