"""Every SELECT about feedback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from civic.feedback.errors import UnknownFeedback
from civic.feedback.models import Feedback, FeedbackTalk
from civic.feedback.rules import State, Topic


@dataclass(frozen=True)
class Wanted:
    """Which feedback is wanted."""

    state: State | None = None
    topic: Topic | None = None
    rating: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    sort: Literal["newest", "oldest", "rating"] = "newest"


def talk(session: Session, conversation_id: str) -> FeedbackTalk | None:
    """Where the citizen is in giving feedback."""
    return session.get(FeedbackTalk, conversation_id)


def get(session: Session, feedback_id: str, *, for_update: bool = False) -> Feedback:
    """One piece of feedback; raises `UnknownFeedback`."""
    statement = select(Feedback).where(Feedback.id == feedback_id).options(selectinload(Feedback.replies))
    found = session.scalar(statement.with_for_update() if for_update else statement)
    if found is None:
        raise UnknownFeedback
    return found


def page(session: Session, wanted: Wanted, limit: int, offset: int = 0) -> tuple[Sequence[Feedback], int]:
    """A page of feedback and how much there is in all."""
    where = _conditions(wanted)
    order = {
        "newest": (Feedback.created_at.desc(), Feedback.id.desc()),
        "oldest": (Feedback.created_at, Feedback.id),
        # Those who gave no rating come last, on every database.
        "rating": (func.coalesce(Feedback.rating, 99), Feedback.created_at.desc(), Feedback.id.desc()),
    }[wanted.sort]
    rows = select(Feedback).where(*where).order_by(*order).options(selectinload(Feedback.replies))
    total = session.scalar(select(func.count()).select_from(Feedback).where(*where)) or 0
    return session.scalars(rows.limit(limit).offset(offset)).all(), total


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        conditions.append(Feedback.state == wanted.state.value)
    if wanted.topic is not None:
        conditions.append(Feedback.topic == wanted.topic.value)
    if wanted.rating is not None:
        conditions.append(Feedback.rating == wanted.rating)
    if wanted.since is not None:
        conditions.append(Feedback.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Feedback.created_at < wanted.until)
    return conditions
