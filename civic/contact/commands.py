"""Takes a citizen's message to the officials, and officials' answers back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.audit.commands import record
from civic.contact import queries
from civic.contact.errors import SaidAlready
from civic.contact.models import Enquiry, EnquiryReply
from civic.contact.rules import State, move
from civic.conversation.types import Reply, Turn
from civic.delivery.commands import tell
from civic.kit.ids import new_id

Say = Callable[..., str]


def enquire(session: Session, turn: Turn, text: str) -> Enquiry:
    """Stores a citizen's message for the officials."""
    enquiry = Enquiry(
        id=new_id(turn.now),
        citizen_id=turn.citizen_id,
        conversation_id=turn.conversation_id,
        language=turn.language,
        text=text,
        state=State.NEW.value,
        created_at=turn.now,
    )
    session.add(enquiry)
    session.flush()
    return enquiry


def set_state(session: Session, official: Official, enquiry_id: str, target: State, now: datetime) -> Enquiry:
    """Marks an enquiry as read or answered; raises `IllegalStep` for a step back."""
    enquiry = queries.get(session, enquiry_id, for_update=True)
    before = State(enquiry.state)
    after = move(before, target)
    if after != before:
        enquiry.state = after.value
        enquiry.state_changed_at = now
        record(session, official, "official:mark:enquiry", enquiry.id, {"from": before, "to": after}, now)
    return enquiry


def reply(
    session: Session, official: Official, enquiry_id: str, text: str, say: Say, now: datetime
) -> EnquiryReply:
    """Answers a citizen in the channel they used, and marks the enquiry as answered.

    Raises `SaidAlready` when the very same answer was given before: a form that was sent twice.
    """
    enquiry = queries.get(session, enquiry_id, for_update=True)
    if any(earlier.text == text for earlier in enquiry.replies):
        raise SaidAlready
    answer = EnquiryReply(
        id=new_id(now), enquiry_id=enquiry.id, official_id=official.id, text=text, created_at=now
    )
    enquiry.replies.append(answer)
    enquiry.state = State.ANSWERED.value
    enquiry.state_changed_at = now
    session.flush()
    words = say("contact-reply", enquiry.language, answer=text)
    tell(
        session,
        enquiry.conversation_id,
        Reply(text=words, status="enquiry_reply"),
        dedupe_key=f"enquiry-reply:{answer.id}",
        now=now,
    )
    record(session, official, "official:answer:enquiry", enquiry.id, {"reply_id": answer.id}, now)
    return answer


def erase(session: Session, citizen_id: str, now: datetime) -> None:
    """Forgets all enquiries of a citizen; their answers go with them, by the database's own rule."""
    session.execute(delete(Enquiry).where(Enquiry.citizen_id == citizen_id))
