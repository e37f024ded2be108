"""Writes audit rows; there is nothing here that changes one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from civic.audit.models import AuditRow
from civic.audit.rules import Detail, fit_details, fit_tag
from civic.kit.ids import new_id


class HasId(Protocol):
    """Anybody who can be named by an id, such as an official."""

    id: str


def record(
    session: Session,
    actor: HasId | str,
    tag: str,
    subject_id: str | None,
    details: Mapping[str, Detail] | None,
    now: datetime,
) -> AuditRow:
    """Writes down who did what to which thing, in the transaction that does it.

    `actor` is an official, an official's id, `"citizen"` or `"system"`.
    """
    row = AuditRow(
        id=new_id(now),
        at=now,
        tag=fit_tag(tag),
        actor=actor if isinstance(actor, str) else actor.id,
        subject_id=subject_id,
        details=fit_details(details),
    )
    session.add(row)
    session.flush()
    return row
