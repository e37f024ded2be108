"""Writes audit rows; there is nothing here that changes one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert
from sqlalchemy.orm import Session

from civic.audit.models import AuditRow
from civic.audit.rules import Detail, fit_details, fit_tag
from civic.kit.ids import new_id

_ADD = insert(AuditRow)


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
) -> None:
    """Writes down who did what to which thing, in the transaction that does it.

    `actor` is an official, an official's id, `"citizen"` or `"system"`.
    """
    values = {
        "id": new_id(now),
        "at": now,
        "tag": fit_tag(tag),
        "actor": actor if isinstance(actor, str) else actor.id,
        "subject_id": subject_id,
        "details": fit_details(details),
    }
    session.flush()
    # One statement, made once, and no object: every reading of a case leaves a row.
    session.connection().execute(_ADD, values)
