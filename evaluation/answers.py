"""How well passages are found and refused, in one table: BM25, dense, both, and what is shipped.

    python -m evaluation.answers --passages P.jsonl --questions Q.jsonl [--json OUT]

Passages are `{"id", "title", "text"}`, questions `{"id", "text", "context"?, "gold": [passage ids]}`; an
empty `gold` marks a question that must be refused.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.knowledge import rules
from civic.knowledge.index import Entry, PassageIndex, Query
from civic.knowledge.passages import indexed_text

Order = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Asked:
    """A question with the positions of the passages that answer it."""

    text: str
    context: str
    gold: frozenset[int]


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the two files, prints the table, and writes the same figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--passages", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    figures = evaluate(_lines(options.passages), _lines(options.questions))
    show(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def evaluate(passages: Sequence[dict[str, Any]], questions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures: for each method R@1/5/10, MRR and ms a query; for the shipped one when it answers."""
    encoder = SentenceEncoder.load(Settings().encoder_dir)
    texts = [indexed_text(one.get("title") or "", (), one["text"]).strip() for one in passages]
    vectors = np.concatenate(
        [encoder.encode(texts[at : at + 64]) for at in track(range(0, len(texts), 64), "Passages")]
    )
    entries = [Entry(str(one["id"]), 1, one.get("title") or "", (), one["text"]) for one in passages]
    index = PassageIndex(entries, vectors, texts)
    place = {entry.document_id: position for position, entry in enumerate(entries)}
    asked = [
        Asked(
            one["text"],
            one.get("context") or "",
            frozenset(place[str(gold)] for gold in one["gold"] if str(gold) in place),
        )
        for one in questions
    ]
    methods: dict[str, Callable[[Asked], Order]] = {
        "bm25": lambda one: np.argsort(-index.scores(_joined(encoder, one))[1], kind="stable"),
        "dense": lambda one: np.argsort(-index.scores(_joined(encoder, one))[0], kind="stable"),
        "hybrid": lambda one: index.order(_joined(encoder, one)),
        "shipped": lambda one: index.order(Query.of(encoder, one.text, one.context)),
    }
    answerable = [one for one in asked if one.gold]
    return {
        "methods": {name: _ranking(name, method, answerable) for name, method in methods.items()},
        "refusal": _refusal(index, encoder, asked),
    }


def _joined(encoder: SentenceEncoder, one: Asked) -> Query:
    """Everything as one text, for the methods that know no better."""
    return Query.of(encoder, f"{one.context} {one.text}".strip())


def _ranking(name: str, method: Callable[[Asked], Order], asked: Sequence[Asked]) -> dict[str, float]:
    ranks, times = [], []
    for one in track(asked, name):
        started = time.perf_counter()
        order = method(one)
        times.append(1000 * (time.perf_counter() - started))
        ranks.append(int(np.flatnonzero(np.isin(order, list(one.gold)))[0]))
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
    """How well confidence tells answerable questions from others, and what is answered at the threshold."""
    scores: dict[bool, list[float]] = {True: [], False: []}
    for one in track(asked, "refusal"):
        (hit,) = index.search(Query.of(encoder, one.text, one.context), 1)
        scores[bool(one.gold)].append(rules.confidence(hit.cosine, hit.bm25, len(index)))
    right, wrong = np.array(scores[True]), np.array(scores[False])

    def answered(confidences: npt.NDArray[np.float64]) -> float | None:
        return round(float(np.mean(confidences >= rules.MEASURED_THRESHOLD)), 4) if len(confidences) else None

    auroc = None
    if len(right) and len(wrong):
        wins = (right[:, None] > wrong).mean() + 0.5 * (right[:, None] == wrong).mean()
        auroc = round(float(wins), 4)
    return {"auroc": auroc, "answered_answerable": answered(right), "answered_unanswerable": answered(wrong)}


def show(figures: dict[str, Any]) -> None:
    """Prints the table."""
    console = Console()
    columns = ("r1", "r5", "r10", "mrr", "ms_p50")
    table = Table("method", *columns)
    for name, values in figures["methods"].items():
        table.add_row(name, *(f"{values[column]:.3f}" if values else "" for column in columns))
    console.print(table)
    console.print("refusal:", ", ".join(f"{name} {value}" for name, value in figures["refusal"].items()))


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


if __name__ == "__main__":
    main()
