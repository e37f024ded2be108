"""The database: one declarative base, one way to open it, SQLite and PostgreSQL alike."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# A connection that came back so recently is taken to be alive.
PAUSE_SECONDS = 1.0


class Base(DeclarativeBase):
    """Every table of the product hangs on this base."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime in UTC, on every database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite forgets the zone; everything was stored in UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Sessions = sessionmaker[Session]


def driver_url(url: str) -> str:
    """Names the driver we ship: `postgresql://` becomes `postgresql+psycopg://`."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def make_engine(url: str) -> Engine:
    """Opens the database; SQLite in WAL mode, with foreign keys and a patient lock."""
    url = driver_url(url)
    if not url.startswith("sqlite"):
        engine = create_engine(url, pool_size=10, max_overflow=20)
        _ping_after_a_pause(engine)
        return engine
    engine = create_engine(url, connect_args={"timeout": 10, "check_same_thread": False}, pool_size=16)
    event.listen(engine, "connect", _set_up_sqlite)
    # Writers queue at BEGIN instead of failing half-way when a read turns into a write.
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _ping_after_a_pause(engine: Engine) -> None:
    """Asks a connection whether it still lives, unless it did a moment ago: that costs a page a tenth.

    Where the database went away within that moment one request fails, and with it the whole pool is renewed.
    """

    @event.listens_for(engine, "checkin")
    def returned(connection: Any, record: Any) -> None:
        record.info["returned"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, proxy: object) -> None:
        if time.monotonic() - record.info.get("returned", 0.0) < PAUSE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error


def _set_up_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    options = connection.get_execution_options()
    connection.exec_driver_sql("BEGIN" if options.get("read_only") else "BEGIN IMMEDIATE")


def make_sessions(engine: Engine) -> Sessions:
    """A factory of sessions whose objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def insert_once(session: Session, table: type[Base], **values: Any) -> bool:
    """Adds a row unless its unique key is taken; False when it was there. One statement, no savepoint."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    key = table.__mapper__.primary_key
    added = session.execute(insert(table).values(**values).on_conflict_do_nothing().returning(*key))
    return added.first() is not None


def read_session(sessions: Sessions) -> Session:
    """A session for reading only: on SQLite it does not wait for writers."""
    engine = sessions.kw["bind"]
    return Session(engine.execution_options(read_only=True), expire_on_commit=False)


class PageSession(Session):
    """Reads, and never writes: where each statement stands alone, a write would be committed by itself."""


@event.listens_for(PageSession, "before_flush")
def _refuse_writes(session: Session, *_: object) -> None:
    raise RuntimeError("a session for a page only reads")


@event.listens_for(PageSession, "do_orm_execute")
def _read_whole(state: ORMExecuteState) -> None:
    # A result that is read in pieces lives in a transaction, and here there is none.
    if state.execution_options.get("yield_per"):
        state.update_execution_options(yield_per=None)


@contextmanager
def single_write(sessions: Sessions) -> Iterator[Session]:
    """A session for one statement that writes, such as a row of the audit, committed at the end.

    On PostgreSQL the statement is its own transaction: a COMMIT less to wait for.
    """
    engine = sessions.kw["bind"]
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="AUTOCOMMIT")
    with Session(engine) as session, session.begin():
        yield session


def page_session(sessions: Sessions) -> Session:
    """A session for what one page shows: on PostgreSQL each SELECT stands alone, with no BEGIN and ROLLBACK.

    It sees what `read_session` sees, since that one, too, looks anew with each statement there.
    """
    engine = sessions.kw["bind"]
    alone: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
    options = alone if engine.dialect.name == "postgresql" else {"read_only": True}
    return PageSession(engine.execution_options(**options), expire_on_commit=False)
