"""The action webhook with actions of the test's own, called as Rasa calls it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from actions.base import CivicAction
from api.action_webhook import action_router
from civic.conversation import commands
from civic.conversation.types import InboundMessage
from civic.kit.services import Services
from tests.fixtures import NOON

Event = dict[str, Any]


class Caller:
    """Calls actions for one conversation, keeping the tracker as Rasa would."""

    def __init__(self, services: Services, kinds: Sequence[type[CivicAction]]) -> None:
        self.services = services
        app = FastAPI()
        app.include_router(action_router(services, [kind(services) for kind in kinds]))
        self.http = TestClient(app)
        self.token = services.settings.secret("rasa_token")
        self.events: list[Event] = []
        self.loop: str | None = None
        self.slots: dict[str, Any] = {}
        self.sender = self.citizen = self.message_id = ""
        self.heard_at: datetime | None = None

    def hears(self, text: str, message_id: str, intent: str = "", **metadata: Any) -> None:
        """A citizen's message arrives and is stored."""
        inbound = InboundMessage(
            channel="web", address="a", message_id=message_id, text=text, received_at=NOON
        )
        with self.services.sessions() as session:
            received = commands.receive(
                session, inbound, language="en", per_minute=99, now=self.services.clock.now()
            )
            session.commit()
            self.sender, self.citizen = received.conversation.id, received.conversation.citizen_id
        now = self.services.clock.now()
        self.heard_at, before = now, self.heard_at
        metadata |= {"message_id": message_id, "citizen_id": self.citizen, "text": text}
        metadata |= {"silent_for": (now - (before or now)).total_seconds()}
        self.latest = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "metadata": metadata}
        self.events.append({"event": "user"})

    def call(self, action: str, token: str | None = None) -> Any:
        body = {
            "next_action": action,
            "sender_id": self.sender,
            "tracker": {
                "sender_id": self.sender,
                "slots": self.slots,
                "latest_message": self.latest,
                "events": self.events,
                "active_loop": {"name": self.loop} if self.loop else {},
                "paused": False,
                "latest_action_name": "action_listen",
            },
        }
        return self.http.post(
            "/rasa/actions", json=body, headers={"Authorization": f"Bearer {token or self.token}"}
        )

    def runs(self, action: str) -> tuple[list[str], list[Event]]:
        """Calls an action and applies its events; returns what it said and the events."""
        response = self.call(action)
        assert response.status_code == 200, response.text
        data = response.json()
        rejected = any(event["event"] == "action_execution_rejected" for event in data["events"])
        if not rejected:
            self.events.append({"event": "action", "name": action})
        for event in data["events"]:
            self.events.append(event)
            if event["event"] == "active_loop":
                self.loop = event["name"]
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        return [response["custom"]["text"] for response in data["responses"]], data["events"]


@pytest.fixture
def caller(services: Services) -> Callable[..., Caller]:
    return lambda *kinds: Caller(services, kinds)
