"""What the inbox shows of a case: plain values in one SELECT, since objects take longer to make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, Unpack

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.service_requests import alerts
from civic.service_requests.models import ServiceRequest, ServiceRequestAttachment
from civic.service_requests.queries import Wanted, conditions, cursor_of, in_order, seen_by
from civic.service_requests.rules import Priority, Status

# A line of the inbox shows less of the description than this.
BEGINNING = 200
FEW = 500


class Line(NamedTuple):
    """One case of the inbox; the fields are in the order of the SELECT."""

    id: str
    service_request_id: str
    service_code: str
    status: Status
    priority: Priority
    description: str
    address: str | None
    requested_at: datetime
    updated_at: datetime
    expected_on: date
    assignee_id: str | None
    photos: int
    flags: str | None

    @property
    def alerts(self) -> list[str]:
        """The kinds of flags on it."""
        return alerts.kinds_in(self.flags)


@dataclass(frozen=True)
class Lines:
    """Some cases, and the cursor with which the next ones are asked for."""

    items: Sequence[Line]
    next_cursor: str | None


def page(
    session: Session,
    official: Official,
    wanted: Wanted,
    limit: int,
    cursor: str | None = None,
    known: int | None = None,
) -> Lines:
    """The next cases after the cursor, in the order of `queries.page`; `known`: how many there are in all.

    A few are found first and put in order then: to walk the order until they turn up would read nearly
    every case, e.g. where a department looks for a type that others deal with.
    """
    if known == 0:
        return Lines([], None)
    looked_for = [*seen_by(official), *conditions(wanted, session, official)]
    if known is not None and known <= FEW:
        found = select(ServiceRequest.id).where(*looked_for).limit(2 * FEW).subquery()
        looked_for = [ServiceRequest.id.in_(select(found.c.id))]
    query = _lines().where(*looked_for)
    # By the connection: a session looks at each row once more.
    rows = session.connection().execute(in_order(query, wanted.sort, cursor).limit(limit + 1)).all()
    items = [Line(*row) for row in rows[:limit]]
    return Lines(items, cursor_of(items[-1], wanted.sort) if len(rows) > limit else None)


@cache
def _lines() -> Select[Unpack[tuple[Any, ...]]]:
    """The SELECT of `Line`. Made once: to put it together takes as long as to run it."""
    photos = (
        select(func.count())
        .select_from(ServiceRequestAttachment)
        .where(ServiceRequestAttachment.request_id == ServiceRequest.id)
        .scalar_subquery()
    )
    return select(
        ServiceRequest.id,
        ServiceRequest.service_request_id,
        ServiceRequest.service_code,
        ServiceRequest.status,
        ServiceRequest.priority,
        func.substr(ServiceRequest.description, 1, BEGINNING),
        ServiceRequest.address,
        ServiceRequest.requested_at,
        ServiceRequest.updated_at,
        ServiceRequest.expected_on,
        ServiceRequest.assignee_id,
        photos,
        alerts.kinds_on_case(),
    )
