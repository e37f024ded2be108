"""Follow-ups: is the right text found from the last turn of a dialogue, and from what stands before it?

    python -m evaluation.follow_ups [--data DIR] [--json OUT]

The dialogues of OR-ShARC dev: the first question, then the assistant's questions back and the citizen's
answers. The citizen comes back with the last of these exchanges as their turn; what was said before is the
history. R@1 of the last turn alone, of everything as one text, and of what we ship: the average of the last
turn alone and of the last turn after its history.

The same for dialogues with our own town, where `rules.context_of` says which turns count: follow-ups, and
changes of the topic that often begin like one ("and when is the library open?").
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
from civic.knowledge import rules
from civic.knowledge.index import PassageIndex, Query
from evaluation import answer_sets
from evaluation.paper import paper

Dialogue = tuple[str, str, str]
"""Last turn, what was said before it, the id of the text that answers."""
Figures = dict[str, float | int]
TOWN = Path(__file__).with_name("town_dialogues.jsonl")
KINDS = ("follow-up", "change")


def dialogues(data: Path) -> list[Dialogue]:
    """The unseen dialogues with at least one exchange."""
    found = []
    for one in answer_sets.lines(data / "policy" / "or_sharc_dev" / "open_retrieval_sharc_dev.json"):
        if one["snippet_seen"] or not one["history"]:
            continue
        turns = [f"{each['follow_up_question']} {each['follow_up_answer']}" for each in one["history"]]
        found.append((turns[-1], "\n".join([one["question"], *turns[:-1]]), one["gold_snippet_id"]))
    return found


def town_dialogues(kind: str) -> list[Dialogue]:
    """Our own dialogues of a kind, with the turns that the last one is taken to lean on."""
    return [
        (one["text"], "\n".join(rules.context_of(one["text"], one["before"])), one["document"])
        for one in answer_sets.lines(TOWN)
        if one["kind"] == kind
    ]


def measure(asked: Sequence[Dialogue], index: PassageIndex, encoder: SentenceEncoder) -> Figures:
    """R@1 of the three ways."""
    found: dict[str, list[bool]] = {"last_turn": [], "raw_history": [], "shipped": []}
    for last, before, gold in track(asked, "follow-ups", transient=True):
        queries = {
            "last_turn": Query.of(encoder, last),
            "raw_history": Query.of(encoder, f"{before}\n{last}".strip()),
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
    public = measure(dialogues(options.data), answer_sets.or_sharc_set(options.data).index(encoder), encoder)
    ours = answer_sets.town_set().index(encoder)
    town = {kind: measure(town_dialogues(kind), ours, encoder) for kind in KINDS}
    table = Table("set", *public, title="R@1 of follow-ups")
    for name, figures in {"OR-ShARC, unseen texts": public, **{f"town: {k}": town[k] for k in KINDS}}.items():
        table.add_row(name, *(str(value) for value in figures.values()))
    paper().print(table)
    if options.json:
        options.json.write_text(json.dumps({**public, "town": town}, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
