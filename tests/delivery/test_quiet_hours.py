"""In the quiet hours nobody is disturbed, except by what is urgent and by answers to themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from civic.conversation.types import Reply
from civic.delivery import commands
from civic.delivery.rules import News, QuietHours, Wish, wanted
from civic.delivery.sender import Outcome
from civic.delivery.worker import DeliveryWorker
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.delivery.conftest import Post, Town

pytestmark = pytest.mark.anyio
NIGHT = QuietHours.of("21:00-08:00", "Europe/London")


@pytest.fixture
def at_night(services: Services, clock: SettableClock, post: Post) -> DeliveryWorker:
    clock.advance(timedelta(hours=10))  # from noon to ten in the evening
    return DeliveryWorker(services.sessions, services.clock, [post], NIGHT)


def tells(services: Services, conversation_id: str, text: str, *, urgent: bool = False) -> bool:
    with services.sessions.begin() as session:
        return commands.tell(
            session,
            conversation_id,
            Reply(text=text),
            dedupe_key=text,
            now=services.clock.now(),
            urgent=urgent,
        )


async def both_lanes(worker: DeliveryWorker) -> None:
    for lane in ("reply", "push"):
        while await worker.deliver_due(lane):  # type: ignore[arg-type]
            pass


async def test_news_wait_for_the_morning_and_arrive_once(
    at_night: DeliveryWorker, town: Town, post: Post, services: Services, clock: SettableClock
) -> None:
    tells(services, town.citizen("anna"), "work has begun")
    await both_lanes(at_night)
    assert post.arrived == []
    clock.advance(timedelta(hours=10))
    await both_lanes(at_night)
    await both_lanes(at_night)
    assert post.arrived == [("anna", "work has begun")]


async def test_what_is_urgent_comes_at_night_with_what_stands_before_it(
    at_night: DeliveryWorker, town: Town, post: Post, services: Services
) -> None:
    anna, ben = town.citizen("anna"), town.citizen("ben")
    tells(services, anna, "work has begun")
    tells(services, ben, "it is solved")
    tells(services, anna, "leave the house", urgent=True)
    await both_lanes(at_night)
    assert post.arrived == [("anna", "work has begun"), ("anna", "leave the house")]


async def test_who_writes_at_night_is_answered_and_hears_what_waited(
    at_night: DeliveryWorker, town: Town, post: Post, services: Services
) -> None:
    anna = town.citizen("anna")
    tells(services, anna, "work has begun")
    town.tell(anna, "good evening", lane="reply")
    await both_lanes(at_night)
    assert [text for _, text in post.arrived] == ["work has begun", "good evening"]


async def test_a_channel_that_refuses_for_an_hour_delivers_everything_once_and_in_order(
    services: Services, town: Town, post: Post, clock: SettableClock
) -> None:
    worker = DeliveryWorker(services.sessions, services.clock, [post], NIGHT)
    anna = town.citizen("anna")
    refusing = clock.now() + timedelta(hours=1)
    post.answer = lambda parcel: Outcome("sent" if clock.now() >= refusing else "later")
    for text in ("one", "two", "three"):
        tells(services, anna, text)
    for _ in range(20):
        await both_lanes(worker)
        clock.advance(timedelta(minutes=10))
    assert [text for _, text in post.arrived] == ["one", "two", "three"]


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_was_written_while_the_clock_ran_ahead_is_delivered_once_after_it_was_set_back(
    services: Services, town: Town, post: Post, clock: SettableClock, restarted: bool
) -> None:
    worker = DeliveryWorker(services.sessions, services.clock, [post], NIGHT)
    anna, ben = town.citizen("anna"), town.citizen("ben")
    clock.advance(timedelta(days=40))
    tells(services, anna, "it is solved")
    tells(services, ben, "it is solved")
    post.answer = lambda parcel: Outcome("later" if parcel.address == "anna" else "sent")
    await both_lanes(worker)
    with services.sessions.begin() as session:  # one more is on its way when the clock is set back
        tells(services, ben, "it is open again")
        commands.claim(session, ["telegram"], "push", now=clock.now(), limit=10)
    post.answer = lambda parcel: Outcome("sent")
    clock.advance(timedelta(days=-40))
    if restarted:
        worker = DeliveryWorker(services.sessions, services.clock, [post], NIGHT)
    for _ in range(3):
        await both_lanes(worker)
        clock.advance(timedelta(minutes=2))
    assert sorted(post.arrived) == [
        ("anna", "it is solved"),
        ("ben", "it is open again"),
        ("ben", "it is solved"),
    ]


async def test_killed_between_commit_and_delivery_it_is_delivered_once_by_the_next_worker(
    services: Services, town: Town, post: Post, clock: SettableClock
) -> None:
    anna = town.citizen("anna")
    tells(services, anna, "it is solved")
    with services.sessions.begin() as session:  # a worker claims, and is killed
        commands.claim(session, ["telegram"], "push", now=clock.now(), limit=10)
    after_restart = DeliveryWorker(services.sessions, services.clock, [post])
    await both_lanes(after_restart)
    assert post.arrived == []
    clock.advance(timedelta(minutes=2))
    await both_lanes(after_restart)
    await both_lanes(after_restart)
    assert post.arrived == [("anna", "it is solved")]
    assert tells(services, anna, "it is solved") is False


def test_quiet_hours_go_over_midnight_by_the_clock_of_the_town() -> None:
    assert NIGHT is not None
    quiet = [hour for hour in range(24) if NIGHT.at(datetime(2026, 7, 1, hour, tzinfo=UTC))]
    assert quiet == [0, 1, 2, 3, 4, 5, 6, 20, 21, 22, 23]  # summer time
    siesta = QuietHours.of("13:00-15:00", "UTC")
    assert siesta is not None and siesta.zone == ZoneInfo("UTC")
    assert [hour for hour in range(24) if siesta.at(datetime(2026, 7, 1, hour, tzinfo=UTC))] == [13, 14]
    assert QuietHours.of("", "UTC") is None


def test_what_is_told_to_whom() -> None:
    assert [news for news in News if wanted(Wish.RESULT, news)] == [News.RESULT, News.QUESTION]
    assert not any(wanted(Wish.NOTHING, news) for news in News)
