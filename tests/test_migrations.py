"""One set of migrations makes the database that the models describe."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from civic.kit.db import Base
from migrations.tables import import_models
from migrations.upgrade import upgrade

# An index over words is the database's own; no model can describe it.
OWN = ("service_request_search", "ix_service_request_words_words")


def described(name: str | None, kind: str, parents: Any) -> bool:
    return not (name or "").startswith(OWN)


def test_the_migrated_database_is_what_the_models_describe(engine: Engine) -> None:
    import_models()
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": described}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
