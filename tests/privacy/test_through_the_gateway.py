"""The confirmation of a deletion arrives once, even when the dialogue server is killed right after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from actions.privacy import decide
from bot.dialogue import DialogueClient
from bot.gateway import Gateway
from civic.conversation import queries
from civic.conversation.models import Conversation, InboundRecord
from civic.conversation.types import InboundMessage, Turn
from civic.delivery.models import Delivery
from civic.kit.services import Services
from cli.wiring import provide_parts
from tests.bot.conftest import Wire, said

Channel = str

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def house(services: Services) -> Services:
    provide_parts(services)
    return services


def message(house: Services, channel: Any, message_id: str, text: str) -> InboundMessage:
    return InboundMessage(
        channel=channel, address="chat-1", message_id=message_id, text=text, received_at=house.clock.now()
    )


def deleting(
    house: Services, then: Callable[[str], httpx.Response]
) -> Callable[[dict[str, Any]], httpx.Response]:
    """A dialogue server that runs the deletion, as its action webhook would, and then does `then`."""

    def answer(body: dict[str, Any]) -> httpx.Response:
        turn = Turn(
            conversation_id=body["sender"],
            citizen_id=body["metadata"]["citizen_id"],
            message_id=body["message_id"],
            language="en",
            now=house.clock.now(),
            choice="privacy:erase",
        )
        with house.sessions.begin() as session:
            outcome = decide(session, turn, house)
        return then(outcome.replies[0].text)

    return answer


def ends_well(text: str) -> httpx.Response:
    return said({"custom": {"text": text, "status": "erased"}})


def is_killed(text: str) -> httpx.Response:
    raise httpx.ReadError("connection lost")


@pytest.mark.parametrize("channel", ["web", "telegram"])
@pytest.mark.parametrize("then", [ends_well, is_killed])
async def test_the_confirmation_arrives_once(house: Services, channel: Channel, then: Any) -> None:
    wire = Wire()
    gateway = Gateway(house, DialogueClient(["http://one"], "token", 5, transport=wire))
    notified: list[str] = []

    async def listener(conversation_id: str) -> None:
        notified.append(conversation_id)

    gateway.on_messages(listener)
    before = await gateway.handle(message(house, channel, "1", "hello"))
    wire.answer = deleting(house, then)
    result = await gateway.handle(message(house, channel, "2", "yes, delete it"))

    assert [reply.status for reply in result.replies] == ["erased"]
    assert result.state == "answered"
    # The numbers go on, so that a page which resumes by number misses nothing.
    assert result.replies[0].seq > before.replies[-1].seq
    assert result.conversation_id != before.conversation_id
    assert notified[-1] == result.conversation_id
    with house.sessions() as session:
        fresh = queries.conversation_at(session, channel, "chat-1")
        assert fresh is not None and fresh.id == result.conversation_id
        assert len(queries.messages_since(session, fresh.id, 0)) == 1
        assert session.scalar(select(func.count()).select_from(InboundRecord)) == 0
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1
        deliveries = session.scalars(select(Delivery)).all()
        expected = {"web": "sent", "telegram": "pending"}[channel]
        assert [delivery.state for delivery in deliveries] == [expected]
    assert await gateway.retry_unanswered() == 0

    wire.answer = lambda body: said({"custom": {"text": f"Hello {body['sender']}"}})
    again = await gateway.handle(message(house, channel, "3", "hello again"))
    assert [reply.text for reply in again.replies] == [f"Hello {result.conversation_id}"]
