"""How well passages are found and refused, in one table: BM25, dense, both, and what is shipped.

    python -m evaluation.answers --passages P.jsonl --questions Q.jsonl [--json OUT]

Passages are `{"id", "title", "text"}`, questions `{"id", "text", "context"?, "gold": [passage ids]}`; an
empty `gold` marks a question that must be refused. One whose `gold` is not among the passages counts as not
found by every method, and as one to refuse. Passages with the same title are taken as one document.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.progress import track
from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.knowledge.answering.reading import as_meant
from civic.knowledge.gate import Gate
from civic.knowledge.gate.features import WIDE
from civic.knowledge.index import Entry, PassageIndex, Query
from civic.knowledge.passages import indexed_text
from evaluation.near_misses import auroc
from evaluation.paper import paper

Order = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Asked:
    """A question, the positions of the passages that answer it, and whether any was named at all."""

    text: str
    context: str
    gold: frozenset[int]
    named: bool


class BadLine(ValueError):
    """A line that is not what it should be; the message says file, line, cause and remedy."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads the two files, prints the table, and writes the same figures as JSON; 2 for a bad file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    try:
        passages, questions = read_passages(options.passages), read_questions(options.questions)
    except (BadLine, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    figures = evaluate(passages, questions)
    show(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def evaluate(passages: Sequence[dict[str, Any]], questions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures: for each method R@1/5/10, MRR and ms a query; for the shipped one when it answers."""
    encoder = SentenceEncoder.load(Settings().encoder_dir)
    texts = [indexed_text(one.get("title") or "", (), one["text"]).strip() for one in passages]
    vectors = np.concatenate(
        [encoder.encode(texts[at : at + 64]) for at in track(range(0, len(texts), 64), "Passages")]
    )
    entries = [
        Entry(one.get("title") or str(one["id"]), position, one.get("title") or "", (), one["text"])
        for position, one in enumerate(passages)
    ]
    index = PassageIndex(entries, vectors, texts)
    place = {str(one["id"]): position for position, one in enumerate(passages)}
    asked = [
        Asked(
            one["text"],
            one.get("context") or "",
            frozenset(place[str(gold)] for gold in one["gold"] if str(gold) in place),
            bool(one["gold"]),
        )
        for one in questions
    ]
    methods: dict[str, Callable[[Asked], Order]] = {
        "bm25": lambda one: np.argsort(-index.scores(_joined(encoder, one))[1], kind="stable"),
        "dense": lambda one: np.argsort(-index.scores(_joined(encoder, one))[0], kind="stable"),
        "hybrid": lambda one: index.order(_joined(encoder, one)),
        "shipped": lambda one: index.order(_shipped(index, encoder, one)),
    }
    findable = [one for one in asked if one.named]
    return {
        "methods": {name: _ranking(name, method, findable) for name, method in methods.items()},
        "refusal": _refusal(index, encoder, asked),
    }


def _shipped(index: PassageIndex, encoder: SentenceEncoder, one: Asked) -> Query:
    """As when a citizen asks: read first, and looked for alone and with what was said before."""
    return Query.of(encoder, as_meant(one.text, index, encoder), one.context)


def _joined(encoder: SentenceEncoder, one: Asked) -> Query:
    """Everything as one text, for the methods that know no better."""
    return Query.of(encoder, f"{one.context} {one.text}".strip())


def _ranking(name: str, method: Callable[[Asked], Order], asked: Sequence[Asked]) -> dict[str, float]:
    ranks, times = [], []
    for one in track(asked, name):
        started = time.perf_counter()
        order = method(one)
        times.append(1000 * (time.perf_counter() - started))
        places = np.flatnonzero(np.isin(order, list(one.gold)))
        ranks.append(float(places[0]) if len(places) else np.inf)
    found = np.array(ranks)
    if not len(found):
        return {}
    return {
        **{f"r{top}": round(float(np.mean(found < top)), 4) for top in (1, 5, 10)},
        "mrr": round(float(np.mean(1 / (1 + found))), 4),
        "ms_p50": round(float(np.median(times)), 2),
    }


def _refusal(
    index: PassageIndex, encoder: SentenceEncoder, asked: Sequence[Asked]
) -> dict[str, float | None]:
    """How well the gate tells answerable questions from others, and what is answered at its threshold."""
    gate = Gate.shipped()
    scores: dict[bool, list[float]] = {True: [], False: []}
    for one in track(asked, "refusal"):
        query = _shipped(index, encoder, one)
        scores[bool(one.gold)].append(gate.probability(query, index.search(query, WIDE), index))
    right, wrong = np.array(scores[True]), np.array(scores[False])

    def answered(chances: npt.NDArray[np.float64]) -> float | None:
        return round(float(np.mean(chances >= gate.threshold)), 4) if len(chances) else None

    return {
        "auroc": auroc(right, wrong),
        "answered_answerable": answered(right),
        "answered_unanswerable": answered(wrong),
    }


def show(figures: dict[str, Any]) -> None:
    """Prints the table."""
    console = paper()
    columns = ("r1", "r5", "r10", "mrr", "ms_p50")
    table = Table("method", *columns)
    for name, values in figures["methods"].items():
        table.add_row(name, *(f"{values[column]:.3f}" if values else "" for column in columns))
    console.print(table)
    console.print("refusal:", ", ".join(f"{name} {value}" for name, value in figures["refusal"].items()))


def read_passages(path: Path) -> list[dict[str, Any]]:
    """The passages of a file; each has an id of its own and a text."""
    found = _lines(
        path, {"id": (str, int), "text": (str,)}, '{"id": "p1", "title": "Parking", "text": "..."}'
    )
    seen: dict[str, int] = {}
    for number, one in found:
        if str(one["id"]) in seen:
            raise BadLine(
                f"{path.name}, line {number}: the id {one['id']!r} is on line {seen[str(one['id'])]} "
                "already. Give each passage an id of its own."
            )
        seen[str(one["id"])] = number
    if not found:
        raise BadLine(f"{path.name} holds no passage. Give one JSON object a line.")
    return [one for _, one in found]


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The questions of a file; `gold` is a list of passage ids."""
    fields: dict[str, tuple[type, ...]] = {"text": (str,), "gold": (list,)}
    return [one for _, one in _lines(path, fields, '{"id": "q1", "text": "How much ...?", "gold": ["p1"]}')]


def _lines(path: Path, fields: dict[str, tuple[type, ...]], example: str) -> list[tuple[int, dict[str, Any]]]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except ValueError as error:
            raise BadLine(f"{path.name}, line {number}: not JSON ({error}). Expected: {example}") from None
        for name, kinds in fields.items():
            if not isinstance(one, dict) or not isinstance(one.get(name), kinds):
                raise BadLine(
                    f'{path.name}, line {number}: "{name}" is missing or no {kinds[0].__name__}. '
                    f"Expected: {example}"
                )
        found.append((number, one))
    return found


if __name__ == "__main__":
    raise SystemExit(main())
