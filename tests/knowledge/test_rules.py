"""When an answer is given, what a follow-up is, and what officials get to see."""

from __future__ import annotations

import pytest

from civic.knowledge import rules
from civic.knowledge.places import without_street


@pytest.mark.parametrize(
    "text",
    [
        "and for my husband?",
        "what about sundays",
        "how much is it?",
        "when?",
        "but if I am 75",
        "is that free too?",
    ],
)
def test_a_question_that_needs_the_turns_before_it_is_known(text: str) -> None:
    assert rules.leans_on_context(text)


@pytest.mark.parametrize(
    "text",
    [
        "How much does a resident parking permit cost?",
        "my bin was not emptied yesterday, what can I do about it",
        "when do I have to apply for a secondary school place",
        "is there a zoo in town",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(text: str) -> None:
    assert not rules.leans_on_context(text)


@pytest.mark.parametrize(
    "text", ["and on sundays?", "what about the green one?", "and for my husband", "But at night?"]
)
def test_the_next_question_about_the_same_thing_is_known_by_its_beginning(text: str) -> None:
    assert rules.is_next_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "and I want to report a broken lamp",
        "my bin was not emptied",
        "and thank you very much",
        "what about the people who live next to the building site and cannot sleep at night?",
    ],
)
def test_what_only_begins_like_one_is_no_next_question(text: str) -> None:
    assert not rules.is_next_question(text)


def test_an_unhelpful_answer_is_open_until_it_turns_out_to_help() -> None:
    assert rules.after_rating("none", None, helpful=False) == ("open", "unhelpful")
    assert rules.after_rating("open", "unhelpful", helpful=True) == ("none", None)
    assert rules.after_rating("none", None, helpful=True) == ("none", None)


def test_what_was_passed_on_stays_passed_on() -> None:
    assert rules.after_passing_on("none") == rules.after_passing_on("open") == ("open", "passed_on")
    assert rules.after_rating("open", "passed_on", helpful=True) == ("open", "passed_on")
    assert rules.after_passing_on("answered") == ("answered", "passed_on")


@pytest.mark.parametrize(
    "text", ["and for my husband?", "what about my old mum", "for me too?", "how about the kids"]
)
def test_the_same_question_for_somebody_else_is_known(text: str) -> None:
    assert rules.is_for_somebody(text)


@pytest.mark.parametrize(
    "text", ["and for electric cars?", "what about the green one?", "can my wife vote by post"]
)
def test_another_question_is_not_taken_for_it(text: str) -> None:
    assert not rules.is_for_somebody(text)


def test_what_asks_is_no_yes_or_no_however_it_sounds() -> None:
    assert rules.asks_what_if("what if i dont") and rules.asks_what_if("and why not then")
    assert not any(rules.asks_what_if(text) for text in ("no", "nope, it did not", "yes please", "why"))


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("bins on Mill Lane", "bins"),
        ("library in abbey road opening hours", "library opening hours"),
        ("bin day for 12 elm close", "bin day"),
        ("can I park on the wrong side of the road", "can I park on the wrong side of the road"),
        ("can I park on a busy road", "can I park on a busy road"),
        ("can i put a skip on the road", "can i put a skip on the road"),
        ("who owns 12 Abbey Road", "who owns 12 Abbey Road"),
        ("on Mill Lane", "on Mill Lane"),
    ],
)
def test_a_street_says_where_and_not_what(text: str, without: str) -> None:
    assert without_street(text) == without
