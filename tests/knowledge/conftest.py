"""A town's documents on a real database, asked with the real encoder."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import Engine

from actions.knowledge import ActionAnswerQuestion, press
from civic.conversation import commands as conversation
from civic.conversation.types import Choice, Citation, Reply, Turn
from civic.encoder import SentenceEncoder
from civic.encoder.runtime import BATCH_SIZE, Vectors
from civic.kit.services import Services
from civic.kit.settings import Settings
from civic.knowledge import commands, jobs, parts
from civic.knowledge.importing import parse
from civic.knowledge.jobs import FileResult
from civic.knowledge.prepare import PreparedDocument, prepare
from tests.fixtures import BUILT, ROOT

POLICIES = ROOT / "content" / "policies"
Add = Callable[..., list[FileResult]]


class RememberingEncoder(SentenceEncoder):
    """The encoder as it runs, which encodes the same texts once for all tests."""

    remembered: ClassVar[dict[tuple[str, ...], Vectors]] = {}

    def encode(self, sentences: Sequence[str], batch_size: int = BATCH_SIZE) -> Vectors:
        key = tuple(sentences)
        if key not in self.remembered:
            self.remembered[key] = super().encode(sentences, batch_size)
        return self.remembered[key]


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    """The encoder as it runs; without the export these tests cannot say anything."""
    return RememberingEncoder.load(BUILT / "encoder")


@pytest.fixture
def services(settings: Settings, engine: Engine, clock: object, encoder: SentenceEncoder) -> Services:
    services = Services(settings, clock=clock, engine=engine)  # type: ignore[arg-type]
    settings.home.mkdir()
    settings.encoder_dir.symlink_to(BUILT / "encoder")
    services.provide(SentenceEncoder, lambda _: encoder)
    parts.provide(services)
    return services


@pytest.fixture(scope="session")
def prepared_town(encoder: SentenceEncoder) -> list[PreparedDocument]:
    """The demonstration documents, read and encoded once for all tests."""
    return [prepare(parse(path).documents[0], encoder) for path in sorted(POLICIES.glob("*.md"))]


@pytest.fixture
def town(services: Services, prepared_town: list[PreparedDocument]) -> None:
    """The demonstration documents in force."""
    with services.sessions.begin() as session:
        for one in prepared_town:
            source = str(POLICIES / f"{one.document.key}.md")
            commands.store(session, one, source=source, now=services.clock.now())


@pytest.fixture
def add(services: Services) -> Add:
    """Imports files as the command line does."""

    def add(*paths: Path, name: str | None = None) -> list[FileResult]:
        encoder = services.get(SentenceEncoder)
        return list(jobs.import_files(services.sessions, encoder, paths, services.clock, name=name))

    return add


class Asker:
    """A citizen who asks and presses the buttons under the answers."""

    def __init__(self, services: Services, address: str = "chat-1") -> None:
        self.services = services
        self.replies: list[Reply] = []
        self.history: list[str] = []
        self._numbers = itertools.count(1)
        with services.sessions.begin() as session:
            opened = conversation.open_conversation(session, "telegram", address, "en", services.clock.now())
            self.conversation_id, self.citizen_id = opened.id, opened.citizen_id

    def turn(self, **what: object) -> Turn:
        return Turn.model_validate(
            {
                "conversation_id": self.conversation_id,
                "citizen_id": self.citizen_id,
                "message_id": f"m{next(self._numbers)}",
                "language": "en",
                "now": self.services.clock.now(),
                "history": self.history,
                **what,
            }
        )

    def asks(self, text: str, loop: str | None = None) -> str:
        with self.services.sessions.begin() as session:
            turn = self.turn(text=text, intent="ask_policy", loop=loop)
            self.replies = ActionAnswerQuestion(self.services).act(session, turn, self.services).replies
        self.history.append(text)
        return self.status

    def presses(self, label: str) -> str:
        return self.presses_token(next(one for one in self.choices if one.label == label))

    def presses_token(self, choice: Choice) -> str:
        with self.services.sessions.begin() as session:
            self.replies = press(
                session, self.turn(choice=choice.value, intent="choose"), self.services
            ).replies
        return self.heard

    @property
    def status(self) -> str:
        return next((reply.status for reply in self.replies if reply.status), "")

    @property
    def heard(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def choices(self) -> list[Choice]:
        return [choice for reply in self.replies for choice in reply.choices]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.choices]

    @property
    def citation(self) -> Citation:
        (found,) = [citation for reply in self.replies for citation in reply.citations]
        return found


@pytest.fixture
def asker(services: Services) -> Callable[..., Asker]:
    return lambda address="chat-1": Asker(services, address)


@pytest.fixture
def permits(tmp_path: Path) -> Path:
    """One small document, as a municipality writes it."""
    path = tmp_path / "permits.md"
    path.write_text(
        "---\nid: permits\ntitle: Parking permits\ndate: 2025-06-02\nsection: Parking\n---\n\n"
        "# Parking permits\n\nYou need a permit to park in zone A.\n\n## What it costs\n\n"
        "The first permit costs £60 a year and the second £110. Electric vehicles pay half. "
        "If you move away we refund the full months that are left.\n\n## Visitors\n\n"
        "Each household can buy these:\n\n- ten one-day vouchers for £14\n- one weekly voucher for £9\n",
        encoding="utf-8",
    )
    return path
