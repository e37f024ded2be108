"""How well the type of a complaint is told from its text alone, by the model that the chat uses.

    python -m evaluation.categories --train T.csv --test U.csv [--json OUT]

Both files have the columns `text,service_code`. Prints accuracy, macro F1, how often the truth is among
the three best, and accuracy against coverage: how often the first is right when only the surest are answered.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.settings import Settings
from civic.service_requests.classifier import Classifier, Scores, softmax
from evaluation.paper import paper

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
COLUMNS = ("text", "service_code")
SHOWN = 10

Rows = list[tuple[str, str]]


class BadFile(ValueError):
    """A file that cannot be read as texts with their types; the message says row and remedy."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains, tests, prints, and writes the same figures as JSON; 2 when a file cannot be used."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=Path, required=True, help="CSV text,service_code to learn from")
    parser.add_argument("--test", type=Path, required=True, help="CSV text,service_code to be measured on")
    parser.add_argument("--json", type=Path, help="write the figures here as well")
    options = parser.parse_args(arguments)
    try:
        train, test = read(options.train), read(options.test)
        figures = evaluate(train, test)
    except BadFile as error:
        print(error, file=sys.stderr)
        return 2
    show(figures, len(train), len(test))
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


def read(path: Path) -> Rows:
    """The texts and types of a file; raises `BadFile` that names every row which has no text or no type."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise BadFile(
                    f"{path}: row 1 has no column {' and no column '.join(missing)}. "
                    f"Its first row must be: {','.join(COLUMNS)}"
                )
            rows, bad = [], []
            for one in reader:
                text, code = ((one[name] or "").strip() for name in COLUMNS)
                if text and code:
                    rows.append((text, code))
                else:
                    bad.append(f"row {reader.line_num} has no {'text' if not text else 'service_code'}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{path}: cannot be read as CSV in UTF-8 ({error}). Save it as CSV UTF-8.") from error
    if bad:
        more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise BadFile(f"{path}: {'; '.join(bad[:SHOWN])}{more}. Fill it in or delete the row.")
    if not rows:
        raise BadFile(f"{path}: has no rows. Add one line for each complaint.")
    return rows


def evaluate(train: Rows, test: Rows) -> dict[str, Any]:
    """The figures, shares from 0 to 1; `coverage` is a list of {coverage, accuracy, threshold}."""
    encoder = SentenceEncoder.load(Settings().encoder_dir)
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("learning", total=None)
        classifier = Classifier(
            [text for text, _ in train],
            [code for _, code in train],
            encoder,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        bar.update(task, description="judging", completed=0, total=len(test))
        scores = []
        for at in range(0, len(test), 64):
            scores.append(classifier.scores([text for text, _ in test[at : at + 64]]))
            bar.update(task, completed=min(at + 64, len(test)))
    truth = [code for _, code in test]
    return figures_of(softmax(np.concatenate(scores), classifier.temperature), classifier.codes, truth)


def figures_of(shares: Scores, codes: Sequence[str], truth: Sequence[str]) -> dict[str, Any]:
    """The figures of given shares, one row a text, one column a code."""
    order = np.argsort(-shares, axis=1, kind="stable")
    said = [codes[row[0]] for row in order]
    right = np.array([one == true for one, true in zip(said, truth, strict=True)])
    among = [true in [codes[place] for place in row[:3]] for row, true in zip(order, truth, strict=True)]
    confidence = shares.max(axis=1)
    surest = np.argsort(-confidence, kind="stable")
    coverage = []
    for share in COVERAGES:
        kept = surest[: max(1, round(share * len(surest)))]
        coverage.append(
            {
                "coverage": share,
                "accuracy": round(float(right[kept].mean()), 4),
                "threshold": round(float(confidence[kept[-1]]), 4),
            }
        )
    return {
        "accuracy": round(float(right.mean()), 4),
        "macro_f1": round(macro_f1(said, truth), 4),
        "top3_accuracy": round(float(np.mean(among)), 4),
        "coverage": coverage,
    }


def macro_f1(said: Sequence[str], truth: Sequence[str]) -> float:
    """The mean of each type's F1, over the types that occur in the truth or were said."""
    values = []
    for code in sorted({*said, *truth}):
        hits = sum(one == true == code for one, true in zip(said, truth, strict=True))
        total = sum(one == code for one in said) + sum(true == code for true in truth)
        values.append(2 * hits / total)
    return float(np.mean(values))


def show(figures: dict[str, Any], learned: int, tested: int) -> None:
    """Prints the figures."""
    console = paper()
    console.print(f"{learned} complaints learned from, {tested} judged")
    for name in ("accuracy", "macro_f1", "top3_accuracy"):
        console.print(f"  {name:<14} {figures[name]:.3f}")
    table = Table("answered", "of these right", "when at least so sure")
    for row in figures["coverage"]:
        table.add_row(f"{row['coverage']:.0%}", f"{row['accuracy']:.3f}", f"{row['threshold']:.2f}")
    console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
