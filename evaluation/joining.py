"""How well reports of the same thing are recognised, against the rule "same type within 50 metres".

    python -m evaluation.joining [--fit] [--json OUT]

The labelled pairs of `joining_pairs.csv` were written for this: the same thing in other words, near misses.
Every second one was used for fitting; the figures are those of the rest. `--fit` prints fresh weights.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.service_requests import joining
from civic.service_requests.services import load
from evaluation.paper import paper

PAIRS = Path(__file__).parent / "joining_pairs.csv"
SAME_TYPE_WITHIN = 50.0

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Pairs:
    """All pairs: their signs, one row each, whether they are the same, and what the simple rule says."""

    signs: npt.NDArray[np.float64]
    same: Flags
    rule: Flags


def load_pairs(settings: Settings) -> Pairs:
    """Reads and encodes the labelled pairs."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    encoder = SentenceEncoder.load(settings.encoder_dir)
    services = load(settings.content / "services.yml")
    first = encoder.encode([row["text"] for row in rows])
    second = encoder.encode([row["other_text"] for row in rows])
    signs = [
        joining.features(
            float(cosine),
            row["type"] == row["other_type"],
            float(row["metres"]),
            float(row["days"]) / services.get(row["other_type"]).lasts_days,
            joining.numbers_differ(row["text"], row["other_text"]),
        )
        for row, cosine in zip(rows, (first * second).sum(axis=1), strict=True)
    ]
    rule = [row["type"] == row["other_type"] and float(row["metres"]) <= SAME_TYPE_WITHIN for row in rows]
    return Pairs(np.array(signs), np.array([row["same"] == "1" for row in rows]), np.array(rule))


def rates(said: Flags, same: Flags) -> dict[str, float]:
    """The share of the same that was found, and of others that were taken for the same."""
    return {
        "recall": round(float(said[same].mean()), 4),
        "false_merges": round(float(said[~same].mean()), 4),
    }


def evaluate(pairs: Pairs) -> dict[str, dict[str, float]]:
    """Both methods on the pairs that were not used for fitting."""
    rest = np.arange(len(pairs.same)) % 2 == 1
    ours = np.array([joining.probability(row) >= joining.LIKELY for row in pairs.signs])
    return {
        "same type within 50 m": rates(pairs.rule[rest], pairs.same[rest]),
        "ours": rates(ours[rest], pairs.same[rest]),
    }


def fit(pairs: Pairs) -> tuple[list[float], float]:
    """Fresh weights and constant from the other half (logistic regression)."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    half = np.arange(len(pairs.same)) % 2 == 0
    model = LogisticRegression(C=3.0, max_iter=1000).fit(pairs.signs[half], pairs.same[half])
    return [round(float(weight), 2) for weight in model.coef_[0]], round(float(model.intercept_[0]), 2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="print weights fitted anew on the first half")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args(arguments)
    pairs = load_pairs(Settings())
    console = paper()
    if options.fit:
        weights, constant = fit(pairs)
        console.print(f"WEIGHTS = {tuple(weights)}\nINTERCEPT = {constant}")
    figures = evaluate(pairs)
    table = Table("method", "recall", "false merges")
    for name, values in figures.items():
        table.add_row(name, f"{values['recall']:.3f}", f"{values['false_merges']:.3f}")
    console.print(
        f"{len(pairs.same)} pairs, {int(pairs.same.sum())} of them the same; measured on every second one"
    )
    console.print(table)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
