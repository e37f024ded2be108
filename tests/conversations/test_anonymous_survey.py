"""After an anonymous survey, over real Rasa, no table and no log leads from an answer to a person."""

from __future__ import annotations

from tests.people import Citizen
from tests.stack import Stack

WISH = "Zeppelin maps from Friedrichshafen"
WORRY = "Badgers among the encyclopaedias"


def test_an_answer_is_found_nowhere_but_among_the_answers(citizen: Citizen, stack: Stack) -> None:
    citizen.says("What do I need for a blue badge?")
    citizen.says("library survey")
    citizen.presses("Yes, let's begin")
    citizen.says("never")
    citizen.says(WISH)
    assert "rasa_tracker_snapshots" not in stack.where(WISH), "not even while the survey goes on"
    citizen.says("evenings")
    citizen.says("no")
    citizen.says(WORRY)
    assert "Thank you" in citizen.heard, citizen.heard
    for words in (WISH, WORRY):
        assert stack.where(words) == ["survey_answers"]
    citizen.says("What do I need for a blue badge?")
    assert citizen.heard and "Question" not in citizen.heard
    assert stack.where("blue badge"), "what was said outside the survey is kept"


def test_stopping_an_anonymous_survey_leaves_no_answer_anywhere(citizen: Citizen, stack: Stack) -> None:
    citizen.says("library survey")
    citizen.presses("Yes, let's begin")
    citizen.says("never")
    citizen.says("Harpsichord lessons at dawn")
    citizen.says("stop")
    citizen.presses("Yes, stop and delete")
    assert stack.where("Harpsichord") == []
