"""Webhooks: addresses of other systems that hear of every change of a case, signed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Now, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.service_requests.desk import webhooks

router = APIRouter(prefix="/webhooks", tags=["Service requests"])
# Whoever may see everything that was done may also say who else hears of it.
Admin = Annotated[Official, Depends(official_with(Permission.AUDIT_READ))]

EXAMPLE: dict[str, Any] = {
    "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CC",
    "url": "https://example.org/hooks/cases",
    "created_at": "2026-03-02T12:00:00Z",
}


class WebhookIn(BaseModel):
    """An address to call."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"url": EXAMPLE["url"]}]})

    url: str = Field(max_length=500)


class WebhookOut(BaseModel):
    """A webhook."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"example": EXAMPLE})

    id: str
    url: str
    created_at: datetime


class NewWebhookOut(WebhookOut):
    """A webhook with the secret by which its deliveries are checked; it is shown this once."""

    model_config = ConfigDict(json_schema_extra={"example": {**EXAMPLE, "secret": "k3y-of-the-receiver"}})

    secret: str


@router.get("", summary="List webhooks", responses=documented(401, 403))
def list_webhooks(caller: Admin, db: Db) -> list[WebhookOut]:
    """The webhooks in use."""
    return [WebhookOut.model_validate(one) for one in webhooks.everyone(db, caller)]


@router.post("", status_code=201, summary="Add a webhook", responses=documented(401, 403, 422))
def add_webhook(said: WebhookIn, caller: Admin, db: Db, parts: Parts, at: Now) -> NewWebhookOut:
    """From now on the address is called for every case that is filed, moved, assigned, corrected or answered.

    Each call carries `Folkmoot-Timestamp` and `Folkmoot-Signature`: `sha256=` and the HMAC-SHA256 of
    timestamp, a dot and the body, by the secret. It is repeated, ever more slowly, until it is answered
    with 2xx.
    """
    local = parts.settings.site.startswith("http://127.0.0.1")
    return NewWebhookOut.model_validate(webhooks.add(db, caller, said.url, at, allow_local=local))


@router.delete("/{webhook_id}", status_code=204, summary="End a webhook", responses=documented(401, 403, 404))
def end_webhook(webhook_id: Annotated[str, Path(max_length=26)], caller: Admin, db: Db, at: Now) -> None:
    """The address is called no more."""
    webhooks.end(db, caller, webhook_id, at)
