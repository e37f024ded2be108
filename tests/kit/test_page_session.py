"""A session for a page reads what is there now, whole, and writes nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select

from civic.accounts.commands import add_official
from civic.accounts.models import Official
from civic.accounts.rules import Role
from civic.kit import db
from civic.kit.db import make_sessions, page_session

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_page_sees_what_is_committed_and_reads_in_pieces_too(engine: Engine) -> None:
    sessions = make_sessions(engine)
    with sessions.begin() as writing:
        add_official(writing, "ann", Role.AGENT, "eleven otters counting", NOW)
    with page_session(sessions) as page:
        names = select(Official.name).order_by(Official.name)
        assert page.scalars(names.execution_options(yield_per=1)).all() == ["ann"]
        rows = page.scalars(select(Official).execution_options(yield_per=1)).partitions(1)
        assert [[each.name for each in part] for part in rows] == [["ann"]]
    with page_session(sessions) as page:
        found = page.scalars(select(Official)).one()
        found.name = "bob"
        with pytest.raises(RuntimeError, match="only reads"):
            page.flush()
    with page_session(sessions) as page:
        assert page.scalars(names).all() == ["ann"]


@pytest.mark.postgres
def test_a_connection_that_was_cut_while_it_was_idle_is_replaced(
    postgres_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = db.make_engine(postgres_engine.url.render_as_string(hide_password=False))
    sessions = make_sessions(own)
    monkeypatch.setattr(db, "PAUSE_SECONDS", 0.0)
    with page_session(sessions) as page:
        cut = page.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    with postgres_engine.connect() as other:
        other.exec_driver_sql(f"SELECT pg_terminate_backend({cut})")
    with page_session(sessions) as page:
        assert page.connection().exec_driver_sql("SELECT 1").scalar_one() == 1
    own.dispose()
