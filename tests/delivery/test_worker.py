"""What is promised to a citizen is delivered: in order, tried again, and by one worker only."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import timedelta

import pytest

from civic.conversation import commands as conversations
from civic.conversation import forgetting
from civic.conversation.models import Conversation
from civic.conversation.types import Reply
from civic.delivery import commands, rules
from civic.delivery.sender import Outcome, Parcel
from civic.delivery.worker import POLL_SECONDS, DeliveryWorker
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.delivery.conftest import Post, Town

pytestmark = pytest.mark.anyio


async def test_what_is_told_arrives_once(worker: DeliveryWorker, town: Town, post: Post) -> None:
    town.tell(town.citizen("1"), "Your case is solved")
    assert await worker.deliver_due("push") == 1
    assert await worker.deliver_due("push") == 0
    assert post.arrived == [("1", "Your case is solved")]
    assert town.deliveries()["Your case is solved"].state == "sent"


async def test_each_conversation_is_kept_in_order(worker: DeliveryWorker, town: Town, post: Post) -> None:
    one, two = town.citizen("1"), town.citizen("2")
    town.tell(one, "a", "b", "c")
    town.tell(two, "d", "e")
    await worker.deliver_due("push")
    assert [text for address, text in post.arrived if address == "1"] == ["a", "b", "c"]
    assert [text for address, text in post.arrived if address == "2"] == ["d", "e"]


async def test_nothing_overtakes_a_message_that_has_to_wait(
    worker: DeliveryWorker, town: Town, post: Post, clock: SettableClock
) -> None:
    town.tell(town.citizen("1"), "first", "second")
    town.tell(town.citizen("2"), "other")
    post.answer = lambda parcel: Outcome("later" if parcel.payload["text"] == "first" else "sent")
    await worker.deliver_due("push")
    assert post.arrived == [("2", "other")]
    assert town.deliveries()["second"].state == "pending"

    post.answer = lambda parcel: Outcome("sent")
    assert await worker.deliver_due("push") == 0, "it is not due yet, and the second stands behind it"
    clock.advance(rules.pause(1))
    await worker.deliver_due("push")
    assert post.arrived[1:] == [("1", "first"), ("1", "second")]


async def test_a_reply_does_not_wait_in_the_lane_of_pushes(
    worker: DeliveryWorker, town: Town, post: Post
) -> None:
    for number in range(3):
        town.tell(town.citizen(f"other {number}"), "broadcast")
    citizen = town.citizen("1")
    town.tell(citizen, "broadcast")
    town.tell(citizen, "your answer", lane="reply")
    await worker.deliver_due("reply")
    # What stands before the reply in the same chat comes with it, at the reply's speed.
    assert post.arrived == [("1", "broadcast"), ("1", "your answer")]
    assert set(post.lanes) == {"reply"}


async def test_the_web_chat_needs_no_worker(worker: DeliveryWorker, town: Town, post: Post) -> None:
    with town.services.sessions.begin() as session:
        conversation = conversations.open_conversation(
            session, "web", "w", "en", town.services.clock.now()
        ).id
        told = commands.tell(
            session, conversation, Reply(text="hi"), dedupe_key="k", now=town.services.clock.now()
        )
    assert told
    assert await worker.deliver_due("push") == 0
    assert town.deliveries()["hi"].state == "sent"


async def test_a_citizen_who_shut_us_out_is_remembered_and_left_alone(
    worker: DeliveryWorker, town: Town, post: Post
) -> None:
    citizen = town.citizen("1")
    town.tell(citizen, "one", "two")
    asked: list[str] = []

    def blocked(parcel: Parcel) -> Outcome:
        asked.append(parcel.payload["text"])
        return Outcome("blocked", reason="blocked")

    post.answer = blocked
    await worker.deliver_due("push")
    town.tell(citizen, "three")
    await worker.deliver_due("push")
    assert asked == ["one", "two"], "the third is not even tried"
    assert {one.state for one in town.deliveries().values()} == {"undeliverable"}

    post.answer = lambda parcel: Outcome("sent")
    town.tell(citizen, "you wrote again", lane="reply")
    await worker.deliver_due("reply")
    town.tell(citizen, "four")
    await worker.deliver_due("push")
    assert [text for _, text in post.arrived] == ["you wrote again", "four"]


async def test_giving_up_is_written_into_the_log_without_the_citizens_address(
    worker: DeliveryWorker, town: Town, post: Post, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    town.tell(town.citizen("address-77"), "secret words")
    post.answer = lambda parcel: Outcome("later", reason="network")
    for _ in range(100):
        if await worker.deliver_due("push") == 0 and not _waiting(town):
            break
        clock.advance(timedelta(hours=2))
    row = town.deliveries()["secret words"]
    assert (row.state, row.reason) == ("undeliverable", "given_up")
    assert row.due_at - row.created_at <= rules.GIVE_UP_AFTER
    logged = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert any(row.id in line and "given_up" in line for line in logged)
    assert not any("address-77" in line or "secret words" in line for line in logged)


def _waiting(town: Town) -> bool:
    return any(row.state == "pending" for row in town.deliveries().values())


async def test_a_sender_that_breaks_stops_nobody_else(
    worker: DeliveryWorker, town: Town, post: Post, clock: SettableClock
) -> None:
    def break_once(parcel: Parcel) -> Outcome:
        if parcel.address == "1" and clock.now() == town.deliveries()["a"].created_at:
            raise RuntimeError("a mistake")
        return Outcome("sent")

    town.tell(town.citizen("1"), "a")
    town.tell(town.citizen("2"), "b")
    post.answer = break_once
    await worker.deliver_due("push")
    assert post.arrived == [("2", "b")]
    clock.advance(rules.pause(1))
    await worker.deliver_due("push")
    assert post.arrived == [("2", "b"), ("1", "a")]


async def test_what_a_dead_worker_had_taken_is_delivered_by_another_when_its_claim_runs_out(
    worker: DeliveryWorker, town: Town, post: Post, services: Services, clock: SettableClock
) -> None:
    town.tell(town.citizen("1"), "a", "b")
    with services.sessions.begin() as session:
        taken = commands.claim(session, ["telegram"], "push", now=clock.now(), limit=10)
    assert [[parcel.payload["text"] for parcel in run] for run in taken] == [["a", "b"]]
    assert await worker.deliver_due("push") == 0
    clock.advance(rules.LEASES["push"] + timedelta(seconds=1))
    while await worker.deliver_due("push"):
        pass
    assert post.arrived == [("1", "a"), ("1", "b")]


async def test_a_worker_that_is_slow_gives_back_what_another_may_soon_take(
    worker: DeliveryWorker, town: Town, post: Post, clock: SettableClock
) -> None:
    town.tell(town.citizen("1"), "a", "b")

    def slow(parcel: Parcel) -> Outcome:
        clock.advance(rules.LEASES["push"] * 0.6)
        return Outcome("sent")

    post.answer = slow
    await worker.deliver_due("push")
    assert post.arrived == [("1", "a")]
    assert town.deliveries()["b"].state == "pending"
    await worker.deliver_due("push")
    assert post.arrived == [("1", "a"), ("1", "b")]


async def test_two_workers_never_take_the_same_message(
    town: Town, post: Post, services: Services, clock: SettableClock
) -> None:
    for number in range(30):
        town.tell(town.citizen(str(number)), f"x{number}", f"y{number}")
    post.seconds = 0.005
    workers = [DeliveryWorker(services.sessions, services.clock, [post]) for _ in range(3)]
    for _ in range(10):
        await asyncio.gather(*(worker.deliver_due("push") for worker in workers))
    assert len(post.arrived) == 60
    assert set(Counter(post.arrived).values()) == {1}
    for number in range(30):
        assert [text for _, text in post.arrived if text[1:] == str(number)] == [f"x{number}", f"y{number}"]


async def test_an_erased_message_is_no_fault(worker: DeliveryWorker, town: Town, post: Post) -> None:
    citizen = town.citizen("1")
    town.tell(citizen, "a")

    def erase(parcel: Parcel) -> Outcome:
        with town.services.sessions.begin() as session:
            conversation = session.get_one(Conversation, citizen)
            forgetting.erase_citizen(session, conversation.citizen_id, town.services.clock.now())
        return Outcome("sent")

    post.answer = erase
    await worker.deliver_due("push")
    assert town.deliveries() == {}


async def test_a_running_worker_delivers_as_soon_as_it_is_woken(
    worker: DeliveryWorker, town: Town, post: Post
) -> None:
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(0.2)
    citizen = town.citizen("1")
    await asyncio.to_thread(town.tell, citizen, "now", lane="reply")
    started = asyncio.get_running_loop().time()
    worker.wake()
    while not post.arrived:
        await asyncio.sleep(0.005)
        assert asyncio.get_running_loop().time() - started < 5
    assert asyncio.get_running_loop().time() - started < POLL_SECONDS * 0.8, (
        "it did not wait for its next look"
    )
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_worker_that_is_stopped_gives_back_what_it_did_not_send(
    worker: DeliveryWorker, town: Town, post: Post
) -> None:
    town.tell(town.citizen("1"), "a", "b", "c")
    post.seconds = 0.3
    running = asyncio.create_task(worker.run())
    while not post.begun:
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    rows = town.deliveries()
    assert rows["a"].state == "sent", "it was on its way"
    assert {rows["b"].state, rows["c"].state} == {"pending"}


async def test_a_worker_that_is_stopped_while_it_claims_keeps_nothing(
    worker: DeliveryWorker, town: Town, post: Post
) -> None:
    town.tell(town.citizen("1"), "a")
    post.seconds = 0.05
    for seconds in (0.0, 0.001, 0.003, 0.01, 0.02):
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(seconds)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert town.deliveries()["a"].state in ("pending", "sent")
    while town.deliveries()["a"].state == "pending":
        await worker.deliver_due("push")
    assert post.arrived == [("1", "a")]
