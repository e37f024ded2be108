"""Who goes silent and comes back is welcomed, and finds everything where it was."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.people import Citizen
from tests.stack import Stack, missing

SECONDS = 3.0


@pytest.fixture(scope="module")
def short_silence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product for which three seconds are a long silence."""
    if gone := missing():
        pytest.skip(f"not built yet: {', '.join(gone)}; run `make setup`")
    stack = Stack(
        tmp_path_factory.mktemp("silence"),
        FOLKMOOT_SESSION_EXPIRES_MINUTES=str(SECONDS / 60),
        FOLKMOOT_DEMONSTRATION="false",
    ).start()
    yield stack
    stack.stop()


pytestmark = [pytest.mark.rasa, pytest.mark.xdist_group("faults")]


def after(stack: Stack, *before: str) -> Citizen:
    """A citizen who said these things (`> ` presses a button) and then went silent."""
    citizen = Citizen(stack.url)
    for words in before:
        if words.startswith("> "):
            citizen.presses(words[2:])
        else:
            citizen.says(words)
    time.sleep(SECONDS + 0.5)
    return citizen


SURVEY = ("I'd like to take a survey", "> Rubbish and recycling at home", "> Yes, let's begin")


def test_a_survey_takes_the_answer_that_comes_late(short_silence: Stack) -> None:
    citizen = after(short_silence, *SURVEY)
    citizen.says("a flat")
    assert "Welcome back" in citizen.heard and "How many people" in citizen.heard


def test_a_greeting_after_a_silence_is_no_answer(short_silence: Stack) -> None:
    citizen = after(short_silence, *SURVEY)
    citizen.says("hello")
    assert "Welcome back" in citizen.heard and "kind of home" in citizen.heard


def test_a_late_yes_files_no_report_but_shows_it_again(short_silence: Stack) -> None:
    citizen = after(short_silence, "there is a huge pothole outside 12 Mill Lane")
    citizen.says("yes")
    assert "Is this right?" in citizen.heard and "FM-" not in citizen.heard
    citizen.presses("Send anonymously")
    assert "FM-" in citizen.heard


def test_a_late_place_still_belongs_to_the_report(short_silence: Stack) -> None:
    citizen = after(short_silence, "somebody dumped a fridge and old mattresses")
    citizen.says("behind the library in Mill Street")
    assert "Place: behind the library in Mill Street" in citizen.heard


def test_a_message_to_officials_is_not_what_is_said_after_a_silence(short_silence: Stack) -> None:
    citizen = after(short_silence, "I want to talk to a real person")
    citizen.says("hello")
    assert "What can I do for you" in citizen.heard
