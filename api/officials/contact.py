"""Enquiries for officials: messages of citizens who asked for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import Db, Now, Page, Paging, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.contact import commands, queries
from civic.contact.rules import State

router = APIRouter(prefix="/enquiries", tags=["Enquiries"])

Reader = Annotated[Official, Depends(official_with(Permission.ENQUIRIES_READ))]
Worker = Annotated[Official, Depends(official_with(Permission.ENQUIRIES_WORK))]


class EnquiryReplyOut(BaseModel):
    """What an official answered."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["01JD9ZK6W3Q8V5T2N7M4X0B1CC"])
    official_id: str = Field(examples=["01JD9ZK6W3Q8V5T2N7M4X0B1AA"])
    text: str = Field(examples=["The pass was posted today; it arrives by Thursday."])
    created_at: datetime


class EnquiryOut(BaseModel):
    """One message to the officials."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "text": "My mother's bus pass has not come for six weeks. Whom can she ask?",
                "state": "new",
                "language": "en",
                "created_at": "2026-03-02T12:00:00Z",
                "state_changed_at": None,
                "replies": [],
            }
        },
    )

    id: str
    text: str
    state: State
    language: str
    created_at: datetime
    state_changed_at: datetime | None
    replies: list[EnquiryReplyOut]


class EnquiryFilter(Paging):
    """Which enquiries are wanted, and in which order."""

    state: State | None = None
    since: AwareDatetime | None = Field(None, description="Sent at this time or later.")
    until: AwareDatetime | None = Field(None, description="Sent before this time.")
    sort: Literal["oldest", "newest"] = Field("oldest", description="Who has waited longest comes first.")


class EnquiryStateIn(BaseModel):
    """The state in which it is from now on."""

    state: Literal[State.READ, State.ANSWERED] = Field(examples=["read"])


class EnquiryReplyIn(BaseModel):
    """The words that reach the citizen."""

    model_config = ConfigDict(str_strip_whitespace=True)

    text: str = Field(
        min_length=1, max_length=2000, examples=["The pass was posted today; it arrives by Thursday."]
    )


@router.get("", summary="List enquiries", responses=documented(401, 403, 422))
def list_enquiries(_: Reader, db: Db, wanted: Annotated[EnquiryFilter, Query()]) -> Page[EnquiryOut]:
    """Enquiries by state and time."""
    rows, total = queries.page(
        db,
        queries.Wanted(state=wanted.state, since=wanted.since, until=wanted.until, sort=wanted.sort),
        wanted.limit,
        wanted.offset,
    )
    items = [EnquiryOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=wanted.limit, offset=wanted.offset)


@router.get("/{enquiry_id}", summary="Read an enquiry", responses=documented(401, 403, 404))
def read_enquiry(enquiry_id: str, _: Reader, db: Db) -> EnquiryOut:
    """One enquiry with its answers."""
    return EnquiryOut.model_validate(queries.get(db, enquiry_id))


@router.patch("/{enquiry_id}", summary="Mark an enquiry", responses=documented(401, 403, 404, 409, 422))
def mark_enquiry(enquiry_id: str, change: EnquiryStateIn, caller: Worker, db: Db, at: Now) -> EnquiryOut:
    """Marks an enquiry as read or answered; it never goes back (409)."""
    return EnquiryOut.model_validate(commands.set_state(db, caller, enquiry_id, change.state, at))


@router.post(
    "/{enquiry_id}/replies",
    status_code=201,
    summary="Answer an enquiry",
    responses=documented(401, 403, 404, 409, 422),
)
def answer_enquiry(
    enquiry_id: str, said: EnquiryReplyIn, caller: Worker, db: Db, parts: Parts, at: Now
) -> EnquiryReplyOut:
    """Sends an answer to the citizen in the channel they used; the same words twice are refused (409)."""
    answer = commands.reply(db, caller, enquiry_id, said.text, parts.text, at)
    return EnquiryReplyOut.model_validate(answer)
