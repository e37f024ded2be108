"""Every SELECT about enquiries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from civic.contact.errors import UnknownEnquiry
from civic.contact.models import Enquiry
from civic.contact.rules import State


@dataclass(frozen=True)
class Wanted:
    """Which enquiries are wanted."""

    state: State | None = None
    since: datetime | None = None
    until: datetime | None = None
    sort: Literal["newest", "oldest"] = "oldest"


def get(session: Session, enquiry_id: str, *, for_update: bool = False) -> Enquiry:
    """One enquiry; raises `UnknownEnquiry`."""
    statement = select(Enquiry).where(Enquiry.id == enquiry_id).options(selectinload(Enquiry.replies))
    found = session.scalar(statement.with_for_update() if for_update else statement)
    if found is None:
        raise UnknownEnquiry
    return found


def page(session: Session, wanted: Wanted, limit: int, offset: int = 0) -> tuple[Sequence[Enquiry], int]:
    """A page of enquiries and how many there are in all."""
    where = _conditions(wanted)
    order = {
        "newest": (Enquiry.created_at.desc(), Enquiry.id.desc()),
        "oldest": (Enquiry.created_at, Enquiry.id),
    }[wanted.sort]
    rows = select(Enquiry).where(*where).order_by(*order).options(selectinload(Enquiry.replies))
    total = session.scalar(select(func.count()).select_from(Enquiry).where(*where)) or 0
    return session.scalars(rows.limit(limit).offset(offset)).all(), total


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(Enquiry.state == wanted.state.value)
    if wanted.since is not None:
        conditions.append(Enquiry.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Enquiry.created_at < wanted.until)
    return conditions
