"""How often the very sentence that answers is quoted: `python -m evaluation.quotes [--short] [--json OUT]`.

The questions of `marlow_vale_questions.jsonl` to the demonstration documents, through the whole pipeline;
`gold_quotes` are the sentences, or words of them, of which one must be in the quote. All of these questions
were read while the rules of the quote were written: the figure is no forecast for another town. `--short`
asks those of `marlow_vale_short.jsonl` instead: as people type on a phone, written after the rules.
`page_offered` counts the questions not answered for which the right page was offered.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table
from sqlalchemy.orm import Session

from civic.encoder import SentenceEncoder
from civic.kit.clock import SystemClock
from civic.kit.db import Base
from civic.kit.services import Services
from civic.kit.settings import Settings
from civic.knowledge import commands
from civic.knowledge.answering import Answer, Circumstances, answer
from civic.knowledge.answering.refusals import load
from civic.knowledge.importing import parse
from civic.knowledge.live import LiveIndex
from civic.knowledge.models import Document
from civic.knowledge.prepare import prepare
from cli.wiring import provide_parts
from evaluation.paper import paper

FILE = Path(__file__).with_name("marlow_vale_questions.jsonl")
SHORT_FILE = Path(__file__).with_name("marlow_vale_short.jsonl")
# Low enough to answer always: the choice of the quote apart from the refusal.
ALWAYS = 1e-6


@dataclass(frozen=True)
class Shown:
    """A question and what was shown, with the refusal in force and without it."""

    question: dict[str, Any]
    found: Answer
    always: Answer
    # The keys of the documents that were offered instead of an answer.
    offered: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the figures for all, even and odd questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--short", action="store_true", help="ask the short questions")
    parser.add_argument("--wrong", action="store_true", help="also print each wrong quote")
    options = parser.parse_args(arguments)
    shown = ask_all(SHORT_FILE if options.short else FILE)
    parts = {
        "all": shown,
        "even": [one for one in shown if _number(one) % 2 == 0],
        "odd": [one for one in shown if _number(one) % 2],
    }
    figures = {name: measure(part) for name, part in parts.items()}
    columns = list(figures["all"])
    table = Table("questions", *columns)
    for name, values in figures.items():
        table.add_row(name, *(str(values[column]) for column in columns))
    console = paper()
    console.print(table)
    for one in shown if options.wrong else ():
        if not right(one.always, one.question):
            words = (one.always.quoted or one.always.status).replace("\n", " / ")
            console.print(f"{one.question['id']} {one.question['text']}\n   {words}", markup=False)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def ask_all(file: Path = FILE) -> list[Shown]:
    """Every question with a gold quote, asked in a fresh database with the demonstration documents."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        own = Settings()
        settings = Settings(database_url=f"sqlite:///{folder}/quotes.db")
        services = Services(settings)
        provide_parts(services)
        Base.metadata.create_all(services.engine)
        encoder = services.get(SentenceEncoder)
        with services.sessions.begin() as session:
            for path in sorted((own.content / "policies").glob("*.md")):
                made = prepare(parse(path).documents[0], encoder)
                commands.store(session, made, source=str(path), now=SystemClock().now())
        live = services.get(LiveIndex)
        refusals = load(own.content / "refusals.yml")
        around = Circumstances(refusals=refusals)
        alone = Circumstances(may_clarify=False)
        with services.sessions() as session:
            return [_ask(session, live, one, around, alone) for one in lines if one.get("gold_quotes")]


def _ask(
    session: Session, live: LiveIndex, question: dict[str, Any], around: Circumstances, alone: Circumstances
) -> Shown:
    found = answer(session, live, question["text"], around=around)
    always = answer(session, live, question["text"], threshold=ALWAYS, around=alone)
    keys = (session.get_one(Document, topic.document_id).key for topic in found.topics)
    return Shown(question, found, always, tuple(keys))


def measure(shown: Iterable[Shown]) -> dict[str, Any]:
    """How many are answered, rightly quoted of those, and rightly quoted when nothing is refused."""
    shown = list(shown)
    answered = [one for one in shown if one.found.shown]
    return {
        "count": len(shown),
        "answered": len(answered),
        "partly": sum(one.found.status == "answered_partly" for one in shown),
        "right_quote": _mean([right(one.found, one.question) for one in answered]),
        "right_quote_if_always": _mean([right(one.always, one.question) for one in shown]),
        "page_offered": sum(offers_page(one) for one in shown if not one.found.shown),
        "words": round(_mean([len((one.always.quoted or "").split()) for one in shown]), 1),
    }


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / max(1, len(values)), 3)


def right(found: Answer, question: dict[str, Any]) -> bool:
    """Whether one of the gold sentences is in the quote."""
    words = " ".join((found.quoted or "").split())
    return any(" ".join(gold.split()) in words for gold in question["gold_quotes"])


def offers_page(one: Shown) -> bool:
    """Whether the page that holds the answer is among those offered instead of one."""
    return one.question["document"] in one.offered


def _number(one: Shown) -> int:
    return int(one.question["id"][1:])


if __name__ == "__main__":
    main()
