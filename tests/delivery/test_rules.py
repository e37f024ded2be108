"""When a message is tried again, and when we stop."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from civic.delivery.rules import GIVE_UP_AFTER, LONGEST_PAUSE, judge, pause
from civic.delivery.sender import Outcome
from tests.fixtures import NOON


def test_pauses_double_up_to_ten_minutes() -> None:
    pauses = [pause(attempts) for attempts in range(1, 30)]
    assert pauses[:3] == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert all(later >= earlier for earlier, later in pairwise(pauses))
    assert pauses[-1] == LONGEST_PAUSE


def test_a_channel_that_names_its_waiting_time_is_obeyed_to_the_second() -> None:
    verdict = judge(Outcome("later", 17.0, "flood"), attempts=9, created_at=NOON, now=NOON)
    assert verdict == ("pending", NOON + timedelta(seconds=17), "flood")


def test_after_a_day_a_message_is_given_up() -> None:
    late = NOON + GIVE_UP_AFTER - timedelta(minutes=9)
    assert judge(Outcome("later"), attempts=20, created_at=NOON, now=late)[0] == "undeliverable"
    early = NOON + GIVE_UP_AFTER - timedelta(minutes=11)
    assert judge(Outcome("later"), attempts=20, created_at=NOON, now=early)[0] == "pending"


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome("sent"), ("sent", None)),
        (Outcome("blocked"), ("undeliverable", "blocked")),
        (Outcome("blocked", reason="gone"), ("undeliverable", "gone")),
        (Outcome("refused", reason="bad_request"), ("undeliverable", "bad_request")),
    ],
)
def test_every_other_outcome_is_final(outcome: Outcome, expected: tuple[str, str | None]) -> None:
    verdict, _, reason = judge(outcome, attempts=1, created_at=NOON, now=NOON)
    assert (verdict, reason) == expected
