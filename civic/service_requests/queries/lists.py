"""Lists of cases for officials, a page at a time, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import Session, selectinload

from civic.accounts.models import Official
from civic.service_requests.finding import queries as finding
from civic.service_requests.models import ServiceRequest
from civic.service_requests.queries.doors import seen_by, visible_to
from civic.service_requests.queries.order import cursor_of, in_order
from civic.service_requests.queries.wanted import Wanted, conditions, marks_of, marks_say_all


@dataclass(frozen=True)
class CasePage:
    """Some cases, and the cursor with which the next ones are asked for."""

    items: Sequence[ServiceRequest]
    next_cursor: str | None


def page(
    session: Session, official: Official, wanted: Wanted, limit: int, cursor: str | None = None
) -> CasePage:
    """The next cases after the cursor. New cases that arrive meanwhile neither shift nor repeat any."""
    query = in_order(visible_to(official).where(*conditions(wanted, session, official)), wanted.sort, cursor)
    query = query.options(selectinload(ServiceRequest.attachments))
    rows = session.scalars(query.limit(limit + 1)).all()
    more = len(rows) > limit
    items = rows[:limit]
    return CasePage(items, cursor_of(items[-1], wanted.sort) if more else None)


def count(session: Session, official: Official, wanted: Wanted) -> int:
    """How many cases there are."""
    query = select(func.count()).select_from(ServiceRequest).where(*seen_by(official))
    return session.scalar(query.where(*conditions(wanted, None, official))) or 0


def count_up_to(session: Session, official: Official, wanted: Wanted, most: int) -> int:
    """How many cases a filter finds, `most + 1` standing for more: nobody reads a million anyway."""
    if wanted.text and wanted.text.strip() and marks_say_all(wanted, official):
        return finding.count(session, wanted.text, marks_of(wanted, official), most)
    few = conditions(wanted, None, official)
    found: Select[int] = select(literal_column("1")).select_from(ServiceRequest)
    found = found.where(*seen_by(official), *few).limit(most + 1)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0
