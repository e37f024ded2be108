"""What plainly answers a survey is not classified, and is taken as it would be if it were."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from civic.conversation.models import Conversation
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.surveys import clear
from civic.surveys.rules import ASIDE, LOOP
from tests.surveys.conftest import Respondent

WHOLE = ("the waste survey", "yes", "a flat", "around 2", "rubbish and glass", "every week", "4", "of course")
Plain = Callable[[str], bool]


@pytest.fixture
def plain(session: Session, respondent: Respondent, services: Services) -> Plain:
    """Whether a text is a plain answer where the respondent stands now."""

    def ask(text: str) -> bool:
        at = session.get(Conversation, respondent.conversation_id)
        assert at is not None
        at.active_loop = LOOP if respondent.looping else None
        return clear.answers(session, at, text, "en", services)

    return ask


def at_the_open_question(respondent: Respondent) -> str:
    for text in WHOLE[:-1]:
        respondent.says(text, "start_survey")
    return respondent.says(WHOLE[-1])


def test_plain_answers_are_taken_whatever_a_classifier_says(respondent: Respondent, plain: Plain) -> None:
    respondent.starts(WHOLE[0])
    for text, intent in zip(WHOLE[1:], sorted(ASIDE), strict=False):
        assert plain(text), text
        respondent.says(text, intent, 1.0)
        assert respondent.status == "asking", (text, intent)
    assert plain("more glass banks near the station")
    assert "Thank you" in respondent.says("more glass banks near the station", "report_problem", 1.0)
    assert [row.state for row in respondent.rows] == ["completed"]


@pytest.mark.one_database
@pytest.mark.parametrize(
    "text", ["why do you ask?", "a castle", "back", "stop", "what does a skip cost?", "help"]
)
def test_what_is_no_answer_to_a_closed_question_is_classified(
    respondent: Respondent, plain: Plain, text: str
) -> None:
    respondent.starts(WHOLE[0])
    respondent.says("yes")
    assert not plain(text)


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["when is the tip open?", "back", "skip", "delete my data"])
def test_a_question_or_a_wish_at_an_open_question_is_classified(
    respondent: Respondent, plain: Plain, text: str
) -> None:
    at_the_open_question(respondent)
    assert not plain(text)
    assert plain("the tip should open on Sundays")


@pytest.mark.one_database
def test_outside_of_a_survey_and_after_a_silence_nothing_is_plain(
    respondent: Respondent, plain: Plain, clock: SettableClock
) -> None:
    assert not plain("yes")
    respondent.starts(WHOLE[0])
    assert plain("yes")
    clock.advance(timedelta(hours=2))
    assert not plain("yes")
    clock.advance(timedelta(hours=-2))
    respondent.says("stop")
    assert not plain("yes")
