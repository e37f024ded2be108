"""Runs the migrations on the connection or URL it is handed."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from civic.kit.db import Base, make_engine
from civic.kit.settings import Settings
from migrations.tables import import_models

import_models()


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(Settings().database)
    with engine.begin() as connection:
        run(connection)
