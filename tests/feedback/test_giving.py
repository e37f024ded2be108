"""A citizen gives feedback, and it is stored as they meant it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from actions.feedback import FeedbackForm
from civic.feedback.models import Feedback, FeedbackTalk
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.office import Talker

pytestmark = pytest.mark.one_database

WORDS = "More benches along the river path, please"


@pytest.fixture
def citizen(talker: Callable[..., Talker]) -> Talker:
    return talker(FeedbackForm)


def stored(services: Services) -> list[Feedback]:
    with services.sessions() as session:
        return list(session.scalars(select(Feedback).order_by(Feedback.id)))


@pytest.mark.both_databases
def test_text_topic_and_rating_are_asked_for_and_kept(citizen: Talker, services: Services) -> None:
    assert "what you think" in citizen.says("I want to give feedback", "give_feedback")
    assert "What is it about" in citizen.says(WORDS)
    assert "satisfied" in citizen.presses("An idea for the town")
    assert "arrives right here" in citizen.presses("4")
    assert citizen.status == "done"
    (feedback,) = stored(services)
    assert (feedback.text, feedback.topic, feedback.rating, feedback.state) == (WORDS, "idea", 4, "new")
    assert feedback.created_at == services.clock.now()


def test_feedback_in_the_first_message_is_not_asked_for_again(citizen: Talker, services: Services) -> None:
    said = "I have a suggestion: put more benches along the river path"
    assert "What is it about" in citizen.says(said, "give_feedback")
    assert stored(services)[0].text == said


@pytest.mark.parametrize(
    "opening",
    [
        "feedback",
        "I'd like to give you some feedback, please",
        "i wanna make a suggestion",
        "Can I share my opinion about the town council?",
    ],
)
def test_the_wish_to_give_feedback_is_not_feedback(citizen: Talker, services: Services, opening: str) -> None:
    assert "what you think" in citizen.says(opening, "give_feedback")
    assert stored(services) == []


def test_topic_and_rating_may_be_left_out(citizen: Talker, services: Services) -> None:
    citizen.says(WORDS, "give_feedback")
    citizen.presses("Skip")
    citizen.says("no", "deny")
    assert citizen.status == "done"
    assert (stored(services)[0].topic, stored(services)[0].rating) == (None, None)


@pytest.mark.parametrize(
    ("typed", "rating"), [("5", 5), ("5 stars", 5), ("I'd say 2", 2), ("3/3", 3), ("4!", 4)]
)
def test_a_rating_may_be_typed(citizen: Talker, services: Services, typed: str, rating: int) -> None:
    citizen.says(WORDS, "give_feedback")
    # A valid answer beats the classifier, however sure it is.
    citizen.says("this assistant", "bot_challenge", 0.99)
    citizen.says(typed, "report_problem", 0.99)
    assert citizen.status == "done"
    assert (stored(services)[0].topic, stored(services)[0].rating) == ("assistant", rating)


@pytest.mark.parametrize("typed", ["6", "0", "between 2 and 4", "-", "very good indeed"])
def test_a_rating_that_is_none_is_explained_and_asked_again(
    citizen: Talker, services: Services, typed: str
) -> None:
    citizen.says(WORDS, "give_feedback")
    citizen.presses("Skip")
    assert "choose one of the buttons" in citizen.says(typed)
    assert citizen.status == "asking"
    assert [choice.label for choice in citizen.choices] == ["1", "2", "3", "4", "5", "Skip"]
    assert stored(services)[0].rating is None


@pytest.mark.both_databases
def test_leaving_half_way_loses_nothing(citizen: Talker, services: Services) -> None:
    citizen.says(WORDS, "give_feedback")
    citizen.active = False  # the session expired
    citizen.says("I want to give feedback", "give_feedback")
    assert [feedback.text for feedback in stored(services)] == [WORDS]


@pytest.mark.both_databases
@pytest.mark.parametrize("said", ["cancel", "Stop, forget it!"])
def test_cancelling_takes_back_what_was_said(citizen: Talker, services: Services, said: str) -> None:
    citizen.says(WORDS, "give_feedback")
    assert "nothing was passed on" in citizen.says(said, "cancel")
    assert citizen.status == "done"
    assert stored(services) == []
    with services.sessions() as session:
        assert session.scalars(select(FeedbackTalk)).all() == []


def test_cancelling_before_the_text_stores_nothing(citizen: Talker, services: Services) -> None:
    citizen.says("feedback", "give_feedback")
    citizen.sends(intent="cancel")
    assert citizen.status == "done"
    assert stored(services) == []


def test_a_question_in_between_is_answered_and_the_talk_comes_back(
    citizen: Talker, services: Services
) -> None:
    citizen.says("feedback", "give_feedback")
    citizen.says("When is the library open?", "ask_policy")
    assert citizen.status == "interrupted"
    assert "what you think" in citizen.is_asked_again()
    citizen.says(WORDS)
    assert stored(services)[0].text == WORDS
    citizen.says("when is the library open", "ask_policy")
    assert citizen.status == "interrupted"
    assert "What is it about" in citizen.is_asked_again()


def test_help_in_between_is_given(citizen: Talker) -> None:
    citizen.says("feedback", "give_feedback")
    citizen.says("help", "help")
    assert citizen.status == "interrupted"


def test_an_opinion_that_sounds_like_something_else_is_an_opinion(
    citizen: Talker, services: Services
) -> None:
    citizen.says("feedback", "give_feedback")
    citizen.says("The street lights in Mill Lane are always broken and nobody cares", "report_problem", 0.99)
    assert stored(services)[0].text.startswith("The street lights")


def test_a_stray_word_at_a_question_with_buttons_starts_nothing_else(citizen: Talker) -> None:
    citizen.says(WORDS, "give_feedback")
    assert "choose one of the buttons" in citizen.says("the bins", "report_problem", 0.3)


@pytest.mark.parametrize("said", ["👍👍", "...", "!!!"])
def test_signs_without_words_are_not_taken_for_feedback(
    citizen: Talker, services: Services, said: str
) -> None:
    citizen.says("feedback", "give_feedback")
    assert "could not find any words" in citizen.says(said)
    assert stored(services) == []


def test_a_button_of_another_part_is_not_an_answer(citizen: Talker, services: Services) -> None:
    citizen.says(WORDS, "give_feedback")
    citizen.sends(intent="choose", choice="knowledge:helpful:1")
    assert citizen.status == "interrupted"
    # Nor is a button of an earlier question, pressed late.
    citizen.sends(intent="choose", choice="feedback:rating:5")
    assert citizen.status == "interrupted"
    assert stored(services)[0].rating is None


def test_the_button_that_opens_the_talk_may_be_pressed_twice(citizen: Talker) -> None:
    citizen.sends(intent="give_feedback")
    assert "what you think" in citizen.sends(intent="give_feedback")
    assert citizen.status == "asking"


def test_markup_is_kept_as_it_was_typed(citizen: Talker, services: Services) -> None:
    said = '<b>Please</b> { $town } /intent{"a": 1} fix the benches'
    citizen.says(said, "give_feedback")
    assert stored(services)[0].text == said


@pytest.mark.both_databases
def test_two_citizens_at_once_do_not_mix(
    talker: Callable[..., Talker], services: Services, clock: SettableClock
) -> None:
    one, two = talker(FeedbackForm, "chat-1"), talker(FeedbackForm, "chat-2")
    one.says("feedback", "give_feedback")
    two.says("feedback", "give_feedback")
    one.says("The market is wonderful on Saturdays")
    clock.advance(timedelta(seconds=1))
    two.says("The market is far too loud")
    two.presses("Skip")
    two.presses("1")
    assert one.presses("A town service") and "satisfied" in one.heard
    ratings = {feedback.text: (feedback.topic, feedback.rating) for feedback in stored(services)}
    assert ratings == {
        "The market is wonderful on Saturdays": ("service", None),
        "The market is far too loud": (None, 1),
    }
