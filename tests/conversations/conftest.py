"""Citizens and officials at the running product, shared by all conversations of a test run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.people import Citizen, OfficialAtWork
from tests.stack import Stack


@pytest.fixture
def somebody(stack: Stack) -> Callable[[], Citizen]:
    """Makes citizens who have never written before."""
    return lambda: Citizen(stack.url)


@pytest.fixture
def citizen(somebody: Callable[[], Citizen]) -> Citizen:
    return somebody()


@pytest.fixture(scope="session")
def official(stack: Stack) -> OfficialAtWork:
    """The demonstration official, with the password that the first start left in the home folder."""
    return OfficialAtWork(stack.url, *stack.first_official())
