"""Fits the numbers of the refusal gate, and writes them to civic/knowledge/gate/weights.json.

    python -m evaluation.train_gate [--data DIR] [--out FILE]

Fitted on two thirds of ConditionalQA's pages and on OR-ShARC's questions on texts its authors call seen, each
asked with its page and without it, and on CLINC150's out-of-scope training questions. Each set weighs by its
number of pages. What `evaluation.near_misses` measures on is not touched.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.knowledge.gate import features
from civic.knowledge.gate.model import FARTHEST, WEIGHTS, Regression, Signal, Tree, Trees
from evaluation import answer_sets
from evaluation.near_misses import Seen, auroc, look
from evaluation.paper import paper

Table = npt.NDArray[np.float64]
LINEAR = [feature.__name__ for feature in features.FEATURES]
# The operating point: this share of the answerable questions is answered, each by trees that never saw it.
ANSWERED = 0.845
FOLDS = 5
# How little large weights of the regression are punished.
PENALTY = 0.1
# The trees: how many, how many ends each has, how much each may say. A feature that tells the one from
# the other by itself (AUROC) may only ever speak for that side.
TREES, ENDS, STEP, OF_FEATURES = 150, 8, 0.08, 0.25
TELLS = 0.58


@dataclass(frozen=True)
class Sample:
    """Questions of all sets: their features, whether they are answerable, how much each counts, its group."""

    table: Table
    answerable: npt.NDArray[np.bool_]
    weights: Table
    groups: npt.NDArray[np.int64]

    def part(self, chosen: npt.NDArray[np.bool_]) -> Sample:
        return Sample(self.table[chosen], self.answerable[chosen], self.weights[chosen], self.groups[chosen])


def fit(sets: Sequence[Seen], importance: Sequence[float] = ()) -> dict[str, Any]:
    """The numbers of both judgements on what was seen, and the threshold of the smaller chance."""
    each = np.array(importance or [1.0] * len(sets), dtype=float)
    each /= each.mean()
    foreign, near = (_sample(kind, sets, each) for kind in ("foreign", "near"))
    belongs = regression(foreign)
    asked = near.part(near.answerable)
    unseen = np.zeros(len(near.table))
    for fold in range(FOLDS):
        there = near.groups % FOLDS == fold
        if there.any():
            learned = near.part(~there)
            unseen[there] = _chances(near.table[there], regression(learned), trees(learned))
    chances = np.minimum(_chances(asked.table, belongs), unseen[near.answerable])
    grown = trees(near)
    return {
        "threshold": _threshold(chances, asked.weights),
        "belongs": _numbers(belongs),
        "answers": _numbers(regression(near)),
        "trees": {"start": _short(grown.start), "names": features.NAMES, "trees": grown.trees},
    }


def _numbers(fitted: Regression) -> dict[str, Any]:
    signals = {
        name: [_short(each.mean), _short(each.spread), _short(each.weight)]
        for name, each in fitted.signals.items()
    }
    return {"start": _short(fitted.start), "signals": signals}


def regression(sample: Sample) -> Regression:
    """A logistic regression on the signals of passages and of the best document."""
    from sklearn.linear_model import LogisticRegression

    table = sample.table[:, : len(LINEAR)]
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread < 1e-3] = 1.0  # says nothing here
    standard = np.clip((table - mean) / spread, -FARTHEST, FARTHEST)
    fitted = LogisticRegression(C=PENALTY, max_iter=5000)
    fitted.fit(standard, sample.answerable, sample_weight=sample.weights)
    signals = {
        name: Signal(*numbers) for name, *numbers in zip(LINEAR, mean, spread, fitted.coef_[0], strict=True)
    }
    return Regression(float(fitted.intercept_[0]), signals)


def trees(sample: Sample) -> Trees:
    """Boosted trees on all signals."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    fitted = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=ENDS,
        learning_rate=STEP,
        max_features=OF_FEATURES,
        min_samples_leaf=min(30, max(1, len(sample.table) // 10)),
        l2_regularization=5,
        max_bins=64,
        monotonic_cst=[_side(column, sample.answerable) for column in sample.table.T],
        early_stopping=False,
        random_state=0,
    ).fit(sample.table, sample.answerable, sample_weight=sample.weights)
    grown = [_grown(one[0].nodes, 0) for one in fitted._predictors]
    return Trees(float(fitted._baseline_prediction.ravel()[0]), features.NAMES, grown)


def _side(column: Table, answerable: npt.NDArray[np.bool_]) -> int:
    """1 where a higher value speaks for an answer, -1 where it speaks against one, 0 where it says little."""
    tells = auroc(column[answerable], column[~answerable]) or 0.5
    return int(tells > TELLS) - int(tells < 1 - TELLS)


def _grown(nodes: Any, at: int) -> Tree:
    node = nodes[at]
    if node["is_leaf"]:
        return _short(node["value"])
    below, above = (_grown(nodes, int(node[side])) for side in ("left", "right"))
    return [int(node["feature_idx"]), _short(node["num_threshold"]), below, above]


def _chances(table: Table, *judgements: Regression | Trees) -> Table:
    """The chance by the mean log-odds of the judgements."""
    rows = [dict(zip(features.NAMES, row, strict=True)) for row in table.tolist()]
    odds = np.array([[judgement.odds(row) for judgement in judgements] for row in rows]).mean(axis=1)
    chances: Table = 1 / (1 + np.exp(-odds))
    return chances


def _sample(kind: str, sets: Sequence[Seen], importance: Table) -> Sample:
    """The answerable questions against those of a kind; as many of one as of the other."""
    tables, labels, weights, groups = [], [], [], []
    for number, (seen, share) in enumerate(zip(sets, importance, strict=True)):
        for name in ("answerable", kind):
            table = _table(seen, name)
            tables.append(table)
            labels += [name == "answerable"] * len(table)
            weights += [500 * share / len(table)] * len(table) if len(table) else []
            groups += [number + one for one in seen.pages] if kind == "near" else [number] * len(table)
    return Sample(
        np.concatenate(tables), np.array(labels, dtype=bool), np.array(weights), np.array(groups, dtype=int)
    )


def _table(seen: Seen, kind: str) -> Table:
    return np.array([[one[name] for name in features.NAMES] for one in seen.values[kind]]).reshape(
        -1, len(features.NAMES)
    )


def _threshold(chances: Table, weights: Table) -> float:
    """Where `ANSWERED` of the answerable questions are answered."""
    order = np.argsort(-chances)
    reached = np.cumsum(weights[order]) / weights.sum()
    return round(float(chances[order][int(np.searchsorted(reached, ANSWERED))]), 2)


def _short(number: float) -> float:
    return round(float(number), 5)


def _written(numbers: dict[str, Any]) -> str:
    """As JSON with a tree a line."""
    head = json.dumps({**numbers, "trees": {**numbers["trees"], "trees": []}}, indent=1)
    lines = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in numbers["trees"]["trees"])
    return head.replace('"trees": []', f'"trees": [\n{lines}\n]') + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fits and writes; 1 where the data is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public data")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    if not (options.data / "policy").is_dir():
        Console(stderr=True).print(f"There is no data in {options.data}. Name its folder with --data DIR.")
        return 1
    encoder = SentenceEncoder.load(Settings().encoder_dir)
    strangers = answer_sets.foreign(options.data, "train") + answer_sets.foreign(options.data, "val")
    seen, pages = [], []
    for one in (answer_sets.or_sharc_pages_set(options.data), answer_sets.conditional_set(options.data)):
        asked = [question for question in one.questions if not question.held_back]
        pages.append(len({question.page for question in asked}))
        seen.append(look(one, asked, strangers, one.index(encoder), encoder))
    options.out.write_text(_written(fit(seen, pages)), encoding="utf-8")
    paper().print(f"Written: {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
