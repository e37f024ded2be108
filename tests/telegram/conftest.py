"""The real gateway between a Telegram of our own and a dialogue whose answers the test decides."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine

from bot.dialogue import DialogueClient
from bot.gateway import Gateway
from bot.telegram.gateway import TelegramGateway
from bot.telegram.webhook import webhook_router
from civic.conversation.types import Reply
from civic.delivery import commands as delivery
from civic.delivery.worker import DeliveryWorker
from civic.kit.clock import SystemClock
from civic.kit.files import FileStore
from civic.kit.services import Services
from civic.kit.settings import Settings
from cli.server import Server
from tests import databases
from tests.fakes.telegram_api import FakeTelegram
from tests.fixtures import ROOT

Answer = Callable[[dict[str, Any]], list[dict[str, Any]] | None]


class Dialogue(httpx.AsyncBaseTransport):
    """Rasa at the HTTP seam: says what the test decides; None is a failure."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.seconds: Callable[[dict[str, Any]], float] = lambda body: 0.0
        self.answer: Answer = lambda body: [
            {"custom": {"text": f"You said {body['text'] or body['intent']}"}}
        ]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.asked.append(body)
        await asyncio.sleep(self.seconds(body))
        messages = self.answer(body)
        if messages is None:
            return httpx.Response(502)
        intent = {"name": "greet", "confidence": 0.9}
        return httpx.Response(200, json={"messages": messages, "intent": intent, "loop": None})


class Channel:
    """One process's Telegram channel and delivery worker, running in a thread of its own."""

    def __init__(self, services: Services, dialogue: Dialogue) -> None:
        self.services = services
        self.dialogue = dialogue
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self.telegram: TelegramGateway | None = None
        self.ended = False
        self.door: socket.socket | None = None

    def start(self) -> None:
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live(ready)), daemon=True)
        self._thread.start()
        ready.result(timeout=10)

    async def _live(self, ready: Future[None]) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        client = DialogueClient(["http://rasa"], "token", 5, transport=self.dialogue)
        gateway = Gateway(self.services, client)
        self.telegram = TelegramGateway(self.services, gateway)
        worker = DeliveryWorker(self.services.sessions, self.services.clock, [self.telegram.sender])

        async def wake(conversation_id: str) -> None:
            worker.wake()

        gateway.on_messages(wake)
        self.gateway = gateway
        listening = asyncio.create_task(self.telegram.run())
        listening.add_done_callback(lambda task: setattr(self, "ended", True))
        parts = [listening, asyncio.create_task(worker.run())]
        if self.door is not None:
            app = FastAPI()
            secret = self.services.settings.secret("telegram_webhook_secret")
            app.include_router(webhook_router(self.telegram, secret))
            server = Server(uvicorn.Config(app, log_config=None, lifespan="off"))
            parts.append(asyncio.create_task(server.serve(sockets=[self.door])))
        ready.set_result(None)
        await self._stop.wait()
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        await client.close()

    def stop(self) -> None:
        if self._loop is not None and self._stop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(timeout=15)
            assert not self._thread.is_alive(), "the channel does not stop"
            self._thread = self._loop = None

    def run(self, coroutine: Any) -> Any:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=20)

    def tell(self, chat: int, text: str, key: str) -> bool:
        """As an official's reply does: by the outbox."""
        from civic.conversation import queries

        with self.services.sessions.begin() as session:
            conversation = queries.conversation_at(session, "telegram", str(chat))
            assert conversation is not None, "the citizen has not written yet"
            return delivery.tell(
                session, conversation.id, Reply(text=text), dedupe_key=key, now=datetime.now(UTC)
            )


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as running:
        yield running


@pytest.fixture
def dialogue() -> Dialogue:
    return Dialogue()


@pytest.fixture(scope="module")
def channel_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("telegram") / "telegram.db"
    with databases.migrated(f"sqlite:///{path}") as engine:
        yield engine


@pytest.fixture
def channel_settings(telegram: FakeTelegram, tmp_path: Path, channel_engine: Engine) -> Settings:
    return Settings(
        _env_file=None,
        home=tmp_path,
        content=ROOT / "content",
        database_url=channel_engine.url.render_as_string(hide_password=False),
        telegram_token=SecretStr(telegram.token),
        telegram_api_base=telegram.base,
        messages_per_minute=200,
    )


@pytest.fixture
def channel_services(channel_settings: Settings, channel_engine: Engine) -> Services:
    services = Services(channel_settings, clock=SystemClock(), engine=channel_engine)
    services.provide(FileStore, lambda s: FileStore(s.settings.home / "attachments"))
    return services


@pytest.fixture
def channel(channel_services: Services, dialogue: Dialogue) -> Iterator[Channel]:
    running = Channel(channel_services, dialogue)
    running.start()
    yield running
    running.stop()


_chats = iter(range(1000, 100_000))


@pytest.fixture
def chat() -> int:
    """A citizen's chat that no other test uses."""
    return next(_chats)


def pause(seconds: float) -> None:
    """Long enough for something to go wrong that should not happen."""
    time.sleep(seconds)
