"""The survey in the dialogue: old buttons, a forgotten loop, a paused survey offered once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from actions.base import choice_handler
from actions.routing import ActionFallback, ActionNothingOpen
from actions.surveys import ActionListSurveys, SurveyForm
from civic.conversation import forgetting
from civic.conversation.types import Turn
from civic.encoder import SentenceEncoder
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.knowledge.live import LiveIndex
from civic.surveys.models import SurveyAnswer
from civic.surveys.sheets import files_in
from tests.fixtures import BUILT
from tests.office import Talker
from tests.surveys.typed import SURVEYS


class Dialogue:
    """Actions outside the loop, for the citizen of a talk."""

    def __init__(self, services: Services, talk: Talker) -> None:
        self.services, self.talk = services, talk
        # What nobody understood is looked up in the documents; here are none, so no encoder is asked.
        services.provide(LiveIndex, lambda _: LiveIndex(SentenceEncoder.load(BUILT / "encoder")))

    def does(
        self, kind: type[ActionFallback] | type[ActionNothingOpen], intent: str, text: str
    ) -> tuple[str, list[str]]:
        """What an action says, and the actions that follow it."""
        turn = Turn(
            conversation_id=self.talk.conversation.id,
            citizen_id=self.talk.conversation.citizen_id,
            message_id="x",
            language="en",
            now=self.services.clock.now(),
            intent=intent,
            text=text,
        )
        with self.services.sessions.begin() as session:
            outcome = kind(self.services)._perform(session, turn, None)
        said = "\n".join(reply.text for reply in outcome.replies)
        return said, [event["name"] for event in outcome.events if event["event"] == "followup"]


@pytest.fixture
def begun(services: Services, talker: Callable[..., Talker]) -> tuple[Talker, Dialogue]:
    talk = talker(SurveyForm)
    talk.says("transport survey", "start_survey")
    talk.says("yes")
    return talk, Dialogue(services, talk)


def test_after_a_long_silence_an_answer_is_taken_back_to_the_survey(
    begun: tuple[Talker, Dialogue], services: Services
) -> None:
    talk, dialogue = begun
    said, follow = dialogue.does(ActionFallback, "nlu_fallback", "every day")
    assert (said, follow) == ("", ["survey_form"])
    talk.active = False
    talk.says("every day", "nlu_fallback")
    with services.sessions() as session:
        assert [row.value for row in session.query(SurveyAnswer)] == ["daily"]


def test_weeks_later_a_stray_yes_is_no_answer(begun: tuple[Talker, Dialogue], clock: SettableClock) -> None:
    _, dialogue = begun
    clock.advance(timedelta(days=30))
    said, follow = dialogue.does(ActionNothingOpen, "affirm", "yes")
    assert follow == [] and "nothing open" in said
    assert "is waiting at question 1 of" in said


def test_a_paused_survey_is_offered_with_the_next_message_and_only_once(
    begun: tuple[Talker, Dialogue],
) -> None:
    talk, dialogue = begun
    talk.says("pause")
    said, follow = dialogue.does(ActionFallback, "nlu_fallback", "blue elephants")
    assert "Getting to the town centre" in said and "is waiting at question 1" in said and follow == []
    said, _ = dialogue.does(ActionFallback, "nlu_fallback", "green elephants")
    assert "waiting" not in said


def test_nothing_is_offered_to_who_has_no_survey_open(
    services: Services, talker: Callable[..., Talker]
) -> None:
    said, follow = Dialogue(services, talker(SurveyForm)).does(ActionFallback, "nlu_fallback", "elephants")
    assert "waiting" not in said and follow == []


def test_an_old_button_outside_the_survey_goes_to_the_survey(
    begun: tuple[Talker, Dialogue], services: Services
) -> None:
    talk, _ = begun
    value = talk.choices[0].value
    handler = choice_handler(value)
    assert handler is not None
    with services.sessions.begin() as session:
        turn = talk_turn(talk, services, value)
        assert [event["name"] for event in handler(session, turn, services).events] == ["survey_form"]
        later = handler(session, talk_turn(talk, services, "survey:later:x"), services)
    assert "whenever you want" in later.replies[0].text and not later.events


def talk_turn(talk: Talker, services: Services, choice: str) -> Turn:
    return Turn(
        conversation_id=talk.conversation.id,
        citizen_id=talk.conversation.citizen_id,
        message_id="y",
        language="en",
        now=services.clock.now(),
        intent="choose",
        choice=choice,
    )


def test_surveys_are_listed_by_their_own_action(services: Services, talker: Callable[..., Talker]) -> None:
    talk = talker(SurveyForm)
    with services.sessions.begin() as session:
        outcome = ActionListSurveys(services).act(session, talk_turn(talk, services, ""), services)
    assert len(outcome.replies[0].choices) == len(files_in(SURVEYS)) == 4
    assert all(choice.intent == "start_survey" for choice in outcome.replies[0].choices)


def test_the_encoder_is_asked_for_meaning_only_where_words_gave_nothing(
    services: Services, talker: Callable[..., Talker]
) -> None:
    """Without an encoder in the process the survey still works, by words alone."""
    talk = talker(SurveyForm)
    talk.says("transport survey", "start_survey")
    talk.says("yes")
    assert "could not tell which answer" in talk.says("whenever the moon is full")


def test_forgetting_a_citizen_in_mid_survey_leaves_nothing(
    begun: tuple[Talker, Dialogue], services: Services, tmp_path: Path
) -> None:
    talk, _ = begun
    talk.says("daily")
    with services.sessions.begin() as session:
        forgetting.erase_citizen(session, talk.conversation.citizen_id, services.clock.now())
    with services.sessions() as session:
        assert session.query(SurveyAnswer).count() == 0
