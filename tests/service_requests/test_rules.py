"""States, numbers, danger, dates: the decisions, each as a promise."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.accounts.rules import Role
from civic.service_requests import rules
from civic.service_requests.errors import IllegalTransition, MessageNeeded, OriginalNeeded, RoleMayNot
from civic.service_requests.rules import ENDED, OPEN, TRANSITIONS, Needs, Status
from civic.service_requests.services import ServiceList


def test_every_status_can_be_reached_and_none_is_a_dead_end() -> None:
    reached = {Status.SUBMITTED}
    while more := {step.target for step in TRANSITIONS if step.source in reached} - reached:
        reached |= more
    assert reached == set(Status)
    assert {step.source for step in TRANSITIONS} == set(Status)


def test_open_and_ended_are_all_there_is() -> None:
    assert set(OPEN) | set(ENDED) == set(Status)
    assert not set(OPEN) & set(ENDED)


def test_no_step_is_listed_twice() -> None:
    steps = [(step.source, step.target) for step in TRANSITIONS]
    assert len(steps) == len(set(steps))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (Status.SUBMITTED, Status.RESOLVED),
        (Status.SUBMITTED, Status.SUBMITTED),
        (Status.CLOSED, Status.IN_PROGRESS),
        (Status.REJECTED, Status.RESOLVED),
        (Status.IN_PROGRESS, Status.SUBMITTED),
    ],
)
def test_an_illegal_step_is_refused_and_says_what_is_possible(source: Status, target: Status) -> None:
    with pytest.raises(IllegalTransition) as caught:
        rules.move(source, target, Role.ADMIN, message="x", original=True)
    for step in rules.legal_steps(source):
        assert step.target.value in caught.value.remedy


@given(st.lists(st.sampled_from(list(Status)), max_size=12))
def test_no_sequence_of_wishes_leaves_the_table(wishes: list[Status]) -> None:
    current = Status.SUBMITTED
    for wish in wishes:
        try:
            step = rules.move(current, wish, Role.AGENT, message="because", original=True)
        except IllegalTransition:
            assert wish not in [step.target for step in rules.legal_steps(current)]
            continue
        assert (step.source, step.target) == (current, wish)
        current = wish


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DESIGNER])
def test_who_may_only_read_takes_no_step(role: Role) -> None:
    with pytest.raises(RoleMayNot):
        rules.move(Status.SUBMITTED, Status.ACKNOWLEDGED, role, message=None, original=False)


def test_a_rejection_must_be_explained_and_a_duplicate_must_name_its_original() -> None:
    with pytest.raises(MessageNeeded):
        rules.move(Status.SUBMITTED, Status.REJECTED, Role.AGENT, message="  ", original=False)
    with pytest.raises(OriginalNeeded):
        rules.move(Status.SUBMITTED, Status.DUPLICATE, Role.AGENT, message="same", original=False)


def test_the_citizen_hears_of_every_step_except_the_closing_of_the_file() -> None:
    assert {step.target for step in TRANSITIONS if step.told is None} == {Status.CLOSED}
    assert all(step.needs is Needs.MESSAGE for step in TRANSITIONS if step.target is Status.REJECTED)


# ------------------------------------------------------------------------------------------------ numbers


@given(st.integers(), st.sampled_from([5, 6]))
def test_a_number_is_found_again_however_it_is_typed(seed: int, length: int) -> None:
    number = rules.new_tracking_number(Random(seed), length)
    body = number.removeprefix("FM-")
    misread = body.replace("1", "I").replace("0", "O")
    for typed in (number, number.lower(), f"fm{body}", f"FM {body}", f"what about fm–{misread.lower()}?"):
        assert rules.find_tracking_number(typed) == number, typed
    assert rules.find_tracking_number(f"and {body.lower()} please", bare=True) == number


@pytest.mark.parametrize(
    "text", ["the fm radio is loud", "I am 12345 years old", "in 2024", "Mill Lane 12", "", "from 7 to 9"]
)
def test_words_and_years_are_no_numbers(text: str) -> None:
    assert rules.find_tracking_number(text) is None


def test_a_year_is_no_number_even_where_one_is_expected() -> None:
    assert rules.find_tracking_number("status of my report of 12345", bare=True) is None


# ------------------------------------------------------------------------------------------------- danger


@pytest.mark.parametrize(
    "text",
    [
        "GAS LEAK!!",
        "the gas is leaking in my kitchen",
        "I can smell gas on the stairs",
        "there are wires down on the road",
        "a power line has come down",
        "the house is on fire",
        "a child is trapped in the lift",
        "somebody is bleeding",
        "the wall is about to collapse",
    ],
)
def test_danger_is_noticed(text: str, service_list: ServiceList) -> None:
    assert rules.find_danger(text, service_list.danger_phrases), text


@pytest.mark.parametrize(
    "text",
    [
        "pothole outside 12 Mill Lane",
        "the fire hydrant drips",
        "gas bill too high",
        "the bin men left the lid down",
        "my wire fence is rusty",
    ],
)
def test_ordinary_complaints_raise_no_alarm(text: str, service_list: ServiceList) -> None:
    assert rules.find_danger(text, service_list.danger_phrases) is None


# -------------------------------------------------------------------------------------------- the rest


@given(st.text(max_size=60), st.integers(min_value=1, max_value=40))
def test_a_cut_text_fits_and_begins_as_before(text: str, limit: int) -> None:
    kept, was_cut = rules.cut(text, limit)
    assert len(kept) <= limit
    assert text.startswith(kept)
    assert was_cut == (len(text) > limit)


@pytest.mark.parametrize("name", ["Anna Miller", "Jean-Luc O'Neill", "Ng Li", "Žofie"])
def test_names_are_taken(name: str) -> None:
    assert rules.looks_like_a_name(name)


@pytest.mark.parametrize(
    "name", ["12 Mill Lane", "why do you ask?", "a", "", "x" * 81, "one two three four five six"]
)
def test_what_is_no_name_is_not(name: str) -> None:
    assert not rules.looks_like_a_name(name)
