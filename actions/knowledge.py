"""Asking: a question is answered with its source; its buttons rate the answer or pass the question on."""

from __future__ import annotations

from sqlalchemy.orm import Session

from actions.base import CivicAction, Outcome, finds_thread, handles_choice
from actions.two_acts import two_acts
from civic.conversation.types import Choice, Reply, Turn
from civic.kit.services import Services
from civic.knowledge import asking, commands
from civic.service_requests.suggester import Suggester

# The button under an answer that files the other half of the message: `<prefix>:<question id>`.
REPORT_OFFER = "report-offer"
# Replies after which a report may be offered as well.
ANSWERED = {"answered", "answered_partly", "unanswerable_no_source"}


class ActionAnswerQuestion(CivicAction):
    """Answers from the municipality's documents, or says that it does not know."""

    action_name = "action_answer_question"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        acts = None
        if turn.loop is None and turn.text:
            acts = two_acts(turn.text, lambda text: services.get(Suggester).suggest(text))
        replies = asking.ask(session, turn, services, acts.question if acts else None)
        offer = offer_report(session, turn, services, replies, acts.complaint) if acts else []
        return Outcome(replies=[*replies, *offer])


def offer_report(
    session: Session, turn: Turn, services: Services, replies: list[Reply], complaint: str
) -> list[Reply]:
    """The offer to file the complaint that stands beside the question in one message."""
    if not {reply.status for reply in replies if reply.status} & ANSWERED:
        return []
    question_id = commands.note_complaint(session, turn, complaint)
    if question_id is None:
        return []
    button = Choice(
        label=services.text("knowledge-button-report", turn.language),
        intent="report_problem",
        value=f"{REPORT_OFFER}:{question_id}",
    )
    return [Reply(text=services.text("knowledge-offer-report", turn.language), choices=[button])]


@handles_choice("knowledge")
def press(session: Session, turn: Turn, services: Services) -> Outcome:
    """Buttons under an answer."""
    return Outcome(replies=asking.press(session, turn, services))


@finds_thread
def found(session: Session, turn: Turn, services: Services) -> Outcome | None:
    """A typed yes, no or "not what I meant" to what stood under an answer."""
    said = asking.answer_in_words(session, turn, services)
    return Outcome(replies=said) if said else None
