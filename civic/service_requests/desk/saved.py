"""Filters of the inbox that an official keeps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.kit.ids import new_id
from civic.service_requests.desk.errors import UnknownFilter, UnusableFilter
from civic.service_requests.desk.filters import parse
from civic.service_requests.desk.models import SavedFilter
from civic.service_requests.desk.rules import MOST_FILTERS, usable_name


def of(session: Session, official: Official) -> Sequence[SavedFilter]:
    """The official's own filters, by name."""
    return session.scalars(_OF, {"official_id": official.id}).all()


# Made once: every inbox asks.
_OF = (
    select(SavedFilter).where(SavedFilter.official_id == bindparam("official_id")).order_by(SavedFilter.name)
)


def keep(session: Session, official: Official, name: str, query: str, now: datetime) -> SavedFilter:
    """Keeps a filter under a name; the same name again replaces it."""
    name = usable_name(name, UnusableFilter)
    wanted, wrong = parse(query)
    text = wanted.query()
    if wrong or not text or len(text) > 1000:
        raise UnusableFilter(
            "There is nothing in it that filters." if not text else "A part of it cannot be used.",
            remedy="Filter the list first, then keep the filter.",
            field="query",
        )
    own = of(session, official)
    kept = next((one for one in own if one.name == name), None)
    if kept is None:
        if len(own) >= MOST_FILTERS:
            raise UnusableFilter(f"You keep {MOST_FILTERS} already.", remedy="Delete one.", field="name")
        kept = SavedFilter(id=new_id(now), official_id=official.id, name=name, created_at=now)
        session.add(kept)
    kept.query = text
    session.flush()
    return kept


def drop(session: Session, official: Official, filter_id: str) -> None:
    """Deletes an own filter."""
    kept = session.get(SavedFilter, filter_id)
    if kept is None or kept.official_id != official.id:
        raise UnknownFilter
    session.delete(kept)
    session.flush()
