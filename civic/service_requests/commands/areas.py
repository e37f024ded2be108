"""Cases sorted into the areas as they are drawn now: those of before an area was drawn, or redrawn."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update
from sqlalchemy.orm import Session

from civic.service_requests import queries
from civic.service_requests.areas import Areas
from civic.service_requests.finding.models import keep
from civic.service_requests.models import ServiceRequest


@dataclass(frozen=True)
class Sorted:
    """How far it went: the last case looked at, how many were, and how many lie in another area than said."""

    last: str
    looked_at: int
    changed: int


def sort_into_areas(session: Session, areas: Areas, after: str, limit: int) -> Sorted | None:
    """The next cases with a place; None when there are no more. Department and version stay as they are."""
    rows = queries.placed_after(session, after, limit)
    if not rows:
        return None
    changed = 0
    for row in rows:
        area = areas.name(row.lat, row.long)
        if area != row.area:
            session.execute(update(ServiceRequest).where(ServiceRequest.id == row.id).values(area=area))
            keep(session.connection(), row.id)
            changed += 1
    return Sorted(rows[-1].id, len(rows), changed)
