"""Asking for a person: the message in one turn, unless it was given already."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.base import LoopAction
from civic.contact import talk
from civic.conversation.types import LoopStep, Reply, Turn
from civic.kit.services import Services


class ContactForm(LoopAction):
    """Takes a citizen's message to the officials."""

    action_name = "contact_form"

    def advance(self, session: Session, turn: Turn, services: Services) -> LoopStep:
        opening = services.text("contact-opening-words", turn.language)
        progress = talk.advance(session, turn, opening=opening)
        replies = [Reply(text=services.text(key, turn.language)) for key in progress.say]
        return LoopStep(replies=replies, status=progress.status)
