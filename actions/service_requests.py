"""Reporting a problem, and asking what became of it."""

from __future__ import annotations

from random import SystemRandom

from rasa_sdk.events import ActiveLoop
from sqlalchemy.orm import Session

from actions.base import CivicAction, LoopAction, Outcome, finds_thread, handles_choice
from actions.knowledge import REPORT_OFFER
from actions.two_acts import two_acts
from civic.conversation.types import LoopStep, Reply, Turn
from civic.kit.services import Services
from civic.knowledge import asking
from civic.knowledge import queries as knowledge
from civic.service_requests import hearing, satisfaction, status
from civic.service_requests.intake import afterwards, talk, words
from civic.service_requests.suggester import Suggester
from civic.service_requests.typed import NOTE, WISH
from civic.service_requests.verdicts import RATING, VERDICT

RANDOM = SystemRandom()


class ComplaintForm(LoopAction):
    """Takes a report, from the first words to its number."""

    action_name = "complaint_form"
    survives_silence = True

    def advance(self, session: Session, turn: Turn, services: Services) -> LoopStep:
        if turn.choice and turn.choice.startswith(f"{VERDICT}:"):
            return _different_problem(session, turn, services)
        answered = _question_in(session, turn, services)
        step = talk.advance(session, _offered(session, turn), services, RANDOM)
        return step.model_copy(update={"replies": [*answered, *step.replies]})


def _different_problem(session: Session, turn: Turn, services: Services) -> LoopStep:
    """ "It is a different problem": noted with the case that was solved, and a report begins."""
    said = satisfaction.said(session, turn, services)
    step = talk.advance(session, turn.model_copy(update={"choice": None, "text": None}), services, RANDOM)
    return step.model_copy(update={"replies": [*said, *step.replies]})


def _offered(session: Session, turn: Turn) -> Turn:
    """The turn of a button under an answer ("Report it"), as if its message were said to the report."""
    prefix, _, question_id = (turn.choice or "").partition(":")
    if prefix != REPORT_OFFER:
        return turn
    question = knowledge.question(session, turn.conversation_id, question_id)
    text = question.text if question is not None and question.complaint else None
    return turn.model_copy(update={"choice": None, "text": text})


def _question_in(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """The answer to a question that came with the complaint; nothing where the documents do not answer."""
    if not turn.starting or turn.resuming or turn.choice or not turn.text or turn.intent != "report_problem":
        return []
    if (acts := two_acts(turn.text, services.get(Suggester).suggest)) is None:
        return []
    asked = turn.model_copy(update={"text": acts.question, "loop": ComplaintForm.action_name})
    return asking.ask_if_known(session, asked, services)


class ActionCheckStatus(CivicAction):
    """Says how a report stands."""

    action_name = "action_check_status"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        step = afterwards.wanted(session, turn, services)
        return _begun(step) if step else Outcome(replies=[status.check(session, turn, services)])


def _begun(step: LoopStep) -> Outcome:
    """A comment or a withdrawal that was begun: what is said next belongs to it."""
    events = [ActiveLoop(ComplaintForm.action_name)] if step.status == "asking" else []
    return Outcome(replies=step.replies, events=events)


@handles_choice(words.BUTTON)
def old_button(session: Session, turn: Turn, services: Services) -> Outcome:
    """A button of a report that is over: a double tap on "Send", for one."""
    return Outcome(replies=[talk.pressed_outside(session, turn, services)])


@handles_choice(status.BUTTON)
def one_report(session: Session, turn: Turn, services: Services) -> Outcome:
    """One of "my reports", or what is to be done with it."""
    step = afterwards.pressed(session, turn, services)
    if step is not None:
        return _begun(step)
    return Outcome(replies=[status.pressed(session, turn, services)])


@handles_choice(VERDICT)
def verdict(session: Session, turn: Turn, services: Services) -> Outcome:
    """ "Fixed" or "Not fixed", days after the solution perhaps."""
    return Outcome(replies=satisfaction.said(session, turn, services))


@handles_choice(RATING)
def rating(session: Session, turn: Turn, services: Services) -> Outcome:
    """1 to 5, and why."""
    return Outcome(replies=satisfaction.rated(session, turn, services))


@handles_choice(NOTE)
def note(session: Session, turn: Turn, services: Services) -> Outcome:
    """Words, a photo or a place for a case."""
    return Outcome(replies=[hearing.note(session, turn, services)])


@handles_choice(WISH)
def wish(session: Session, turn: Turn, services: Services) -> Outcome:
    """What the citizen wants to hear of their own accord."""
    return Outcome(replies=[hearing.wish(session, turn, services)])


@finds_thread
def unfinished_report(session: Session, turn: Turn, services: Services) -> Outcome | None:
    """A place, a photo or a word that came hours after the question: the report is still there."""
    step = talk.pick_up(session, turn, services, RANDOM)
    if step is None:
        return None
    events = [ActiveLoop(ComplaintForm.action_name)] if step.status == "asking" else []
    return Outcome(replies=step.replies, events=events)
