"""Erasures for administrators: that they took place and were finished, never whose."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Page, PageOf, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.privacy import queries

router = APIRouter(prefix="/erasures", tags=["Privacy"])

Auditor = Annotated[Official, Depends(official_with(Permission.AUDIT_READ))]


class ErasureOut(BaseModel):
    """One citizen had everything deleted."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "at": "2026-03-02T12:00:00Z",
                "photos": 2,
                "swept_at": "2026-03-02T12:05:00Z",
            }
        },
    )

    id: str
    at: datetime
    photos: int = Field(description="How many photos went with it.")
    swept_at: datetime | None = Field(description="When files and the dialogue server were done, too.")


@router.get("", summary="List erasures", responses=documented(401, 403, 422))
def list_erasures(_: Auditor, db: Db, page: PageOf) -> Page[ErasureOut]:
    """How often citizens had their data deleted (`total`), and when; newest first."""
    rows, total = queries.page(db, page.limit, page.offset)
    items = [ErasureOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=page.limit, offset=page.offset)
