"""The numbers of the overview: open and late by type, time to a solution, what came in and was solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.service_requests.models import ServiceRequest, ServiceRequestChange, ServiceRequestVerdict
from civic.service_requests.queries import NOBODY, Wanted, conditions, seen_by
from civic.service_requests.rules import OPEN, RUNNING, Status

T = TypeVar("T")

WEEKS = 12
# Figures over so many cases are counted once in five minutes: they hardly change meanwhile, and take long.
MANY = 1_000
REMEMBERED_FOR = timedelta(minutes=5)
MOST_KEPT = 1_000
RESOLVED_IN = timedelta(days=90)
MOST_RESOLVED = 20_000


@dataclass(frozen=True)
class OpenCases:
    """How many cases of a type are open, and how many of these are late."""

    service_code: str
    open: int
    late: int


@dataclass(frozen=True)
class Duration:
    """How many days half of the cases of a type took at most, and how many cases that says."""

    service_code: str
    days: float
    cases: int


@dataclass(frozen=True)
class Week:
    """What came in and what was solved in the week that begins on this Monday."""

    monday: date
    reported: int
    resolved: int


class Remembered:
    """Figures over many cases, as they were a few minutes ago; small ones are always counted anew."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str | None], tuple[datetime, Any]] = {}

    def get(
        self,
        what: str,
        official: Official,
        now: datetime,
        count: Callable[[], T],
        size: Callable[[T], int],
        many: int = MANY,
    ) -> T:
        """What was counted for this official's department, or is now; kept where it is so many."""
        key = what, official.agency
        at, kept = self._kept.get(key, (None, None))
        if at is not None and timedelta() <= now - at < REMEMBERED_FOR:
            return cast(T, kept)
        found = count()
        if size(found) >= many:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = now, found
        else:
            self._kept.pop(key, None)
        return found


def ratings(session: Session, official: Official, since: datetime) -> dict[str, dict[int, int]]:
    """How often each department was given each number of stars for its solutions."""
    rows = session.execute(
        select(ServiceRequest.agency, ServiceRequestVerdict.rating, func.count())
        .join(ServiceRequestVerdict, ServiceRequest.id == ServiceRequestVerdict.request_id)
        .where(*seen_by(official), ServiceRequestVerdict.rated_at >= since)
        .group_by(ServiceRequest.agency, ServiceRequestVerdict.rating)
    )
    found: dict[str, dict[int, int]] = {}
    for agency, stars, many in rows:
        if stars is not None:
            found.setdefault(agency, {})[stars] = many
    return found


def open_by_type(session: Session, official: Official, today: date) -> list[OpenCases]:
    """The types with open cases, the fullest first."""
    behind = and_(ServiceRequest.expected_on < today, ServiceRequest.status.in_(RUNNING))
    late = func.sum(case((behind, 1), else_=0))
    rows = session.execute(
        select(ServiceRequest.service_code, func.count(), late)
        .where(*seen_by(official), ServiceRequest.status.in_(OPEN))
        .group_by(ServiceRequest.service_code)
    )
    found = [OpenCases(code, many, int(overdue or 0)) for code, many, overdue in rows]
    return sorted(found, key=lambda each: (-each.open, each.service_code))


def days_to_resolve(session: Session, official: Official, now: datetime) -> list[Duration]:
    """The median of each type over the last ninety days, the slowest first; reopened ones count once more."""
    rows = session.execute(
        select(ServiceRequest.service_code, ServiceRequest.requested_at, ServiceRequestChange.created_at)
        .join(ServiceRequestChange, ServiceRequestChange.request_id == ServiceRequest.id)
        .where(
            *seen_by(official),
            ServiceRequestChange.target == Status.RESOLVED,
            ServiceRequestChange.created_at >= now - RESOLVED_IN,
        )
        .order_by(ServiceRequestChange.created_at.desc())
        .limit(MOST_RESOLVED)
    )
    took: dict[str, list[float]] = {}
    for code, begun, ended in rows:
        took.setdefault(code, []).append((ended - begun).total_seconds() / 86_400)
    found = [Duration(code, round(median(days), 1), len(days)) for code, days in took.items()]
    return sorted(found, key=lambda each: (-each.days, each.service_code))


def weeks(session: Session, official: Official, now: datetime) -> list[Week]:
    """The last twelve weeks, this one last."""
    this = now.date() - timedelta(days=now.date().weekday())
    mondays = [this - timedelta(weeks=WEEKS - 1 - n) for n in range(WEEKS)]
    starts = [datetime.combine(monday, time(), UTC) for monday in mondays]

    def per_week(column: Any, *conditions: ColumnElement[bool], joined: bool) -> Any:
        """A row of twelve counts, each of which is a stretch of an index."""
        ends = [*starts[1:], datetime.max.replace(tzinfo=UTC)]
        counts = []
        for start, end in zip(starts, ends, strict=True):
            query = select(func.count()).where(column >= start, column < end, *conditions)
            if joined:
                query = query.where(ServiceRequestChange.request_id == ServiceRequest.id)
            counts.append(query.scalar_subquery())
        return session.execute(select(*counts)).one()

    seen = seen_by(official)
    reported = per_week(ServiceRequest.requested_at, *seen, joined=False)
    solved = ServiceRequestChange.target == Status.RESOLVED
    resolved = per_week(ServiceRequestChange.created_at, solved, *seen, joined=bool(seen))
    return [
        Week(monday, int(came or 0), int(went or 0))
        for monday, came, went in zip(mondays, reported, resolved, strict=True)
    ]


def how_many(session: Session, official: Official, today: date) -> dict[str, int]:
    """What an official asks first: how many are mine, late, new, with nobody, open."""
    wanted = {
        "open": Wanted(statuses=OPEN),
        "late": Wanted(late_on=today),
        "mine": Wanted(statuses=OPEN, assignee=official.id),
        "new": Wanted(statuses=[Status.SUBMITTED]),
        "unassigned": Wanted(statuses=OPEN, assignee=NOBODY),
    }
    return {
        name: session.scalar(
            select(func.count()).select_from(ServiceRequest).where(*seen_by(official), *conditions(one))
        )
        or 0
        for name, one in wanted.items()
    }
