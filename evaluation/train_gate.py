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
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.knowledge.gate import features
from civic.knowledge.gate.model import FARTHEST, WEIGHTS
from evaluation import answer_sets
from evaluation.near_misses import Seen, look

Table = npt.NDArray[np.float64]
NAMES = [feature.__name__ for feature in features.FEATURES]
# What each judgement tells from the answerable questions; as many of one kind as of the other.
AGAINST = {"belongs": "foreign", "answers": "near"}
# The operating point: this share of the answerable questions is answered.
ANSWERED = 0.89
# How little large weights are punished.
PENALTY = 0.1


def fit(sets: Sequence[Seen], importance: Sequence[float] = ()) -> dict[str, Any]:
    """The numbers of two logistic regressions on what was seen, and the threshold of the smaller chance."""
    each = np.array(importance or [1.0] * len(sets), dtype=float)
    each /= each.mean()
    everything = np.concatenate(
        [_table(seen, kind) for seen in sets for kind in ("answerable", *AGAINST.values())]
    )
    mean, spread = everything.mean(axis=0), everything.std(axis=0)
    spread[spread < 1e-3] = 1.0  # says nothing here

    def standard(table: Table) -> Table:
        return np.clip((table - mean) / spread, -FARTHEST, FARTHEST)

    models = {name: _judgement(kind, sets, each, standard) for name, kind in AGAINST.items()}
    chances = [
        np.min(
            [model.predict_proba(standard(_table(seen, "answerable")))[:, 1] for model in models.values()],
            axis=0,
        )
        for seen in sets
    ]
    weights = [np.full(len(one), share / len(one)) for one, share in zip(chances, each, strict=True)]
    return {
        "signals": {
            name: {
                "mean": _short(mean[at]),
                "spread": _short(spread[at]),
                **{part: _short(model.coef_[0][at]) for part, model in models.items()},
            }
            for at, name in enumerate(NAMES)
        },
        "intercepts": {part: _short(model.intercept_[0]) for part, model in models.items()},
        "threshold": _threshold(np.concatenate(chances), np.concatenate(weights)),
    }


def _judgement(kind: str, sets: Sequence[Seen], importance: Table, standard: Any) -> Any:
    """A logistic regression of the answerable questions against those of a kind."""
    from sklearn.linear_model import LogisticRegression

    tables, labels, weights = [], [], []
    for seen, share in zip(sets, importance, strict=True):
        for name in ("answerable", kind):
            table = _table(seen, name)
            tables.append(standard(table))
            labels += [name == "answerable"] * len(table)
            weights += [500 * share / len(table)] * len(table) if len(table) else []
    return LogisticRegression(C=PENALTY, max_iter=5000).fit(
        np.concatenate(tables), labels, sample_weight=weights
    )


def _table(seen: Seen, kind: str) -> Table:
    return np.array([[one[name] for name in NAMES] for one in seen.values[kind]]).reshape(-1, len(NAMES))


def _threshold(chances: Table, weights: Table) -> float:
    """Where `ANSWERED` of the answerable questions are answered."""
    order = np.argsort(-chances)
    reached = np.cumsum(weights[order]) / weights.sum()
    return round(float(chances[order][int(np.searchsorted(reached, ANSWERED))]), 2)


def _short(number: float) -> float:
    return round(float(number), 5)


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
    options.out.write_text(json.dumps(fit(seen, pages), indent=2) + "\n", encoding="utf-8")
    Console().print(f"Written: {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
