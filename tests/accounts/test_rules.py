"""Who may do what, names and passwords, and how long failures wait."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.accounts.errors import UnusableName, UnusablePassword
from civic.accounts.rules import (
    ALLOWED,
    FREE_TRIES,
    LONGEST_WAIT,
    Permission,
    Role,
    may,
    still_waiting,
    usable_name,
    usable_password,
    wait_after,
)
from tests.fixtures import NOON


def test_every_role_has_a_line_in_the_table() -> None:
    assert set(ALLOWED) == set(Role)


def test_an_administrator_may_do_everything() -> None:
    assert ALLOWED[Role.ADMIN] == set(Permission)


def test_no_role_may_all_that_a_designer_may_but_the_administrator() -> None:
    assert [role for role in Role if ALLOWED[role] >= ALLOWED[Role.DESIGNER]] == [Role.DESIGNER, Role.ADMIN]


def test_only_an_administrator_reads_the_audit() -> None:
    assert [role for role in Role if may(role, Permission.AUDIT_READ)] == [Role.ADMIN]


def test_a_viewer_changes_nothing() -> None:
    assert all(permission.value.endswith(":read") for permission in ALLOWED[Role.VIEWER])


def test_an_agent_may_all_that_a_viewer_may() -> None:
    assert ALLOWED[Role.VIEWER] < ALLOWED[Role.AGENT]


def test_a_designer_sees_no_complaint_and_no_message_to_an_official() -> None:
    for permission in (Permission.CASES_READ, Permission.ENQUIRIES_READ):
        assert not may(Role.DESIGNER, permission)


@pytest.mark.parametrize("name", ["robin", "town.clerk", "x1", "a_b-c.d"])
def test_names_of_people_and_desks_can_be_used(name: str) -> None:
    assert usable_name(f" {name.upper()} ") == name


@pytest.mark.parametrize("name", ["", "r", "Robin Hood", "-robin", "robín", "a" * 41, "a\nb"])
def test_a_name_that_would_be_mistyped_is_refused(name: str) -> None:
    with pytest.raises(UnusableName):
        usable_name(name)


@pytest.mark.parametrize("password", ["", "short", "x" * 201, "aaaaaaaaaaaaaaaa", "robin-robin-robin"])
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    with pytest.raises(UnusablePassword):
        usable_password(password, "robin")


def test_the_first_failures_do_not_wait() -> None:
    assert {wait_after(failures) for failures in range(FREE_TRIES + 1)} == {timedelta(0)}
    assert wait_after(FREE_TRIES + 1) == timedelta(seconds=30)
    assert wait_after(FREE_TRIES + 2) == timedelta(seconds=60)


@given(st.integers(min_value=0, max_value=10_000))
def test_waiting_grows_and_never_goes_beyond_the_longest(failures: int) -> None:
    assert wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT


def test_a_wait_ends() -> None:
    assert still_waiting(5, NOON, NOON + timedelta(seconds=10)) == timedelta(seconds=20)
    assert still_waiting(5, NOON, NOON + timedelta(seconds=30)) == timedelta(0)
