"""The audit for administrators: read only, because nothing in it can be changed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import Db, Page, Paging, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.audit import queries

router = APIRouter(prefix="/audit", tags=["Audit"])

Auditor = Annotated[Official, Depends(official_with(Permission.AUDIT_READ))]


class AuditOut(BaseModel):
    """One thing that somebody did."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "at": "2026-03-02T12:00:00Z",
                "tag": "official:answer:enquiry",
                "actor": "01JD9ZK6W3Q8V5T2N7M4X0B1AA",
                "subject_id": "01JD9ZK6W3Q8V5T2N7M4X0B1BB",
                "details": {"reply_id": "01JD9ZK6W3Q8V5T2N7M4X0B1CC"},
            }
        },
    )

    id: str
    at: datetime
    tag: str = Field(description="`subject:verb:object`.")
    actor: str = Field(description="An official's id, `citizen` or `system`.")
    subject_id: str | None
    details: dict[str, Any] = Field(description="Codes and numbers; never anybody's words.")


class AuditFilter(Paging):
    """Which rows are wanted."""

    tag: str | None = Field(
        None, max_length=100, description="A whole tag, or its beginning with the colon: `official:`."
    )
    actor: str | None = Field(None, max_length=40)
    subject_id: str | None = Field(None, max_length=64)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


@router.get("", summary="Read the audit", responses=documented(401, 403, 422))
def list_audit(_: Auditor, db: Db, wanted: Annotated[AuditFilter, Query()]) -> Page[AuditOut]:
    """Who did what and when, newest first."""
    rows, total = queries.page(
        db,
        queries.AuditFilter(
            tag=wanted.tag,
            actor=wanted.actor,
            subject_id=wanted.subject_id,
            since=wanted.since,
            until=wanted.until,
        ),
        wanted.limit,
        wanted.offset,
    )
    items = [AuditOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=wanted.limit, offset=wanted.offset)
