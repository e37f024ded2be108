"""The desk's SELECTs: points, rows for exports, similar cases, colleagues. All go through `seen_by`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import String, Text, bindparam, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from civic.accounts import queries as accounts
from civic.accounts.models import Official
from civic.accounts.queries import Colleague
from civic.audit.models import AuditRow
from civic.service_requests import queries as cases
from civic.service_requests.desk.rules import can_work_on
from civic.service_requests.finding import queries as finding
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAttachment,
    ServiceRequestVerdict,
)
from civic.service_requests.queries import (
    METRES_A_DEGREE,
    Near,
    Wanted,
    conditions,
    seen_by,
)
from civic.service_requests.rules import RUNNING, Status

MOST_POINTS = 20_000
COUNTED = 1_000
SEARCHED = finding.FEW
NEARBY = 300.0
CLOSE_IN_TIME = timedelta(days=60)
# So many around the place, and so many of the type, are compared.
LOOKED_AT = 100
# From this score on a case is shown as similar.
LIKELY = 0.35


@dataclass(frozen=True)
class Point:
    """A case on the map."""

    number: str
    lat: float
    long: float
    service_code: str
    late: bool


def points(session: Session, official: Official, wanted: Wanted, today: date) -> list[Point]:
    """Where the cases of a filter are; the newest ones, where there are more than a map can show."""
    rows = session.execute(
        select(
            ServiceRequest.service_request_id,
            ServiceRequest.lat,
            ServiceRequest.long,
            ServiceRequest.service_code,
            ServiceRequest.status,
            ServiceRequest.expected_on,
        )
        .where(*seen_by(official), *conditions(wanted, None, official), ServiceRequest.lat.is_not(None))
        .order_by(ServiceRequest.requested_at.desc())
        .limit(MOST_POINTS)
    )
    return [
        Point(number, lat, long, code, status in RUNNING and due < today)
        for number, lat, long, code, status, due in rows
        if lat is not None and long is not None
    ]


def count_up_to(session: Session, official: Official, wanted: Wanted, most: int = COUNTED) -> int:
    """How many cases a filter finds, `most + 1` standing for more: nobody reads a million anyway."""
    return cases.count_up_to(session, official, wanted, most)


def counted(wanted: Wanted) -> int:
    """Up to how many the cases of a filter are counted for a page."""
    return SEARCHED if wanted.text and wanted.text.strip() else COUNTED


def export_rows(
    session: Session, official: Official, wanted: Wanted, piece: int = 1000
) -> Iterator[tuple[Any, ...]]:
    """Every case of a filter as plain values, oldest first: one statement, read a piece at a time.

    No object is made of a row, and no more than a piece is in memory, here or in the database's driver.
    """
    original = aliased(ServiceRequest)
    photos = (
        select(func.count())
        .select_from(ServiceRequestAttachment)
        .where(ServiceRequestAttachment.request_id == ServiceRequest.id)
        .scalar_subquery()
    )
    # Of several, the lowest: that somebody was unhappy is not to be averaged away.
    rating = (
        select(func.min(ServiceRequestVerdict.rating))
        .where(ServiceRequestVerdict.request_id == ServiceRequest.id)
        .scalar_subquery()
    )
    repeats = original.id == ServiceRequest.duplicate_of
    number = select(original.service_request_id).where(repeats).scalar_subquery()
    query = (
        select(
            ServiceRequest.service_request_id,
            ServiceRequest.service_code,
            ServiceRequest.agency,
            type_coerce(ServiceRequest.status, String),
            ServiceRequest.description,
            ServiceRequest.address,
            ServiceRequest.lat,
            ServiceRequest.long,
            ServiceRequest.name,
            ServiceRequest.source,
            ServiceRequest.language,
            ServiceRequest.assignee_id,
            case((ServiceRequest.duplicate_of.is_not(None), number)),
            ServiceRequest.requested_at,
            ServiceRequest.updated_at,
            ServiceRequest.expected_on,
            ServiceRequest.erased_at.is_not(None),
            photos,
            cast(ServiceRequest.attributes, Text),
            type_coerce(ServiceRequest.priority, String),
            rating,
            ServiceRequest.area,
        )
        .where(*seen_by(official), *conditions(wanted, None, official))
        .order_by(ServiceRequest.requested_at, ServiceRequest.id)
    )
    options = {"stream_results": True, "yield_per": piece}
    for row in session.connection().execute(query, execution_options=options):
        yield tuple(row)


def colleagues(
    session: Session, agency: str | None, everyone: Sequence[Colleague] | None = None
) -> list[Colleague]:
    """To whom a department's cases can be given; without a department, everybody who works on cases."""
    known = accounts.colleagues(session) if everyone is None else everyone
    return [one for one in known if can_work_on(one, agency or one.agency or "")]


