"""Asking: a question is answered with its source; its buttons rate the answer or pass the question on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.base import CivicAction, Outcome, handles_choice
from civic.conversation.types import Reply, Turn
from civic.kit.services import Services
from civic.knowledge import asking


class ActionAnswerQuestion(CivicAction):
    """Answers from the municipality's documents, or says that it does not know."""

    action_name = "action_answer_question"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        return Outcome(replies=asking.ask(session, turn, services))


class ActionRateAnswer(CivicAction):
    """Takes a typed yes or no for "Did this help?"."""

    action_name = "action_rate_answer"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        replies = asking.rate_in_words(session, turn, services)
        return Outcome(
            replies=replies or [Reply(text=services.text("routing-nothing-open-answer", turn.language))]
        )


class ActionPassQuestionOn(CivicAction):
    """Passes the last question on to the officials."""

    action_name = "action_pass_question_on"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        return Outcome(replies=asking.pass_on_latest(session, turn, services))


@handles_choice("knowledge")
def press(session: Session, turn: Turn, services: Services) -> Outcome:
    """Buttons under an answer."""
    return Outcome(replies=asking.press(session, turn, services))
