"""Brings a database to the newest version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from migrations.statistics import assume

ROOT = Path(__file__).resolve().parent
LOCK = 0x666F6C6B  # "folk": a number that nobody else uses in our database


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Runs the migrations that are missing; the same call again changes nothing."""
    config = Config()
    config.set_main_option("script_location", str(ROOT))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Processes that start together wait for the first; SQLite's BEGIN IMMEDIATE has them wait anyway.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        assume(connection)