def names(session: Session) -> dict[str, str]:
    """The sign-in name of every official, by id; disabled ones too, since they did things."""
    return {one.id: one.name for one in accounts.colleagues(session)}


def duplicates(session: Session, official: Official, case: ServiceRequest) -> Sequence[str]:
    """The numbers of the cases that were merged into one, oldest first."""
    return session.scalars(_DUPLICATES.where(*seen_by(official)), {"case_id": case.id}).all()


_DUPLICATES = (
    select(ServiceRequest.service_request_id)
    .where(ServiceRequest.duplicate_of == bindparam("case_id"))
    .order_by(ServiceRequest.requested_at)
)


class Lookalike(NamedTuple):
    """A case beside another one; the fields are in the order of the SELECT."""

    id: str
    service_request_id: str
    service_code: str
    state: str
    description: str
    address: str | None
    lat: float | None
    long: float | None

    @property
    def status(self) -> Status:
        """What `state` stands for; made of it for the few that are shown."""
        return Status(self.state)


# Made once, and plain values: hundreds of cases are looked at, and a handful shown.
_LOOKALIKES = select(
    ServiceRequest.id,
    ServiceRequest.service_request_id,
    ServiceRequest.service_code,
    type_coerce(ServiceRequest.status, String),
    ServiceRequest.description,
    ServiceRequest.address,
    ServiceRequest.lat,
    ServiceRequest.long,
)


@dataclass(frozen=True)
class Similar:
    """A case that may be about the same thing: how far away, and how many words they share (0 to 1)."""

    case: Lookalike
    metres: float | None
    shared: float


def similar(session: Session, official: Official, case: ServiceRequest, limit: int = 5) -> list[Similar]:
    """Open or recent cases near in place, or of the same type and in much the same words."""
    recent = (
        *seen_by(official),
        ServiceRequest.id != case.id,
        ServiceRequest.status != Status.DUPLICATE,
        ServiceRequest.requested_at >= case.requested_at - CLOSE_IN_TIME,
        ServiceRequest.requested_at <= case.requested_at + CLOSE_IN_TIME,
    )
    connection = session.connection()  # rows as they come: a session looks at each of them once more
    alike = _LOOKALIKES.where(*conditions(Wanted(service_codes=[case.service_code])), *recent)
    newest = alike.order_by(ServiceRequest.requested_at.desc()).limit(LOOKED_AT)
    rows = connection.execute(newest).all()
    if case.lat is not None and case.long is not None:
        around = conditions(Wanted(near=Near(case.lat, case.long, NEARBY)))
        rows = [*connection.execute(_LOOKALIKES.where(*around, *recent).limit(LOOKED_AT)).all(), *rows]
    found = {row[0]: Lookalike(*row) for row in rows}
    own, here = _words(case), _here(case)
    rated = []
    for one in found.values():
        metres, shared = _metres(here, one), _shared(own, _words(one))
        near = 0.0 if metres is None else max(0.0, 1 - metres / NEARBY)
        score = 0.5 * near + 0.8 * shared + (0.2 if one.service_code == case.service_code else 0.0)
        if score >= LIKELY:
            rated.append((score, one, metres, shared))
    best = sorted(rated, key=lambda each: -each[0])[:limit]
    return [Similar(one, metres, shared) for _, one, metres, shared in best]


def _words(case: ServiceRequest | Lookalike) -> set[str]:
    words = _WORD.findall(f"{case.description} {case.address or ''}".lower())
    return {word.removesuffix("s") for word in words} - _COMMON


_WORD = re.compile(r"[^\W_]{3,}")
_COMMON = frozenset(
    ("the", "and", "for", "with", "that", "this", "has", "have", "been", "was", "were", "are", "from", "our")
)


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


class _Here(NamedTuple):
    lat: float
    long: float
    shrink: float


def _here(case: ServiceRequest) -> _Here | None:
    if case.lat is None or case.long is None:
        return None
    return _Here(case.lat, case.long, math.cos(math.radians(case.lat)))


def _metres(here: _Here | None, other: Lookalike) -> float | None:
    if here is None or other.lat is None or other.long is None:
        return None
    return math.hypot(here.lat - other.lat, (here.long - other.long) * here.shrink) * METRES_A_DEGREE


def work_on(session: Session, case: ServiceRequest) -> Sequence[AuditRow]:
    """Who gave the case to whom and who changed its type, oldest first."""
    return session.scalars(_WORK_ON, {"case_id": case.id}).all()


_WORK = tuple(f"official:{verb}:service_request" for verb in ("assign", "retype", "prioritise"))
_WORK_ON = (
    select(AuditRow)
    .where(AuditRow.subject_id == bindparam("case_id"), AuditRow.tag.in_(_WORK))
    .order_by(AuditRow.at, AuditRow.id)
)
