"""When a message is tried again, and when we stop: pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from civic.delivery.sender import Lane, Outcome

# A worker that died leaves its claims behind; after this time another one takes them.
LEASES: dict[Lane, timedelta] = {"reply": timedelta(seconds=30), "push": timedelta(seconds=60)}
GIVE_UP_AFTER = timedelta(hours=24)
LONGEST_PAUSE = timedelta(minutes=10)
# Clocks of two machines may differ by this much; more is a clock that was set.
AHEAD = timedelta(minutes=1)

Verdict = Literal["sent", "undeliverable", "pending"]


def may_begin(lane: Lane, claimed_at: datetime, now: datetime) -> bool:
    """Whether there is time left to send another claimed message before the claim runs out."""
    return now - claimed_at <= LEASES[lane] / 2


def pause(attempts: int) -> timedelta:
    """How long after the `attempts`-th failure: 2 s, 4 s, 8 s, ... at most ten minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 12)), LONGEST_PAUSE)


def judge(
    outcome: Outcome, *, attempts: int, created_at: datetime, now: datetime
) -> tuple[Verdict, datetime, str | None]:
    """What an attempt means for its row: the new state, when it is due again, and why it failed.

    A channel that names its own waiting time is obeyed to the second.
    """
    if outcome.kind == "sent":
        return "sent", now, None
    if outcome.kind in ("blocked", "refused"):
        return "undeliverable", now, outcome.reason or outcome.kind
    wait = pause(attempts) if outcome.retry_after is None else timedelta(seconds=outcome.retry_after)
    if now + wait - created_at > GIVE_UP_AFTER:
        return "undeliverable", now, "given_up"
    return "pending", now + wait, outcome.reason or "later"


# --------------------------------------------------------------------------------------- what, and when


class Wish(StrEnum):
    """What a citizen wants to hear of their own accord."""

    EVERYTHING = "everything"
    RESULT = "result"
    NOTHING = "nothing"


class News(StrEnum):
    """What a message is worth: a step on the way, the result, or a question that waits for an answer."""

    STEP = "step"
    RESULT = "result"
    QUESTION = "question"


def wanted(wish: Wish, news: News) -> bool:
    """Whether somebody with this wish is told. A question is part of getting a result."""
    return wish is Wish.EVERYTHING or (wish is Wish.RESULT and news is not News.STEP)


@dataclass(frozen=True)
class QuietHours:
    """The hours in which nobody is disturbed, by the clock of the town; they may go over midnight."""

    begin: time
    end: time
    zone: ZoneInfo

    @classmethod
    def of(cls, text: str, zone: str) -> QuietHours | None:
        """Reads `21:00-08:00`; None for an empty text."""
        begin, dash, end = text.partition("-")
        if not dash:
            return None
        return cls(time.fromisoformat(begin), time.fromisoformat(end), ZoneInfo(zone))

    def at(self, now: datetime) -> bool:
        """Whether it is quiet now."""
        here = now.astimezone(self.zone).time()
        if self.begin <= self.end:
            return self.begin <= here < self.end
        return here >= self.begin or here < self.end
