"""What a conversation forgets: everything of a citizen on request, old buttons by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic.conversation.models import (
    ActionResult,
    Attachment,
    ChannelAddress,
    ChoiceToken,
    Citizen,
    Conversation,
    InboundRecord,
    OutboundRecord,
)
from civic.kit.ids import new_id

# Long after the last message that could be sent again, and the last button anybody scrolls back to.
KEPT = timedelta(days=90)


def erase_citizen(session: Session, citizen_id: str, now: datetime) -> None:
    """Forgets every message, button, photo row and result of a citizen, and the conversation's id.

    The addresses stay, joined to a new citizen with a new conversation, so that the
    confirmation can still be delivered there. The last number lives on: a web page that
    resumes by number must not see it go backwards.
    """
    old = session.scalars(
        select(Conversation)
        .where(Conversation.citizen_id == citizen_id)
        .execution_options(populate_existing=True)
    ).all()
    for conversation in old:
        address = session.get_one(ChannelAddress, conversation.address_id)
        language = session.get_one(Citizen, citizen_id).language
        fresh = Citizen(id=new_id(now), created_at=now, language=language)
        session.add(fresh)
        session.flush()
        address_id, last_seq = address.id, conversation.last_seq
        for table in (ActionResult, ChoiceToken, Attachment, OutboundRecord, InboundRecord):
            session.execute(delete(table).where(table.conversation_id == conversation.id))
        session.delete(conversation)
        address.citizen_id = fresh.id
        session.flush()
        session.add(
            Conversation(
                id=new_id(now),
                address_id=address_id,
                citizen_id=fresh.id,
                created_at=now,
                last_active_at=now,
                last_seq=last_seq,
            )
        )
        session.flush()
    session.execute(delete(Citizen).where(Citizen.id == citizen_id))


def prune(session: Session, before: datetime) -> int:
    """Forgets buttons and action results older than `before`; returns how many rows went.

    Both only matter while a message can still be sent again or a button is on a screen.
    """
    gone = 0
    for table in (ActionResult, ChoiceToken):
        gone += session.execute(delete(table).where(table.created_at < before)).rowcount  # type: ignore[attr-defined]
    return gone
