"""Asking: a question is answered with its source; its buttons rate the answer or pass the question on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.base import CivicAction, Outcome, finds_thread, handles_choice
from civic.conversation.types import Turn
from civic.kit.services import Services
from civic.knowledge import asking


class ActionAnswerQuestion(CivicAction):
    """Answers from the municipality's documents, or says that it does not know."""

    action_name = "action_answer_question"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        return Outcome(replies=asking.ask(session, turn, services))


@handles_choice("knowledge")
def press(session: Session, turn: Turn, services: Services) -> Outcome:
    """Buttons under an answer."""
    return Outcome(replies=asking.press(session, turn, services))


@finds_thread
def found(session: Session, turn: Turn, services: Services) -> Outcome | None:
    """A typed yes or no to what stood under an answer."""
    said = asking.answer_in_words(session, turn, services)
    return Outcome(replies=said) if said else None
