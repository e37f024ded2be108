"""A citizen who talks to the complaint loop on a real database, with the real encoder."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civic.conversation import commands as conversations
from civic.conversation import queries as conversation_queries
from civic.conversation.models import Attachment
from civic.conversation.types import Choice, InboundMessage, Location, LoopStep, Reply, Turn
from civic.encoder import SentenceEncoder
from civic.kit.clock import SettableClock
from civic.kit.files import FileStore
from civic.kit.images import CleanImage
from civic.kit.services import Services
from civic.service_requests import status
from civic.service_requests.intake import afterwards, talk
from civic.service_requests.parts import provide
from civic.service_requests.services import ServiceList, load
from civic.service_requests.suggester import Suggester
from tests.fixtures import BUILT, ROOT

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def service_list() -> ServiceList:
    return load(ROOT / "content" / "services.yml")


@pytest.fixture(scope="session")
def suggester(service_list: ServiceList) -> Suggester:
    """The suggester as it runs; without the exported encoder these tests cannot say anything."""
    return Suggester(service_list, SentenceEncoder.load(BUILT / "encoder"))


@pytest.fixture
def services(services: Services, suggester: Suggester) -> Services:
    provide(services)
    services.provide(Suggester, lambda _: suggester)
    services.provide(SentenceEncoder, lambda _: SentenceEncoder.load(BUILT / "encoder"))
    services.provide(FileStore, lambda s: FileStore(s.settings.home / "attachments"))
    return services


class Teller:
    """Somebody in a chat. What they press, they press by its label; what they heard last is in `heard`."""

    def __init__(self, session: Session, services: Services, clock: SettableClock, address: str) -> None:
        self.session, self.services, self.clock = session, services, clock
        self.conversation = conversations.open_conversation(session, "web", address, "en", clock.now())
        self.conversation_id, self.citizen_id = self.conversation.id, self.conversation.citizen_id
        self.random = Random(address)
        self.active = False
        self.turns = 0
        self.replies: list[Reply] = []
        self.status = ""

    @property
    def heard(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def choices(self) -> list[Choice]:
        return [choice for reply in self.replies for choice in reply.choices]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.choices]

    def says(self, text: str, intent: str = "report_problem", confidence: float = 0.9) -> str:
        return self._turn(text=text, intent=intent, confidence=confidence)

    def presses(self, label: str) -> str:
        return self.presses_again(self.choice(label))

    def choice(self, label: str) -> Choice:
        found = [choice for choice in self.choices if choice.label == label]
        assert found, f"no button {label!r} among {self.labels}"
        return found[0]

    def presses_again(self, choice: Choice) -> str:
        if choice.value.startswith(f"{status.BUTTON}:"):
            turn = self._make(choice=choice.value, intent=choice.intent)
            begun = afterwards.pressed(self.session, turn, self.services)
            return self._begun(begun, lambda: status.pressed(self.session, turn, self.services))
        return self._turn(choice=choice.value, intent=choice.intent, confidence=1.0)

    def presses_menu(self, intent: str) -> str:
        return self._turn(intent=intent, confidence=1.0)

    def shares(self, lat: float, long: float) -> str:
        return self._turn(location=Location(lat=lat, long=long), intent="share_location", confidence=1.0)

    def sends_photo(self, taken_at: tuple[float, float] | None = None) -> str:
        return self._turn(attachment_id=self.photo(taken_at), intent="share_photo", confidence=1.0)

    def positions(self) -> list[tuple[float | None, float | None]]:
        """What is still known of where the photos were taken."""
        return [(photo.lat, photo.long) for photo in self.session.scalars(select(Attachment))]

    def photo(self, taken_at: tuple[float, float] | None = None) -> str:
        attachment_id = f"photo-{next(_numbers)}"
        image = CleanImage(b"x", "image/jpeg", 1, 1, taken_at)
        conversations.add_attachment(
            self.session, self.conversation.id, attachment_id, image, self.clock.now()
        )
        self.services.get(FileStore).put(attachment_id, image.data)
        return attachment_id

    def returns_from_elsewhere(self) -> str:
        """What Rasa does after the rule of an interruption ran: the loop is called once more."""
        turn = self._make(intent="ask_policy").model_copy(update={"resuming": True})
        return self._take(talk.advance(self.session, turn, self.services, self.random))

    def asks_status(self, text: str) -> str:
        turn = self._make(text=text, intent="check_status")
        begun = afterwards.wanted(self.session, turn, self.services)
        return self._begun(begun, lambda: status.check(self.session, turn, self.services))

    def _begun(self, step: LoopStep | None, otherwise: Callable[[], Reply]) -> str:
        """What the action does: a detour of the loop was begun, or something is just said."""
        self.replies = step.replies if step else [otherwise()]
        self.active = self.active or (step is not None and step.status == "asking")
        self.session.commit()
        return self.heard

    def falls_silent(self, **how_long: float) -> None:
        """Long enough for the dialogue to forget the loop."""
        self.clock.advance(timedelta(**how_long))
        self.active = False

    def _make(self, **what: Any) -> Turn:
        self.clock.advance(timedelta(seconds=5))
        message_id = f"m{next(_numbers)}"
        return Turn(
            conversation_id=self.conversation.id,
            citizen_id=self.conversation.citizen_id,
            message_id=message_id,
            language="en",
            now=self.clock.now(),
            loop="complaint_form" if self.active else None,
            starting=not self.active,
            **what,
        )

    def keeps(self, turn: Turn) -> None:
        """Stores the message as the gateway does."""
        message = InboundMessage(
            channel="web",
            address="unused",
            message_id=turn.message_id,
            received_at=turn.now,
            text=turn.text,
            intent=turn.intent if not turn.text else None,
            location=turn.location,
            attachment_id=turn.attachment_id,
        )
        if turn.location or turn.attachment_id:
            message = message.model_copy(update={"intent": None})
        address = conversation_queries.address_for(self.session, self.conversation.id)
        assert address is not None
        conversations.receive(
            self.session,
            message.model_copy(update={"address": address.address}),
            language="en",
            per_minute=10_000,
            now=turn.now,
        )

    def _turn(self, **what: Any) -> str:
        turn = self._make(**what)
        self.keeps(turn)
        self.turns += 1
        return self._take(talk.advance(self.session, turn, self.services, self.random))

    def _take(self, step: LoopStep) -> str:
        self.session.commit()
        self.replies, self.status = step.replies, step.status
        self.active = step.status != "done"
        return self.heard


@pytest.fixture
def meet(session: Session, services: Services, clock: SettableClock) -> Callable[..., Teller]:
    """Brings one more citizen."""

    def one(address: str = "browser-1") -> Teller:
        teller = Teller(session, services, clock, address)
        session.commit()
        return teller

    return one


@pytest.fixture
def anna(meet: Callable[..., Teller]) -> Teller:
    return meet()
