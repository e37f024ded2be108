"""A message is stored once, answered once, and never silently lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import anyio
import httpx
import pytest

from actions.surveys import desk
from bot.dialogue import DialogueClient, ranked
from bot.gateway import Gateway
from civic.conversation import commands, queries
from civic.conversation.errors import TooManyMessages, UnknownAttachment
from civic.conversation.types import InboundMessage, Turn
from civic.delivery.models import Delivery
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.surveys import buttons, talk
from civic.surveys.rules import LOOP
from tests.bot.conftest import Wire, said
from tests.fixtures import NOON

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def message(text: str | None = "hello", message_id: str = "1", **more: object) -> InboundMessage:
    return InboundMessage(
        channel="telegram",
        address="a",
        message_id=message_id,
        text=text,
        received_at=NOON,
        **more,  # type: ignore[arg-type]
    )


async def test_the_same_message_twice_is_acted_upon_once_and_answered_alike(
    gateway: Gateway, wire: Wire
) -> None:
    first = await gateway.handle(message())
    second = await gateway.handle(message())
    assert [reply.text for reply in first.replies] == ["You said hello"]
    assert first.replies == second.replies
    assert len(wire.asked) == 1


async def test_the_same_message_at_the_same_time_is_acted_upon_once(gateway: Gateway, wire: Wire) -> None:
    results = await asyncio.gather(*(gateway.handle(message()) for _ in range(5)))
    assert len(wire.asked) == 1
    assert {result.replies[0].seq for result in results} == {1}


@pytest.mark.one_database
async def test_rasa_never_learns_the_address(gateway: Gateway, wire: Wire) -> None:
    result = await gateway.handle(message())
    assert wire.asked[0]["sender"] == result.conversation_id
    assert '"a"' not in str(wire.asked)


async def test_the_answer_is_queued_for_a_channel_that_must_be_sent_to(
    gateway: Gateway, services: Services
) -> None:
    await gateway.handle(message())
    with services.sessions() as session:
        (delivery,) = session.query(Delivery).all()
    assert (delivery.state, delivery.lane, delivery.channel) == ("pending", "reply", "telegram")


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(502),
        httpx.Response(200, text="no json"),
        httpx.Response(200, json={"messages": []}),
    ],
)
async def test_a_turn_without_an_answer_is_apologised_for_and_done_later(
    gateway: Gateway, wire: Wire, services: Services, clock: SettableClock, response: httpx.Response
) -> None:
    wire.answer = lambda body: response
    result = await gateway.handle(message())
    assert result.state == "failed"
    assert [reply.status for reply in result.replies] == ["error_turn_failed"]

    wire.answer = lambda body: said({"custom": {"text": "here it is"}})
    assert await gateway.retry_unanswered() == 0
    clock.advance(timedelta(seconds=6))
    assert await gateway.retry_unanswered() == 1
    with services.sessions() as session:
        rows = queries.messages_since(session, result.conversation_id, 0)
        assert [row.payload["text"] for row in rows][1:] == ["here it is"]
        lanes = [delivery.lane for delivery in session.query(Delivery).order_by(Delivery.id)]
    assert lanes == ["reply", "push"]
    assert wire.asked[0]["message_id"] == wire.asked[1]["message_id"]
    # The actions are told to look whether they have done it already.
    assert [asked["metadata"]["again"] for asked in wire.asked[:2]] == [False, True]


async def test_a_process_killed_in_the_middle_of_a_turn_finishes_it_after_its_restart(
    services: Services, wire: Wire, clock: SettableClock
) -> None:
    with services.sessions() as session:  # what a killed process leaves behind
        received = commands.receive(session, message(), language="en", per_minute=9, now=clock.now())
        session.commit()
    fresh = Gateway(services, DialogueClient(["http://one"], "token", 5, transport=wire))
    clock.advance(timedelta(seconds=61))
    assert await fresh.retry_unanswered() == 1
    with services.sessions() as session:
        rows = queries.messages_since(session, received.conversation.id, 0)
        assert [row.payload["text"] for row in rows] == ["You said hello"]
    assert wire.asked[0]["metadata"]["again"]


async def test_a_message_that_fails_forever_is_given_up_after_an_hour_not_tried_for_ever(
    gateway: Gateway, wire: Wire, clock: SettableClock
) -> None:
    wire.answer = lambda body: httpx.Response(502)
    await gateway.handle(message())
    for _ in range(20):
        clock.advance(timedelta(minutes=30))
        await gateway.retry_unanswered()
    assert len(wire.asked) == 6


async def test_a_button_sends_its_intent_and_value_and_its_token_is_worth_nothing_elsewhere(
    gateway: Gateway, wire: Wire
) -> None:
    wire.answer = lambda body: said(
        {"custom": {"text": "?", "choices": [{"label": "Yes", "intent": "affirm", "value": "v"}]}}
    )
    result = await gateway.handle(message())
    token = result.replies[0].choices[0]["token"]
    await gateway.handle(message(None, "2", choice=token))
    assert (wire.asked[1]["intent"], wire.asked[1]["metadata"]["choice"]) == ("affirm", "v")
    stale = await gateway.handle(message(None, "3", choice="forged"))
    assert len(wire.asked) == 2 and "no longer works" in stale.replies[0].text


@pytest.mark.one_database
async def test_a_message_that_is_too_long_is_explained_without_bothering_the_dialogue(
    gateway: Gateway, wire: Wire
) -> None:
    result = await gateway.handle(message("x" * 5000))
    assert result.replies[0].status == "error_too_long" and "2,000" in result.replies[0].text
    assert wire.asked == []


async def test_control_characters_never_reach_the_database(gateway: Gateway, wire: Wire) -> None:
    await gateway.handle(message("he\x00llo\u200b\x07\r\nthere"))
    assert wire.asked[0]["text"] == "hello\nthere"


@pytest.mark.one_database
async def test_nothing_but_control_characters_is_answered_too(gateway: Gateway, wire: Wire) -> None:
    result = await gateway.handle(message("\x00\x07"))
    assert "could not read" in result.replies[0].text and wire.asked == []


async def test_somebody_elses_photo_cannot_be_attached(gateway: Gateway) -> None:
    with pytest.raises(UnknownAttachment):
        await gateway.handle(message(None, "1", attachment_id="x"))


async def test_a_flood_is_refused(gateway: Gateway, services: Services) -> None:
    limit = services.settings.messages_per_minute
    for number in range(limit):
        await gateway.handle(message(message_id=str(number)))
    with pytest.raises(TooManyMessages):
        await gateway.handle(message(message_id="one more"))


@pytest.mark.one_database
async def test_small_talk_is_said_in_the_words_of_the_catalogue(gateway: Gateway, wire: Wire) -> None:
    wire.answer = lambda body: said({"utter": "utter_greet", "text": "from the domain"})
    result = await gateway.handle(message())
    assert result.replies[0].text == gateway.services.text("utter-greet")
    assert len(result.replies[0].choices) == 3


async def test_a_sender_stays_with_one_process_and_moves_only_when_it_is_down(
    services: Services, wire: Wire
) -> None:
    urls = ["http://one", "http://two", "http://three"]
    first, second, _ = ranked(urls, "somebody")
    down: set[str] = set()

    class Flaky(Wire):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if f"http://{request.url.host}" in down:
                raise httpx.ConnectError("refused")
            return await super().handle_async_request(request)

    flaky = Flaky()
    client = DialogueClient(urls, "token", 5, transport=flaky)
    for _ in range(3):
        await client.turn("somebody", "1", text="x", intent=None, metadata={})
    down.add(first)
    await client.turn("somebody", "2", text="x", intent=None, metadata={})
    assert [f"http://{host}" for host in flaky.hosts] == [first, first, first, second]
    others = [ranked(urls, str(n))[0] for n in range(300)]
    assert all(60 < others.count(url) < 140 for url in urls)
    await anyio.lowlevel.checkpoint()


@pytest.mark.one_database
async def test_a_plain_answer_to_a_survey_is_not_classified_and_a_question_is(
    gateway: Gateway, wire: Wire, services: Services
) -> None:
    wire.answer = lambda body: said({"custom": {"text": "Well"}}, loop=LOOP)
    first = await gateway.handle(message("the waste survey"))
    with services.sessions.begin() as session:
        at = queries.conversation(session, first.conversation_id)
        assert at is not None
        turn = Turn(
            conversation_id=at.id,
            citizen_id=at.citizen_id,
            message_id="1",
            language="en",
            now=NOON,
            starting=True,
            choice=buttons.start("household-waste"),
        )
        talk.advance(session, turn, desk(services))
    await gateway.handle(message("of course", "2"))
    await gateway.handle(message("who reads this?", "3"))
    asked = [(body["text"], body["intent"], body["metadata"]["text"]) for body in wire.asked[1:]]
    assert asked == [(None, "inform", "of course"), ("who reads this?", None, "who reads this?")]
