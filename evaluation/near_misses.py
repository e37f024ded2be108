"""When an answer is refused: questions whose page was taken away, and questions from another world.

    python -m evaluation.near_misses [--data DIR] [--encoder DIR] [--json OUT]

For OR-ShARC dev, ConditionalQA and our own town, on questions that nothing was fitted on: the gate beside a
threshold on the best passage's cosine, in the same run; and for the two public sets together, by one
threshold for both. A near miss is an answerable question asked of an
index that was built without its page: words that only that page holds are unknown there. Each is read as when
a citizen asks.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.knowledge.answering.reading import as_meant
from civic.knowledge.gate import DEFAULT_THRESHOLD, Gate, features
from civic.knowledge.index import Hit, PassageIndex, Query
from evaluation import answer_sets
from evaluation.answer_sets import PolicySet, Question
from evaluation.paper import paper

Numbers = npt.NDArray[np.float64]
KINDS = ("answerable", "near", "foreign", "others")
ANSWERED = 0.8
BINS = 10
# The public sets with their pages away, each alone and both together.
PAGES_AWAY, BOTH = ("or_sharc_pages", "conditionalqa"), "both public"


@dataclass
class Seen:
    """What the gate saw for the questions of each kind, and whether the best passage was of its page.

    `pages` are numbers of the pages of the answerable questions, in their order.
    """

    values: dict[str, list[dict[str, float]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    right: list[bool] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    @classmethod
    def together(cls, each: Sequence[Seen]) -> Seen:
        """All questions of several sets as if they had been asked of one; pages keep to their sets."""
        whole = cls()
        for seen in each:
            first = max(whole.pages, default=-1) + 1
            for kind, values in seen.values.items():
                whole.values[kind] += values
            whole.right += seen.right
            whole.pages += [first + page for page in seen.pages]
        return whole

    def note(self, kind: str, query: Query, hits: Sequence[Hit], index: PassageIndex) -> None:
        self.values[kind].append(features.values(query, hits, index))


def look(
    policy: PolicySet,
    questions: Sequence[Question],
    foreign: Sequence[str],
    index: PassageIndex,
    encoder: SentenceEncoder,
) -> Seen:
    """Asks each question with its page and without it, and the foreign ones."""
    seen = Seen()
    number: dict[str, int] = {}
    # Those of one page come together: the index without it is built once.
    for one in track(sorted(questions, key=lambda each: each.page), policy.name, transient=True):
        query = Query.of(encoder, as_meant(one.text, index, encoder), one.context)
        hits = index.search(query, features.WIDE)
        if not one.page:
            seen.note("others", query, hits, index)
            continue
        if one.page not in number:
            number[one.page] = len(number)
            without = policy.without(one.page, index)
        seen.note("answerable", query, hits, index)
        seen.note("near", query, without.search(query, features.WIDE), without)
        seen.right.append(hits[0].entry.document_id == one.page)
        seen.pages.append(number[one.page])
    for text in track(foreign, f"{policy.name}: foreign", transient=True):
        query = Query.of(encoder, as_meant(text, index, encoder))
        seen.note("foreign", query, index.search(query, features.WIDE), index)
    return seen


def figures(seen: Seen, gate: Gate) -> dict[str, Any]:
    """Gate and cosine side by side, and what happens at the shipped threshold."""
    gated = {kind: np.array([gate.of(one) for one in seen.values[kind]]) for kind in KINDS}
    cosine = {kind: np.array([one["meaning"] for one in seen.values[kind]]) for kind in KINDS}
    right = np.array(seen.right)
    shown = gated["answerable"] >= gate.threshold
    reliable = _reliability(gated["answerable"], gated["near"])
    return {
        "questions": len(right),
        "best_page_right": _share(right),
        "gate": _compared(gated, right),
        "cosine": _compared(cosine, right),
        "shipped": {
            "threshold": gate.threshold,
            "answered": _share(shown),
            "right_of_answered": _share(right[shown]),
            **{f"{kind}_answered": _share(gated[kind] >= gate.threshold) for kind in KINDS[1:]},
            "calibration_error": round(
                sum(one["share"] * abs(one["said"] - one["true"]) for one in reliable), 4
            ),
        },
        "reliability": reliable,
    }


def auroc(friends: Numbers, strangers: Numbers) -> float | None:
    """How often a friend scores higher than a stranger; ties count half."""
    if not len(friends) or not len(strangers):
        return None
    ordered = np.sort(strangers)
    below = np.searchsorted(ordered, friends, "left") + np.searchsorted(ordered, friends, "right")
    return round(float(below.mean() / (2 * len(strangers))), 4)


def _compared(scores: dict[str, Numbers], right: npt.NDArray[np.bool_]) -> dict[str, float | None]:
    least = float(np.quantile(scores["answerable"], 1 - ANSWERED))
    shown = scores["answerable"] >= least
    return {
        "auroc_near": auroc(scores["answerable"], scores["near"]),
        "auroc_near_of_right": auroc(scores["answerable"][right], scores["near"]),
        "auroc_foreign": auroc(scores["answerable"], scores["foreign"]),
        "near_at_80": _share(scores["near"] >= least),
        "foreign_at_80": _share(scores["foreign"] >= least),
        "others_at_80": _share(scores["others"] >= least),
        "right_at_80": _share(right[shown]),
    }


def _reliability(answerable: Numbers, near: Numbers) -> list[dict[str, float]]:
    """What probability was said, and what share was answerable, in tenths; half are near misses."""
    scores = np.concatenate([answerable, near])
    truth = np.concatenate([np.ones(len(answerable)), np.zeros(len(near))])
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    return [
        {
            "share": round(float((place == at).mean()), 4),
            "said": round(float(scores[place == at].mean()), 4),
            "true": round(float(truth[place == at].mean()), 4),
        }
        for at in range(BINS)
        if (place == at).any()
    ]


def _share(hits: npt.NDArray[np.bool_]) -> float | None:
    return round(float(hits.mean()), 4) if len(hits) else None


def measure(data: Path, encoder: SentenceEncoder, gate: Gate) -> dict[str, Any]:
    """The figures of every set."""
    strangers = answer_sets.foreign(data)
    sets = (
        answer_sets.town_set(),
        answer_sets.or_sharc_set(data),
        answer_sets.or_sharc_pages_set(data),
        answer_sets.conditional_set(data),
    )
    seen = {}
    for one in sets:
        asked = [question for question in one.questions if question.held_back]
        seen[one.name] = look(one, asked, strangers, one.index(encoder), encoder)
    seen[BOTH] = Seen.together([seen[name] for name in PAGES_AWAY])
    return {name: figures(each, gate) for name, each in seen.items()}


def show(found: dict[str, Any]) -> None:
    """Prints two tables: both ways of deciding at 80 % answered, and the gate at its threshold."""
    console = paper()
    names = (
        "auroc_near",
        "auroc_near_of_right",
        "auroc_foreign",
        "near_at_80",
        "foreign_at_80",
        "right_at_80",
    )
    table = Table("set", "by", *names, title="At 80 % of the answerable questions answered")
    for name, one in found.items():
        for way in ("cosine", "gate"):
            table.add_row(name, way, *(_number(one[way][column]) for column in names))
    console.print(table)
    columns = [key for key in next(iter(found.values()))["shipped"] if key != "threshold"]
    table = Table("set", *columns, title=f"As shipped, at {DEFAULT_THRESHOLD}")
    for name, one in found.items():
        table.add_row(name, *(_number(one["shipped"][column]) for column in columns))
    console.print(table)
    table = Table(
        "set", *(f"to {(at + 1) / BINS:.1f}" for at in range(BINS)), title="Answerable, of those said"
    )
    for name, one in found.items():
        true = {int(each["said"] * BINS): each["true"] for each in one["reliability"]}
        table.add_row(name, *(_number(true.get(at)) for at in range(BINS)))
    console.print(table)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints the tables, and writes the same figures as JSON; 1 where the data is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public data")
    parser.add_argument("--encoder", type=Path, help="an export of another encoder; default: the one shipped")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    if not (options.data / "policy").is_dir():
        Console(stderr=True).print(f"There is no data in {options.data}. Name its folder with --data DIR.")
        return 1
    encoder = SentenceEncoder.load(options.encoder or Settings().encoder_dir)
    found = measure(options.data, encoder, Gate.shipped())
    show(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
