"""Whatever breaks, the citizen is told, and what was confirmed is neither lost nor doubled."""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import psutil
import pytest

from tests.people import Citizen
from tests.stack import Stack, missing

pytestmark = [pytest.mark.rasa, pytest.mark.xdist_group("faults")]
NUMBER = re.compile(r"FM-[0-9A-Z]+")


@pytest.fixture(scope="module")
def one_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A product for the tests of this file alone, without demonstration content."""
    if gone := missing():
        pytest.skip(f"not built yet: {', '.join(gone)}; run `make setup`")
    stack = Stack(tmp_path_factory.mktemp("faults"), FOLKMOOT_DEMONSTRATION="false")
    yield stack
    stack.stop()


@pytest.fixture
def own_stack(one_stack: Stack) -> Stack:
    """A running product that a test may break, in which no case is open."""
    if one_stack.process is None or one_stack.process.poll() is not None:
        one_stack.start()
    with database(one_stack) as connection:
        connection.execute("UPDATE service_requests SET status = 'closed'")
    return one_stack


def rasa_of(stack: Stack) -> psutil.Process:
    assert stack.process is not None
    for child in psutil.Process(stack.process.pid).children(recursive=True):
        if "rasa_server" in " ".join(child.cmdline()):
            return child
    raise AssertionError("no Rasa process")


@contextmanager
def database(stack: Stack) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(stack.home / "folkmoot.db", isolation_level=None, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def cases(stack: Stack) -> int:
    """How many cases the test that runs now has made: those of others are closed."""
    with database(stack) as connection:
        counted = connection.execute("SELECT count(*) FROM service_requests WHERE status != 'closed'")
        return int(counted.fetchone()[0])


def until_answered(citizen: Citizen, seconds: float = 90, **what: str) -> list[dict[str, object]]:
    """Sends the same message again, as the web chat does, until it is acted upon."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            response = citizen.send(**what)
            if response.status_code == 200:
                replies: list[dict[str, object]] = response.json()["replies"]
                if any(reply["status"] != "error_turn_failed" for reply in replies):
                    return replies
        time.sleep(0.5)
    raise AssertionError(f"no answer within {seconds} s")


def test_rasa_killed_in_the_middle_of_a_conversation_is_told_and_made_good(own_stack: Stack) -> None:
    citizen = Citizen(own_stack.url)
    citizen.says("there is a huge pothole outside 12 Mill Lane")
    rasa_of(own_stack).kill()
    citizen.presses("Send anonymously")
    assert citizen.statuses == ["error_turn_failed"], citizen.heard
    told = citizen.waits_for("FM-", seconds=90)
    assert NUMBER.search(told)
    assert cases(own_stack) == 1


def test_an_action_that_raises_is_told_and_made_good(own_stack: Stack) -> None:
    citizen = Citizen(own_stack.url)
    citizen.says("there is a huge pothole outside 12 Mill Lane")
    with database(own_stack) as connection:
        connection.execute("ALTER TABLE service_requests RENAME TO elsewhere")
    citizen.presses("Send anonymously")
    assert citizen.statuses == ["error_turn_failed"], citizen.heard
    with database(own_stack) as connection:
        connection.execute("ALTER TABLE elsewhere RENAME TO service_requests")
    assert NUMBER.search(citizen.waits_for("FM-", seconds=90))
    assert cases(own_stack) == 1


def test_a_locked_database_is_told_and_nothing_is_lost(own_stack: Stack) -> None:
    citizen = Citizen(own_stack.url)
    citizen.says("there is a huge pothole outside 12 Mill Lane")
    token = citizen.token("Send anonymously")
    with database(own_stack) as connection:
        connection.execute("BEGIN IMMEDIATE")
        response = citizen.send("locked", choice=token)
        assert response.status_code == 503, response.text
        assert response.headers["content-type"].startswith("application/problem+json")
        connection.execute("ROLLBACK")
    replies = until_answered(citizen, message_id="locked", choice=token)
    assert NUMBER.search(str(replies))
    assert cases(own_stack) == 1


@pytest.mark.parametrize("wait", [0.0, 0.01, 0.03])
def test_killed_between_confirmation_and_reply_nothing_is_lost_or_doubled(
    own_stack: Stack, wait: float
) -> None:
    citizen = Citizen(own_stack.url)
    citizen.says("there is a huge pothole outside 12 Mill Lane")
    token = citizen.token("Send anonymously")

    def press() -> None:
        with suppress(httpx.HTTPError):
            citizen.send("confirm", choice=token)

    pressing = threading.Thread(target=press)
    pressing.start()
    deadline = time.monotonic() + 10
    while cases(own_stack) == 0 and time.monotonic() < deadline:
        pass
    time.sleep(wait)
    own_stack.kill()
    pressing.join()
    assert cases(own_stack) == 1  # confirmed, and on the disk

    own_stack.start()
    replies = until_answered(citizen, message_id="confirm", choice=token)
    (number,) = set(NUMBER.findall(str(replies)))
    assert cases(own_stack) == 1
    citizen.says("my reports")
    assert number in citizen.heard


def test_killed_in_the_middle_of_a_survey_the_same_question_waits(own_stack: Stack) -> None:
    citizen = Citizen(own_stack.url)
    citizen.says("I'd like to take a survey")
    citizen.presses("Rubbish and recycling at home")
    citizen.presses("Yes, let's begin")
    citizen.presses("A flat")
    question = citizen.replies[-1]["text"]
    own_stack.kill()
    own_stack.start()
    citizen.says("please repeat the question")
    assert citizen.replies[-1]["text"] == question
