"""How to reach who sent a request through another system: for the responsible department, and audited."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict

from api.deps import Now, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.audit.commands import record
from civic.service_requests.errors import UnknownServiceRequest
from civic.service_requests.open311 import queries
from civic.service_requests.schemas import NUMBER

router = APIRouter(prefix="/service-requests", tags=["Service requests"])

Worker = Annotated[Official, Depends(official_with(Permission.CASES_WORK))]
Number = Annotated[str, Path(max_length=20, description="The tracking number.", examples=[NUMBER])]


class ContactOut(BaseModel):
    """Who sent a request, as far as they said."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "first_name": "Anna",
                "last_name": "Miller",
                "email": "anna@example.org",
                "phone": "0171 555 0123",
                "account_id": None,
                "device_id": None,
            }
        },
    )

    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    account_id: str | None
    device_id: str | None


@router.get(
    "/{service_request_id}/contact",
    summary="Read the contact details",
    responses=documented(401, 403, 404),
)
def read_contact(service_request_id: Number, caller: Worker, parts: Parts, at: Now) -> ContactOut:
    """Contact details that came with an Open311 request; 404 for another department's, and if there are none.

    Each reading leaves an audit row.
    """
    with parts.sessions.begin() as session:
        found = queries.contact_of(session, caller, service_request_id)
        if found is None:
            raise UnknownServiceRequest("There are no contact details that you may see.")
        record(session, caller, "official:read:contact", found.request_id, {}, at)
        return ContactOut.model_validate(found)
