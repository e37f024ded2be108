"""Feedback for officials: read it, mark it, answer it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import Db, Now, Page, Paging, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.feedback import commands, queries
from civic.feedback.rules import State, Topic

router = APIRouter(prefix="/feedback", tags=["Feedback"])

Reader = Annotated[Official, Depends(official_with(Permission.FEEDBACK_READ))]
Worker = Annotated[Official, Depends(official_with(Permission.FEEDBACK_WORK))]


class ReplyOut(BaseModel):
    """What an official answered."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["01JD9ZK6W3Q8V5T2N7M4X0B1CC"])
    official_id: str = Field(examples=["01JD9ZK6W3Q8V5T2N7M4X0B1AA"])
    text: str = Field(examples=["Thank you! Four benches are planned for this spring."])
    created_at: datetime


class FeedbackOut(BaseModel):
    """One citizen's opinion or suggestion."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "text": "More benches along the river path, please.",
                "topic": "idea",
                "rating": 4,
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
    topic: Topic | None
    rating: int | None
    state: State
    language: str
    created_at: datetime
    state_changed_at: datetime | None
    replies: list[ReplyOut]


class FeedbackFilter(Paging):
    """Which feedback is wanted, and in which order."""

    state: State | None = None
    topic: Topic | None = None
    rating: int | None = Field(None, ge=1, le=5)
    since: AwareDatetime | None = Field(None, description="Given at this time or later.")
    until: AwareDatetime | None = Field(None, description="Given before this time.")
    sort: Literal["newest", "oldest", "rating"] = Field("newest", description="`rating`: unhappiest first.")


class StateIn(BaseModel):
    """The state in which it is from now on."""

    state: Literal[State.READ, State.ANSWERED] = Field(examples=["read"])


class ReplyIn(BaseModel):
    """The words that reach the citizen."""

    model_config = ConfigDict(str_strip_whitespace=True)

    text: str = Field(
        min_length=1, max_length=2000, examples=["Thank you! Four benches are planned for this spring."]
    )


@router.get("", summary="List feedback", responses=documented(401, 403, 422))
def list_feedback(_: Reader, db: Db, wanted: Annotated[FeedbackFilter, Query()]) -> Page[FeedbackOut]:
    """Feedback by state, topic, rating and time."""
    rows, total = queries.page(
        db,
        queries.Wanted(
            state=wanted.state,
            topic=wanted.topic,
            rating=wanted.rating,
            since=wanted.since,
            until=wanted.until,
            sort=wanted.sort,
        ),
        wanted.limit,
        wanted.offset,
    )
    items = [FeedbackOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=wanted.limit, offset=wanted.offset)


@router.get("/{feedback_id}", summary="Read feedback", responses=documented(401, 403, 404))
def read_feedback(feedback_id: str, _: Reader, db: Db) -> FeedbackOut:
    """One piece of feedback with its answers."""
    return FeedbackOut.model_validate(queries.get(db, feedback_id))


@router.patch("/{feedback_id}", summary="Mark feedback", responses=documented(401, 403, 404, 409, 422))
def mark_feedback(feedback_id: str, change: StateIn, caller: Worker, db: Db, at: Now) -> FeedbackOut:
    """Marks feedback as read or answered; it never goes back (409)."""
    return FeedbackOut.model_validate(commands.set_state(db, caller, feedback_id, change.state, at))


@router.post(
    "/{feedback_id}/replies",
    status_code=201,
    summary="Answer feedback",
    responses=documented(401, 403, 404, 409, 422),
)
def answer_feedback(
    feedback_id: str, said: ReplyIn, caller: Worker, db: Db, parts: Parts, at: Now
) -> ReplyOut:
    """Sends an answer to the citizen in the channel they used; the same words twice are refused (409)."""
    return ReplyOut.model_validate(commands.reply(db, caller, feedback_id, said.text, parts.text, at))
