"""Follow-ups: is the right text found from the last turn of a dialogue, and from what stands before it?

    python -m evaluation.follow_ups [--data DIR] [--json OUT]

The dialogues of OR-ShARC dev: the first question, then the assistant's questions back and the citizen's
answers. The citizen comes back with the last of these exchanges as their turn; what was said before is the
history. R@1 of the last turn alone, of everything as one text, and of what we ship: the average of the last
turn alone and of the last turn after its history.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.knowledge.index import PassageIndex, Query
from evaluation import answer_sets

Dialogue = tuple[str, str, str]
"""Last turn, what was said before it, the id of the text that answers."""


def dialogues(data: Path) -> list[Dialogue]:
    """The unseen dialogues with at least one exchange."""
    found = []
    for one in answer_sets.lines(data / "policy" / "or_sharc_dev" / "open_retrieval_sharc_dev.json"):
        if one["snippet_seen"] or not one["history"]:
            continue
        turns = [f"{each['follow_up_question']} {each['follow_up_answer']}" for each in one["history"]]
        found.append((turns[-1], "\n".join([one["question"], *turns[:-1]]), one["gold_snippet_id"]))
    return found


def measure(
    asked: Sequence[Dialogue], index: PassageIndex, encoder: SentenceEncoder
) -> dict[str, float | int]:
    """R@1 of the three ways."""
    found: dict[str, list[bool]] = {"last_turn": [], "raw_history": [], "shipped": []}
    for last, before, gold in track(asked, "follow-ups", transient=True):
        queries = {
            "last_turn": Query.of(encoder, last),
            "raw_history": Query.of(encoder, f"{before}\n{last}"),
            "shipped": Query.of(encoder, last, before),
        }
        for name, query in queries.items():
            found[name].append(index.search(query, 1)[0].entry.document_id == gold)
    return {"dialogues": len(asked), **{name: round(float(np.mean(hits)), 4) for name, hits in found.items()}}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints the table, and writes the same figures as JSON; 1 where the data is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public data")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    if not (options.data / "policy").is_dir():
        Console(stderr=True).print(f"There is no data in {options.data}. Name its folder with --data DIR.")
        return 1
    encoder = SentenceEncoder.load(Settings().encoder_dir)
    figures = measure(dialogues(options.data), answer_sets.or_sharc_set(options.data).index(encoder), encoder)
    table = Table(*figures, title="R@1 of follow-ups, OR-ShARC dev, unseen texts")
    table.add_row(*(str(value) for value in figures.values()))
    Console().print(table)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
