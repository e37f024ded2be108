"""Which cases are wanted: what a filter says, as conditions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Float, bindparam, or_, select
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.accounts.rules import Permission, Role, may
from civic.service_requests.finding import queries as finding
from civic.service_requests.finding.rules import marks
from civic.service_requests.models import ServiceRequest, ServiceRequestAlert
from civic.service_requests.queries.doors import is_open
from civic.service_requests.queries.order import Sort
from civic.service_requests.rules import OPEN, RUNNING, Priority, Status

NOBODY = "nobody"
METRES_A_DEGREE = 111_195.0


@dataclass(frozen=True)
class Near:
    """Within so many metres of a point."""

    lat: float
    long: float
    radius: float


@dataclass(frozen=True)
class Wanted:
    """Which cases are wanted, and in which order. `assignee`: an official's id, or `NOBODY`."""

    statuses: Sequence[Status] = ()
    service_codes: Sequence[str] = ()
    agency: str | None = None
    area: str | None = None
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    assignee: str | None = None
    # Open, and expected before this day.
    late_on: date | None = None
    near: Near | None = None
    priority: Priority | None = None
    # With a flag that this official has not seen yet.
    flagged_for: Official | None = None
    sort: Sort = "newest"


def conditions(
    wanted: Wanted, session: Session | None = None, official: Official | None = None
) -> list[ColumnElement[bool]]:
    """What the filter says, to be put behind `seen_by`.

    With a session it is for the beginning of a list: words of many cases are then looked up another way.
    """
    conditions: list[ColumnElement[bool]] = []
    if _open_only(wanted):
        conditions.append(is_open())
    if wanted.statuses and set(wanted.statuses) != set(OPEN):
        conditions.append(ServiceRequest.status.in_(list(wanted.statuses)))
    if wanted.service_codes:
        conditions.append(ServiceRequest.service_code.in_(list(wanted.service_codes)))
    if wanted.agency:
        conditions.append(ServiceRequest.agency == wanted.agency)
    if wanted.area:
        conditions.append(ServiceRequest.area == wanted.area)
    if wanted.since:
        conditions.append(ServiceRequest.requested_at >= wanted.since)
    if wanted.until:
        conditions.append(ServiceRequest.requested_at < wanted.until)
    if wanted.assignee == NOBODY:
        conditions.append(ServiceRequest.assignee_id.is_(None))
    elif wanted.assignee:
        conditions.append(ServiceRequest.assignee_id == wanted.assignee)
    if wanted.late_on:
        conditions += [ServiceRequest.expected_on < wanted.late_on, ServiceRequest.status.in_(RUNNING)]
    if wanted.near:
        conditions += within(wanted.near)
    if wanted.priority:
        conditions.append(ServiceRequest.priority == wanted.priority)
    if wanted.flagged_for:
        conditions.append(_flagged(wanted.flagged_for))
    if wanted.text and wanted.text.strip():
        found_by = marks_of(wanted, official)
        if session is None:
            conditions.append(finding.having(wanted.text, found_by))
        else:
            conditions.append(finding.best(session, wanted.text, found_by))
    return conditions


def _open_only(wanted: Wanted) -> bool:
    return wanted.late_on is not None or (bool(wanted.statuses) and set(wanted.statuses) <= set(OPEN))


def marks_say_all(wanted: Wanted, official: Official) -> bool:
    """Whether the index of words alone knows how many cases a filter finds."""
    all_open = not wanted.statuses or set(wanted.statuses) == set(OPEN)
    own = official.agency is None or wanted.agency in (None, official.agency)
    others = (
        wanted.since,
        wanted.until,
        wanted.assignee,
        wanted.late_on,
        wanted.near,
        wanted.priority,
        wanted.flagged_for,
    )
    able = may(official.role, Permission.CASES_READ)
    return able and all_open and own and len(wanted.service_codes) < 2 and not any(others)


def marks_of(wanted: Wanted, official: Official | None) -> list[str]:
    """What narrows a search for words: where a filter leaves a choice of several, it is not among it."""
    agency = (official.agency if official else None) or wanted.agency
    code = wanted.service_codes[0] if len(wanted.service_codes) == 1 else None
    return marks([agency] if agency else [], _open_only(wanted), [code] if code else [], wanted.area)


def _flagged(official: Official) -> ColumnElement[bool]:
    flags = select(ServiceRequestAlert.request_id).where(
        ServiceRequestAlert.seen_at.is_(None),
        or_(ServiceRequestAlert.official_id.is_(None), ServiceRequestAlert.official_id == official.id),
    )
    if official.role is not Role.ADMIN:
        flags = flags.where(ServiceRequestAlert.role != Role.ADMIN.value)
    return ServiceRequest.id.in_(flags)


def _told(degrees: float) -> ColumnElement[float]:
    return bindparam(None, degrees, Float(), literal_execute=True)


def within(near: Near) -> list[ColumnElement[bool]]:
    """A box that the index knows, and the circle in it; on a plane, good to a percent up to 100 km.

    The box is written into the statement: PostgreSQL cannot plan for a place that it is not told, and after a
    few statements of a kind it plans once for all places.
    """
    shrink = max(math.cos(math.radians(near.lat)), 0.01)
    up, aside = near.radius / METRES_A_DEGREE, near.radius / METRES_A_DEGREE / shrink
    north = (ServiceRequest.lat - near.lat) * METRES_A_DEGREE
    east = (ServiceRequest.long - near.long) * METRES_A_DEGREE * shrink
    return [
        ServiceRequest.lat.between(_told(near.lat - up), _told(near.lat + up)),
        ServiceRequest.long.between(_told(near.long - aside), _told(near.long + aside)),
        north * north + east * east <= near.radius * near.radius,
    ]
