"""Reporting a problem, and asking what became of it."""

from __future__ import annotations

from random import SystemRandom

from rasa_sdk.events import ActiveLoop
from sqlalchemy.orm import Session

from actions.base import CivicAction, LoopAction, Outcome, finds_thread, handles_choice
from civic.conversation.types import LoopStep, Turn
from civic.kit.services import Services
from civic.service_requests import status
from civic.service_requests.intake import talk, words

RANDOM = SystemRandom()


class ComplaintForm(LoopAction):
    """Takes a report, from the first words to its number."""

    action_name = "complaint_form"
    survives_silence = True

    def advance(self, session: Session, turn: Turn, services: Services) -> LoopStep:
        return talk.advance(session, turn, services, RANDOM)


class ActionCheckStatus(CivicAction):
    """Says how a report stands."""

    action_name = "action_check_status"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        return Outcome(replies=[status.check(session, turn, services)])


@handles_choice(words.BUTTON)
def old_button(session: Session, turn: Turn, services: Services) -> Outcome:
    """A button of a report that is over: a double tap on "Send", for one."""
    return Outcome(replies=[talk.pressed_outside(session, turn, services)])


@handles_choice(status.BUTTON)
def one_report(session: Session, turn: Turn, services: Services) -> Outcome:
    """One of "my reports"."""
    return Outcome(replies=[status.pressed(session, turn, services)])


@finds_thread
def unfinished_report(session: Session, turn: Turn, services: Services) -> Outcome | None:
    """A place, a photo or a word that came hours after the question: the report is still there."""
    step = talk.pick_up(session, turn, services, RANDOM)
    if step is None:
        return None
    events = [ActiveLoop(ComplaintForm.action_name)] if step.status == "asking" else []
    return Outcome(replies=step.replies, events=events)
