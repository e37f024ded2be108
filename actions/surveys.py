"""Surveys in the dialogue: the loop, the list, old buttons, and coming back to one that waits."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction
from sqlalchemy.orm import Session

from actions.base import CivicAction, LoopAction, Outcome, finds_thread, handles_choice, reminds
from civic.conversation.types import LoopStep, Reply, Turn
from civic.kit.ids import new_secret
from civic.kit.services import Services
from civic.surveys import buttons, subscribing, talk, waiting
from civic.surveys.rules import LOOP
from civic.surveys.talk import Desk
from civic.understanding.meaning import meaning_of


class SurveyForm(LoopAction):
    """Asks a survey's questions and takes the answers."""

    action_name = LOOP
    survives_silence = True

    def advance(self, session: Session, turn: Turn, services: Services) -> LoopStep:
        return talk.advance(session, turn, desk(services))


class ActionListSurveys(CivicAction):
    """Shows the surveys that the citizen can answer, as buttons."""

    action_name = "action_list_surveys"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        return Outcome(replies=[talk.listing(session, turn, desk(services))])


@handles_choice(buttons.PREFIX)
def old_button(session: Session, turn: Turn, services: Services) -> Outcome:
    """A survey's button outside the survey: the survey itself knows what it is worth."""
    if buttons.about_news(turn.choice):
        return Outcome(replies=[subscribing.pressed(session, turn, services.text)])
    if buttons.put_off(turn.choice):
        return Outcome(replies=[Reply(text=services.text("surveys-later", turn.language))])
    return Outcome(events=[FollowupAction(SurveyForm.action_name)])


@finds_thread
def lost_thread(session: Session, turn: Turn, services: Services) -> Outcome | None:
    """After a long silence the dialogue forgets the survey; the survey does not, and takes the answer."""
    if waiting.lost(session, turn) is None:
        return None
    return Outcome(events=[FollowupAction(SurveyForm.action_name)])


@reminds
def waiting_survey(session: Session, turn: Turn, services: Services) -> Reply | None:
    """Offers once to go on with a survey that was paused."""
    return waiting.offer(session, turn, services.text)


def desk(services: Services) -> Desk:
    """What the survey talk needs of this process."""
    return Desk(
        text=services.text,
        catalogue=services.catalogue,
        folder=services.settings.content / "surveys",
        secret=services.settings.secret("secret_key"),
        random_id=lambda: new_secret(16),
        meaning=meaning_of(services),
    )
