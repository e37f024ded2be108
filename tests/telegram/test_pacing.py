"""We stay within Telegram's limits, and a citizen who waits goes first."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from bot.telegram.pacing import OVERALL, Pacer
from civic.delivery.sender import Lane

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Time:
    """A clock that sleepers move on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + 1e-6


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def pacer(time: Time) -> Pacer:
    return Pacer(time, time.sleep)


async def send(pacer: Pacer, time: Time, chats: list[str], lane: Lane) -> list[float]:
    sent = []
    for chat in chats:
        await pacer.turn(chat, lane)
        sent.append(time.now)
    return sent


async def test_pushes_into_one_chat_are_a_second_apart(pacer: Pacer, time: Time) -> None:
    sent = await send(pacer, time, ["1"] * 5, "push")
    assert all(later - earlier >= 1 for earlier, later in pairwise(sent))


async def test_no_second_sees_as_many_messages_as_telegram_forbids(pacer: Pacer, time: Time) -> None:
    sent = await send(pacer, time, [str(number) for number in range(200)], "reply")
    assert max(sum(start <= at < start + 1 for at in sent) for start in sent) == OVERALL < 30


async def test_pushes_leave_room_for_replies(pacer: Pacer, time: Time) -> None:
    for number in range(25):
        await pacer.turn(str(number), "push")
    assert pacer.wait("next", "push") > 0.9
    assert pacer.wait("citizen", "reply") == 0


async def test_a_short_burst_of_replies_into_one_chat_goes_at_once(pacer: Pacer, time: Time) -> None:
    sent = await send(pacer, time, ["1"] * 4, "reply")
    assert sent[-1] == sent[0]


async def test_when_telegram_says_wait_only_that_chat_and_the_pushes_wait(pacer: Pacer, time: Time) -> None:
    pacer.hold("1", 7)
    assert pacer.wait("1", "reply") == 7
    assert pacer.wait("2", "push") == 7
    assert pacer.wait("2", "reply") == 0
    time.now += 7
    assert pacer.wait("1", "push") == 0


async def test_many_who_wait_at_the_same_time_still_keep_the_limit() -> None:
    loop = asyncio.get_running_loop()
    pacer, sent = Pacer(loop.time), []

    async def one(chat: str) -> None:
        await pacer.turn(chat, "push")
        sent.append(loop.time())

    await asyncio.gather(*(one(str(number)) for number in range(60)))
    assert max(sum(start <= at < start + 1 for at in sent) for start in sent) <= 25
    assert sent[-1] - sent[0] >= 1.9
