"""The audit table, and the guard that lets nobody rewrite it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from civic.audit.errors import AuditIsAppendOnly
from civic.kit.db import Base, UtcDateTime


class AuditRow(Base):
    """One thing that somebody did."""

    __tablename__ = "audit_rows"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tag: Mapped[str] = mapped_column(String(100), index=True)
    # An official's id, or `citizen` or `system`. No foreign key: the row outlives whom it names.
    actor: Mapped[str] = mapped_column(String(40), index=True)
    subject_id: Mapped[str | None] = mapped_column(String(64), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


def _refuse(*_: object) -> None:
    raise AuditIsAppendOnly()


def _refuse_statements(state: ORMExecuteState) -> None:
    # By name: what an ORM statement names is an annotated copy of the table.
    table = getattr(state.statement, "table", None)
    if (state.is_update or state.is_delete) and getattr(table, "name", None) == AuditRow.__tablename__:
        raise AuditIsAppendOnly()


event.listen(AuditRow, "before_update", _refuse)
event.listen(AuditRow, "before_delete", _refuse)
event.listen(Session, "do_orm_execute", _refuse_statements)
