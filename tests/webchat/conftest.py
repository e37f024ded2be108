"""The real application over a real database; only Rasa's side of the wire is decided by the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from bot.dialogue import DialogueClient
from bot.gateway import Gateway
from bot.webchat.router import install
from civic.kit.files import FileStore
from civic.kit.services import Services
from tests.bot.conftest import Wire
from tests.office import application


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def chat(services: Services, wire: Wire) -> Iterator[TestClient]:
    """A browser's view of the application."""
    services.provide(FileStore, lambda parts: FileStore(parts.settings.home / "attachments"))
    gateway = Gateway(services, DialogueClient(["http://one"], "token", 5, transport=wire))
    app = application(services)
    install(app, services, gateway)
    with TestClient(app) as client:
        yield client
