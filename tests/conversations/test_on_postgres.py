"""The same product on PostgreSQL: app and Rasa on one database."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.databases import fresh_postgres_database
from tests.people import Citizen, OfficialAtWork
from tests.stack import Stack, missing

pytestmark = [pytest.mark.rasa, pytest.mark.postgres, pytest.mark.xdist_group("own-stacks")]


@pytest.fixture(scope="module")
def on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[Stack]:
    if gone := missing():
        pytest.skip(f"not built yet: {', '.join(gone)}; run `make setup`")
    url = fresh_postgres_database(postgres_server)
    stack = Stack(tmp_path_factory.mktemp("on-postgres"), FOLKMOOT_DATABASE_URL=url).start()
    yield stack
    stack.stop()


def test_the_main_job_on_postgres(on_postgres: Stack) -> None:
    citizen = Citizen(on_postgres.url)
    citizen.says("How do I apply for a blue badge?")
    assert citizen.citations
    citizen.says("there is a huge pothole outside 12 Mill Lane")
    citizen.presses("Send anonymously")
    number = "FM-" + citizen.heard.split("FM-")[1].split()[0]
    official = OfficialAtWork(on_postgres.url, *on_postgres.first_official())
    answer = official.http.post(f"/service-requests/{number}/replies", json={"text": "We are on it."})
    assert answer.status_code in (200, 201), answer.text
    citizen.waits_for("We are on it.")
    citizen.says("I'd like to take a survey")
    citizen.presses("Rubbish and recycling at home")
    citizen.presses("Yes, let's begin")
    citizen.presses("A flat")
    assert "How many people" in citizen.heard
    citizen.says("delete all my data")
    citizen.presses("Delete everything")
    assert "deleted" in citizen.heard


def test_rasa_keeps_its_memory_in_the_same_database(on_postgres: Stack) -> None:
    Citizen(on_postgres.url).says("hello")
    with psycopg.connect(on_postgres.environment["FOLKMOOT_DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM rasa_tracker_snapshots").fetchone()
    assert row is not None and row[0] >= 1
    assert not (on_postgres.home / "folkmoot.db").exists()
