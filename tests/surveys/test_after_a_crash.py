"""Killed with -9 in the middle of a survey: the same question again, and no answer lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people import Citizen, OfficialAtWork
from tests.stack import Stack, missing


@pytest.mark.rasa
def test_a_survey_goes_on_at_the_same_question_after_a_crash(tmp_path: Path) -> None:
    if gone := missing():
        pytest.skip(f"not built yet: {', '.join(gone)}; run `make setup`")
    stack = Stack(tmp_path, FOLKMOOT_DEMONSTRATION="false").start()
    try:
        citizen = Citizen(stack.url)
        citizen.says("I'd like to take the transport survey")
        citizen.presses("Yes, let's begin")
        citizen.says("every day")
        citizen.says("by bus")
        assert "how many minutes" in citizen.heard
        button = citizen.token("Back")
        stack.kill()
        stack.start()
        citizen.says("what was the question?")
        assert "how many minutes" in citizen.heard, citizen.heard
        citizen._take(citizen.send(choice=button))
        assert "How do you usually" in citizen.heard, "even a button from before the crash works"
        for said in ("bus", "around thirty", "4 out of 5", "A marigold bus lane", "skip"):
            citizen.says(said)
        assert "Thank you" in citizen.heard, citizen.heard
        official = OfficialAtWork(stack.url, *stack.first_official())
        (session,) = official.gets("/surveys/town-centre-transport/answers")["items"]
        assert session["answers"]["minutes"] == 30
        assert session["answers"]["one_wish"] == "A marigold bus lane"
    finally:
        stack.stop()
