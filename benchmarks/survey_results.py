"""`python -m benchmarks.survey_results`: the results page of a survey with 100,000 responses.

    python -m benchmarks.survey_results [--responses 100000] [--pages 60] [--database sqlite postgres]

Ten questions of every kind that is counted, answered by imagined people; a fifth more did not finish. The
page is asked for through the whole web application, signed in, and half of the times with a comparison.
Before each one, another response comes in: nothing can be answered from what was worked out before.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import insert

from api.app import create_app
from benchmarks.report import write
from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.kit.clock import SettableClock
from civic.kit.ids import new_id
from civic.kit.services import Services
from civic.kit.settings import Settings
from civic.surveys.definition import SurveyDefinition
from civic.surveys.models import Survey, SurveyAnswer, SurveySession, SurveyVersion
from civic.surveys.results import layout
from civic.surveys.results.commands import count_in
from civic.surveys.results.models import SurveyResultRow
from civic.surveys.results.texts import feeling
from cli.wiring import provide_parts
from tests import databases

EXPECTED_MS = 300
PASSWORD = "seven hedgehogs dance"
PAGE = "/officials/surveys/parks/results"
START = datetime(2026, 3, 2, 12, tzinfo=UTC)
WISHES = ("More benches, please.", "I love it as it is!", "It is dirty and I feel unsafe there.", "A cafe")
BATCH = 5000


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the page on each database, and writes the figures as JSON too."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--without-answers", action="store_true", help="only what the page reads; no CSV")
    parser.add_argument("--database", nargs="+", default=["sqlite", "postgres"])
    parser.add_argument("--json", type=Path, help="where the figures go; default $FOLKMOOT_HOME/bench/")
    options = parser.parse_args(arguments)
    out = options.json or Settings().home.resolve() / "bench" / "survey_results.json"
    figures: dict[str, Any] = {"responses": options.responses, "cores": os.cpu_count(), "databases": {}}
    for kind in options.database:
        found = measure(kind, options.responses, options.pages, not options.without_answers)
        figures["databases"][kind] = found
        verdict = "as expected" if found["p95_ms"] < EXPECTED_MS else "slower than expected"
        print(
            f"{kind}: page p50 {found['p50_ms']:.0f} ms, p95 {found['p95_ms']:.0f} ms "
            f"({verdict}: {EXPECTED_MS}), first {found['first_ms']:.0f} ms; "
            f"CSV {found['csv_rows_a_second']:,.0f} rows/s; filled in {found['filled_s']:.0f} s"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    write(out, figures)
    print(f"Also in {out}")
    return 0


def measure(kind: str, responses: int, pages: int, answers: bool = True) -> dict[str, Any]:
    """The times of one database."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="folkmoot-results-")))
        url = f"sqlite:///{folder / 'bench.db'}"
        if kind == "postgres":
            server, stop = databases.start_postgres()
            held.callback(stop)
            url = databases.fresh_postgres_database(server)
        engine = held.enter_context(databases.migrated(url))
        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            home=folder / "home",
            content=Path("content").resolve(),
            database_url=engine.url.render_as_string(hide_password=False),
        )
        clock = SettableClock(START)
        services = Services(settings, clock=clock, engine=engine)
        provide_parts(services)
        started = time.perf_counter()
        definition = fill(services, responses, answers)
        filled = time.perf_counter() - started
        if kind == "postgres":  # as the server itself does within a minute
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        web = TestClient(create_app(services))
        signs_in(web, services)
        times = list(asked(web, services, definition, pages))
        started = time.perf_counter()
        rows = web.get(f"{PAGE}/export?form=csv").text.count("\n")
        csv = time.perf_counter() - started
    ordered = sorted(times[1:])
    return {
        "first_ms": times[0],
        "p50_ms": ordered[len(ordered) // 2],
        "p95_ms": ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))],
        "pages": len(ordered),
        "csv_rows_a_second": rows / csv,
        "filled_s": filled,
        "load": os.getloadavg()[0],
    }


def asked(web: TestClient, services: Services, definition: SurveyDefinition, pages: int) -> Iterator[float]:
    """The page, again and again, each time after another response; the first one is told apart."""
    chance = random.Random(11)
    for number in range(pages + 1):
        with services.sessions.begin() as session:
            at = START + timedelta(days=2, seconds=number)
            row = SurveySession(**_session(at, "completed", None))
            session.add(row)
            session.flush()
            for ordinal, (name, value) in enumerate(person(chance).items(), start=1):
                session.add(
                    SurveyAnswer(
                        session_id=row.id, question=name, ordinal=ordinal, value=value, answered_at=at
                    )
                )
            session.flush()
            count_in(session, row, definition)
        path = f"{PAGE}?by=age" if number % 2 else PAGE
        started = time.perf_counter()
        answer = web.get(path)
        yield 1000 * (time.perf_counter() - started)
        assert answer.status_code == 200
        assert "Which park?" in answer.text


