"""The town hall of the tests: the API in this process, officials who are signed in, a citizen who talks."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from actions.base import LoopAction
from api.app import create_app
from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.conversation import commands
from civic.conversation.models import Conversation
from civic.conversation.types import Choice, LoopStep, Turn
from civic.kit.services import Services
from cli.wiring import provide_parts

PASSWORD = "seven hedgehogs dance"


def application(services: Services, extra: Iterable[APIRouter] = ()) -> FastAPI:
    """The web application over a test's services; `extra` are routers of the test.

    It is put together once: there are hundreds of routes, and half a second goes before the first request.
    """
    pattern = _pattern()
    app = FastAPI(
        title=pattern.title, version=pattern.version, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.services = services
    app.user_middleware[:] = pattern.user_middleware
    app.exception_handlers.update(pattern.exception_handlers)
    app.router.routes[:] = pattern.router.routes
    for router in extra:
        app.include_router(router)
    return app


@lru_cache(maxsize=1)
def _pattern() -> FastAPI:
    # No route keeps the services: each request asks its application for them.
    return create_app(None)  # type: ignore[arg-type]


@pytest.fixture
def web(services: Services) -> TestClient:
    """The web application over the product's parts, called without a network."""
    provide_parts(services)
    return TestClient(application(services), raise_server_exceptions=False)


@pytest.fixture
def signed_in(services: Services, web: TestClient) -> Callable[[Role], dict[str, str]]:
    """Headers of an official with a role, who is made when first asked for; the name is the role's."""
    tokens: dict[Role, dict[str, str]] = {}

    def headers(role: Role) -> dict[str, str]:
        if role not in tokens:
            with services.sessions.begin() as session:
                add_official(session, role.value, role, PASSWORD, services.clock.now())
            answer = web.post("/api/v1/token", data={"username": role.value, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            tokens[role] = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return tokens[role]

    return headers


class Talker:
    """A citizen in a loop of one feature; each message is one call, as the dialogue server makes it."""

    def __init__(self, services: Services, loop: type[LoopAction], address: str = "chat-1") -> None:
        self.services = services
        self.loop = loop(services)
        self.steps: list[LoopStep] = []
        self.active = False
        self.language = "en"
        self._numbers = itertools.count(1)
        with services.sessions.begin() as session:
            self.conversation: Conversation = commands.open_conversation(
                session, "telegram", address, "en", services.clock.now()
            )

    def turn(self, session: Session, **what: Any) -> LoopStep:
        turn = Turn(
            conversation_id=self.conversation.id,
            citizen_id=self.conversation.citizen_id,
            message_id=f"m{next(self._numbers)}",
            language=self.language,
            now=self.services.clock.now(),
            loop=self.loop.action_name if self.active else None,
            starting=not self.active,
            **{"confidence": 0.9, **what},
        )
        return self.loop.advance(session, turn, self.services)

    def _take(self, **what: Any) -> str:
        with self.services.sessions.begin() as session:
            step = self.turn(session, **what)
        self.steps.append(step)
        if step.status != "interrupted":
            self.active = step.status == "asking"
        return self.heard

    def says(self, text: str, intent: str = "out_of_scope", confidence: float = 0.9) -> str:
        return self._take(text=text, intent=intent, confidence=confidence)

    def presses(self, label: str) -> str:
        pressed = next(choice for choice in self.choices if choice.label == label)
        return self._take(intent=pressed.intent, choice=pressed.value)

    def sends(self, **what: Any) -> str:
        """A message that is no text, such as a button of something else."""
        return self._take(**what)

    def is_asked_again(self) -> str:
        """What the loop says after the citizen's message was dealt with elsewhere."""
        return self._take(resuming=True, text="whatever it was", intent="help")

    @property
    def status(self) -> str:
        return self.steps[-1].status

    @property
    def heard(self) -> str:
        return "\n".join(reply.text for reply in self.steps[-1].replies)

    @property
    def choices(self) -> list[Choice]:
        return [choice for reply in self.steps[-1].replies for choice in reply.choices]


@pytest.fixture
def talker(services: Services) -> Callable[..., Talker]:
    return lambda loop, address="chat-1": Talker(services, loop, address)
