"""Fits the numbers of the refusal gate, and writes them to civic/knowledge/gate/weights.json.

    python -m evaluation.train_gate [--data DIR] [--out FILE]

Fitted on two thirds of ConditionalQA's pages and on OR-ShARC's questions on texts its authors call seen, each
asked with its page and without it, and on CLINC150's out-of-scope training questions. Both sets weigh the
same. What `evaluation.near_misses` measures on is not touched.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.knowledge.gate import features
from civic.knowledge.gate.model import FARTHEST, WEIGHTS
from evaluation import answer_sets
from evaluation.near_misses import Seen, look

NAMES = [feature.__name__ for feature in features.FEATURES]
# The share of each kind in what is fitted: as many to answer as to refuse.
SHARES = {"answerable": 0.5, "near": 0.3, "foreign": 0.2}
# The operating point: this share of the answerable questions is answered.
ANSWERED = 0.92
# Strength of the penalty on large weights.
PENALTY = 0.1


def fit(sets: Sequence[Seen]) -> dict[str, Any]:
    """The numbers of a logistic regression on what was seen, standardised, and the threshold."""
    from sklearn.linear_model import LogisticRegression

    rows, labels, weights = [], [], []
    for seen in sets:
        for kind, share in SHARES.items():
            found = [[one[name] for name in NAMES] for one in seen.values[kind]]
            rows += found
            labels += [kind == "answerable"] * len(found)
            weights += [1000 * share / len(found)] * len(found)
    table = np.array(rows)
    mean, spread = table.mean(axis=0), table.std(axis=0)
    spread[spread < 1e-3] = 1.0  # says nothing here
    model = LogisticRegression(C=PENALTY, max_iter=2000)
    standard = np.clip((table - mean) / spread, -FARTHEST, FARTHEST)
    model.fit(standard, labels, sample_weight=weights)
    chances = model.predict_proba(standard)[:, 1]
    return {
        "signals": {
            name: {"mean": _short(m), "spread": _short(s), "weight": _short(w)}
            for name, m, s, w in zip(NAMES, mean, spread, model.coef_[0], strict=True)
        },
        "intercept": _short(model.intercept_[0]),
        "threshold": _threshold(chances, np.array(labels), np.array(weights)),
    }


def _threshold(chances: Any, labels: Any, weights: Any) -> float:
    """Where `ANSWERED` of the answerable questions are answered, both sets weighing the same."""
    order = np.argsort(-chances[labels])
    reached = np.cumsum(weights[labels][order]) / weights[labels].sum()
    return round(float(chances[labels][order][int(np.searchsorted(reached, ANSWERED))]), 2)


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
    seen = []
    for one in (answer_sets.or_sharc_set(options.data), answer_sets.conditional_set(options.data)):
        asked = [question for question in one.questions if not question.held_back]
        seen.append(look(one, asked, strangers, one.index(encoder), encoder))
    options.out.write_text(json.dumps(fit(seen), indent=2) + "\n", encoding="utf-8")
    Console().print(f"Written: {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