def fill(services: Services, responses: int, single: bool = True) -> SurveyDefinition:
    """The survey with its responses, in rows as the product stores them."""
    definition = survey()
    chance = random.Random(5)
    with services.sessions.begin() as session:
        session.add(Survey(id="parks", current=1, created_at=START))
        session.flush()
        session.add(
            SurveyVersion(
                survey_id="parks",
                number=1,
                content_hash="bench",
                definition=definition.model_dump(mode="json"),
                published_at=START,
            )
        )
    for first in range(0, responses, BATCH):
        sessions, answers, packed = [], [], []
        for number in range(first, min(first + BATCH, responses)):
            at = START + timedelta(seconds=number)
            row = _session(at, "completed", None)
            sessions.append(row)
            given = person(chance)
            answers += [
                {
                    "session_id": row["id"],
                    "question": name,
                    "ordinal": place,
                    "value": value,
                    "answered_at": at,
                }
                for place, (name, value) in enumerate(given.items(), start=1)
            ]
            cells = layout.pack(definition, given, "en", _feeling)
            packed.append(
                {"survey_id": "parks", "session_id": row["id"], "version": 1, "counted": True, "cells": cells}
            )
            if number % 5 == 0:
                place = chance.choice(definition.questions).name
                sessions.append(_session(at, "open", place))
        with services.sessions.begin() as session:
            session.execute(insert(SurveySession), sessions)
            if single:
                session.execute(insert(SurveyAnswer), answers)
            session.execute(insert(SurveyResultRow), packed)
    return definition


@cache
def _feeling(text: str, language: str) -> float | None:
    """The same few wishes are judged once."""
    return feeling(text, language)


def _session(at: datetime, state: str, last: str | None) -> dict[str, Any]:
    return {
        "id": new_id(at),
        "survey_id": "parks",
        "version": 1,
        "language": "en",
        "state": state,
        "last_question": last,
        "messages": [],
        "started_at": at,
        "updated_at": at,
        "completed_at": at if state == "completed" else None,
    }


def person(chance: random.Random) -> dict[str, Any]:
    """What one imagined person answers."""
    park = chance.choices(["mill", "abbey", "lake", "none"], [40, 30, 20, 10])[0]
    given: dict[str, Any] = {"park": park}
    if park != "none":
        given["visits"] = chance.randint(0, 40)
    given["uses"] = sorted(chance.sample(["sport", "rest", "dogs", "play"], chance.randint(1, 4)))
    given["rating"] = chance.randint(1, 5)
    given["safe"] = chance.choice(["yes", "no"])
    given["wish"] = chance.choice([*WISHES, None])
    given["order"] = chance.sample(["bench", "play", "tree", "path"], 4)
    given["minutes"] = round(chance.expovariate(1 / 15), 1)
    given["age"] = chance.choice(["young", "middle", "old", None])
    given["day"] = f"2026-02-{chance.randint(1, 28):02}"
    return given


def survey() -> SurveyDefinition:
    """Ten questions, one of which not everybody is asked."""

    def listed(*names: str) -> list[dict[str, str]]:
        return [{"name": name, "label": name.capitalize()} for name in names]

    scale = {"start": 1, "end": 5}
    uses, order = listed("sport", "rest", "dogs", "play"), listed("bench", "play", "tree", "path")
    return SurveyDefinition.model_validate(
        {
            "id": "parks",
            "title": "Our parks",
            "questions": [
                {
                    "type": "select_one",
                    "name": "park",
                    "label": "Which park?",
                    "choices": listed("mill", "abbey", "lake", "none"),
                },
                {"type": "integer", "name": "visits", "label": "How often?", "relevant": "${park} != 'none'"},
                {"type": "select_multiple", "name": "uses", "label": "What for?", "choices": uses},
                {"type": "range", "name": "rating", "label": "How good?", "parameters": scale},
                {"type": "yes_no", "name": "safe", "label": "Do you feel safe?"},
                {"type": "text", "name": "wish", "label": "What is missing?"},
                {"type": "rank", "name": "order", "label": "What first?", "choices": order},
                {"type": "decimal", "name": "minutes", "label": "How far?"},
                {
                    "type": "select_one",
                    "name": "age",
                    "label": "How old?",
                    "choices": listed("young", "middle", "old"),
                },
                {"type": "date", "name": "day", "label": "When last?"},
            ],
        }
    )


def signs_in(web: TestClient, services: Services) -> None:
    """An official at the desk, as in a browser."""
    with services.sessions.begin() as session:
        add_official(session, "dora", Role.DESIGNER, PASSWORD, services.clock.now())
    page = web.get("/officials/sign-in").text
    token = page.split('name="csrf" value="')[1].split('"')[0]
    answer = web.post("/officials/sign-in", data={"name": "dora", "password": PASSWORD, "csrf": token})
    assert answer.status_code == 200, json.dumps(answer.text[:200])


if __name__ == "__main__":
    raise SystemExit(main())
