"""A channel that takes messages, or does what the test tells it to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select

from civic.conversation import commands as conversations
from civic.conversation.models import OutboundRecord
from civic.conversation.types import Reply
from civic.delivery import commands
from civic.delivery.models import Delivery
from civic.delivery.sender import Lane, Outcome, Parcel
from civic.delivery.worker import DeliveryWorker
from civic.kit.services import Services


class Post:
    """A channel's sender: keeps what arrived, answers as told, may dawdle."""

    channel = "telegram"

    def __init__(self) -> None:
        self.arrived: list[tuple[str, str]] = []
        self.begun: list[str] = []
        self.lanes: list[str] = []
        self.answer: Callable[[Parcel], Outcome] = lambda parcel: Outcome("sent")
        self.seconds = 0.0

    async def send(self, parcel: Parcel) -> Outcome:
        self.begun.append(parcel.id)
        await asyncio.sleep(self.seconds)
        outcome = self.answer(parcel)
        if outcome.kind == "sent":
            self.arrived.append((parcel.address, parcel.payload["text"]))
            self.lanes.append(parcel.lane)
        return outcome


class Town:
    """Citizens with an address each, and what they are to be told."""

    def __init__(self, services: Services) -> None:
        self.services = services

    def citizen(self, address: str, channel: str = "telegram") -> str:
        with self.services.sessions.begin() as session:
            now = self.services.clock.now()
            return conversations.open_conversation(session, channel, address, "en", now).id

    def tell(self, conversation_id: str, *texts: str, lane: Lane = "push") -> None:
        for text in texts:
            with self.services.sessions.begin() as session:
                now = self.services.clock.now()
                rows = conversations.append(session, conversation_id, [Reply(text=text)], now=now)
                commands.queue(session, rows, lane=lane, now=now)

    def deliveries(self) -> dict[str, Delivery]:
        """By text."""
        with self.services.sessions() as session:
            rows = session.execute(
                select(OutboundRecord, Delivery).join(Delivery, Delivery.message_id == OutboundRecord.id)
            ).all()
            return {row[0].payload["text"]: row[1] for row in rows}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def town(services: Services) -> Town:
    return Town(services)


@pytest.fixture
def worker(services: Services, post: Post) -> DeliveryWorker:
    return DeliveryWorker(services.sessions, services.clock, [post])
