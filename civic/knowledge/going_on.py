"""A short message right after an answer that says itself that it goes on ("and on Sundays?").

Such a message hardly says what it is about, so that nobody could tell its wish from its words alone.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from civic.conversation import queries as conversations
from civic.conversation.models import Conversation
from civic.conversation.types import InboundMessage
from civic.knowledge import queries, rules
from civic.knowledge.answering import Status

SOON = timedelta(minutes=10)
ANSWERED = frozenset({Status.ANSWERED, Status.ANSWERED_PARTLY, Status.UNANSWERABLE_NO_SOURCE})


def goes_on(session: Session, at: Conversation | None, message: InboundMessage) -> bool:
    """Whether a typed message goes on from the question just before it, and no loop waits for it."""
    if message.choice or message.intent or message.about or not rules.is_next_question(message.text or ""):
        return False
    if at is None or at.active_loop is not None:
        return False
    before = queries.latest_question(session, at.id)
    if before is None or before.status not in ANSWERED or message.received_at - before.asked_at > SOON:
        return False
    return conversations.received_since(session, at.id, before.asked_at) == 0
