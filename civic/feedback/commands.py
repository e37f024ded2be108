"""What officials do about feedback, and how it is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.audit.commands import record
from civic.conversation.types import Reply
from civic.delivery.commands import tell
from civic.feedback import queries
from civic.feedback.errors import SaidAlready
from civic.feedback.models import Feedback, FeedbackReply
from civic.feedback.rules import State, move
from civic.kit.ids import new_id

Say = Callable[..., str]


def set_state(
    session: Session, official: Official, feedback_id: str, target: State, now: datetime
) -> Feedback:
    """Marks feedback as read or answered; raises `IllegalStep` for a step back."""
    feedback = queries.get(session, feedback_id, for_update=True)
    before = State(feedback.state)
    after = move(before, target)
    if after != before:
        feedback.state = after.value
        feedback.state_changed_at = now
        record(session, official, "official:mark:feedback", feedback.id, {"from": before, "to": after}, now)
    return feedback


def reply(
    session: Session, official: Official, feedback_id: str, text: str, say: Say, now: datetime
) -> FeedbackReply:
    """Answers a citizen in the channel they used, and marks the feedback as answered.

    Raises `SaidAlready` when the very same answer was given before: a form that was sent twice.
    """
    feedback = queries.get(session, feedback_id, for_update=True)
    if any(earlier.text == text for earlier in feedback.replies):
        raise SaidAlready
    answer = FeedbackReply(
        id=new_id(now), feedback_id=feedback.id, official_id=official.id, text=text, created_at=now
    )
    feedback.replies.append(answer)
    feedback.state = State.ANSWERED.value
    feedback.state_changed_at = now
    session.flush()
    words = say("feedback-reply", feedback.language, answer=text)
    tell(
        session,
        feedback.conversation_id,
        Reply(text=words, status="feedback_reply"),
        dedupe_key=f"feedback-reply:{answer.id}",
        now=now,
    )
    record(session, official, "official:answer:feedback", feedback.id, {"reply_id": answer.id}, now)
    return answer


def erase(session: Session, citizen_id: str, now: datetime) -> None:
    """Forgets all feedback of a citizen; answers and the talk go with it, by the database's own rule."""
    session.execute(delete(Feedback).where(Feedback.citizen_id == citizen_id))
