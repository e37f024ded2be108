"""Reads the audit, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from civic.audit.models import AuditRow


@dataclass(frozen=True)
class AuditFilter:
    """Which rows are wanted; a tag may end in `:` to mean everything that starts like it."""

    tag: str | None = None
    actor: str | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(
    session: Session, wanted: AuditFilter, limit: int, offset: int = 0
) -> tuple[Sequence[AuditRow], int]:
    """A page of rows and how many there are in all."""
    where = _conditions(wanted)
    rows = select(AuditRow).where(*where).order_by(AuditRow.at.desc(), AuditRow.id.desc())
    total = session.scalar(select(func.count()).select_from(AuditRow).where(*where)) or 0
    return session.scalars(rows.limit(limit).offset(offset)).all(), total


def count(session: Session, wanted: AuditFilter) -> int:
    """How many rows there are."""
    return session.scalar(select(func.count()).select_from(AuditRow).where(*_conditions(wanted))) or 0


def _conditions(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.tag is not None and wanted.tag.endswith(":"):
        conditions.append(AuditRow.tag.startswith(wanted.tag, autoescape=True))
    elif wanted.tag is not None:
        conditions.append(AuditRow.tag == wanted.tag)
    if wanted.actor is not None:
        conditions.append(AuditRow.actor == wanted.actor)
    if wanted.subject_id is not None:
        conditions.append(AuditRow.subject_id == wanted.subject_id)
    if wanted.since is not None:
        conditions.append(AuditRow.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(AuditRow.at < wanted.until)
    return conditions
