"""A dialogue server at the HTTP seam: what Rasa says is decided by the test, the rest is real."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bot.dialogue import DialogueClient
from bot.gateway import Gateway
from civic.kit.services import Services

Answer = Callable[[dict[str, Any]], httpx.Response]


class Wire(httpx.AsyncBaseTransport):
    """Answers each turn with `answer(body)` and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.hosts: list[str] = []
        self.answer: Answer = lambda body: said({"custom": {"text": f"You said {body['text']}"}})

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.hosts.append(str(request.url.host))
        body = json.loads(request.content)
        self.asked.append(body)
        return self.answer(body)


def said(*messages: dict[str, Any], intent: str = "greet", loop: str | None = None) -> httpx.Response:
    return httpx.Response(
        200,
        json={"messages": list(messages), "intent": {"name": intent, "confidence": 0.9}, "loop": loop},
    )


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def gateway(services: Services, wire: Wire) -> Gateway:
    return Gateway(services, DialogueClient(["http://one"], "token", 5, transport=wire))
