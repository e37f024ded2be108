"""Public sets of intents, with ten examples each and in full: what we ship beside Rasa's default pipeline.

    python -m evaluation.intent_sets [--data ../shared/data] [--only SET] [--measure-diet]

DIET learns for minutes to hours, so its figures are kept in diet_figures.json with when and how they were
measured; `--measure-diet` measures them anew, on the same split.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from civic.kit.settings import Settings
from evaluation import rasa_pipeline
from evaluation.figures import figures
from evaluation.intents import Example
from evaluation.paper import paper
from evaluation.perturbations import few_shot
from evaluation.rasa_pipeline import OUT_OF_SCOPE, Pipeline

DIET_CONFIG = Path(__file__).with_name("diet.yml")
DIET_FIGURES = Path(__file__).with_name("diet_figures.json")
SETS = ("BANKING77", "CLINC150", "HWU64")
SHOTS = ("10", "full")
Split = tuple[list[Example], list[Example]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures every set that is there; 1 with one sentence when none is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public data")
    parser.add_argument("--only", choices=SETS, help="one set alone")
    parser.add_argument("--shots", choices=SHOTS, help="ten examples an intent alone, or the full sets alone")
    parser.add_argument("--measure-diet", action="store_true", help="measure DIET anew; takes hours")
    options = parser.parse_args(arguments)
    console = paper()
    if not (options.data / "intents").is_dir():
        console.print(f"There is no data in {options.data}. Name its folder with --data DIR.")
        return 1
    names = [options.only] if options.only else list(SETS)
    shots = [options.shots] if options.shots else list(SHOTS)
    out = Settings().home / "evaluation"
    out.mkdir(parents=True, exist_ok=True)
    measure(console, options.data, names, shots, options.measure_diet, out / "intents.json")
    return 0


def measure(
    console: Console, data: Path, names: Sequence[str], shots: Sequence[str], measure_diet: bool, out: Path
) -> None:
    """Each split once through our pipeline, beside DIET's figures; the table and the file."""
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        for shot in shots:
            key = f"{name} {shot}"
            examples, asked = split(data, name, shot)
            console.rule(f"{key}: {len(examples)} examples, {len(asked)} messages")
            if measure_diet:
                remember(key, measured(diet(), examples, asked))
            found[key] = {
                "folkmoot": measured(rasa_pipeline.shipped(), examples, asked),
                "diet": json.loads(DIET_FIGURES.read_text(encoding="utf-8"))["figures"].get(key),
            }
            out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    show(console, found)
    console.print(f"Also in {out}")


def split(data: Path, name: str, shot: str) -> Split:
    """The examples and the messages of a set; CLINC150 comes with messages that must be refused."""
    shots = data / "intents" / "few_shot" / name
    examples, asked = few_shot(shots / ("train_10" if shot == "10" else "train")), few_shot(shots / "test")
    if name == "BANKING77" and shot == "full":
        # The whole set; the few-shot edition keeps a part of it for validation.
        examples, asked = (
            _banking(data / "intents" / "banking77" / f"{part}.csv") for part in ("train", "test")
        )
    if name == "CLINC150":
        full = json.loads((data / "intents" / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
        asked = _clinc(full["test"]) + _clinc(full["oos_test"])
        if shot == "full":
            examples = _clinc(full["train"]) + _clinc(full["oos_train"])
    return examples, asked


def diet() -> Pipeline:
    """Rasa's default pipeline, in the environment that the bench makes for it."""
    from benchmarks.__main__ import prepare

    folder = Settings().home.resolve() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    prepare(folder)
    config = yaml.safe_load(DIET_CONFIG.read_text(encoding="utf-8"))
    python = folder / "stock-environment" / "bin" / "python"
    return Pipeline("rasa init", python, config, through_boot=False)


def measured(pipeline: Pipeline, examples: Sequence[Example], asked: Sequence[Example]) -> dict[str, Any]:
    run = rasa_pipeline.run(pipeline, examples, [text for text, _ in asked])
    return dict(figures([intent for _, intent in asked], run))


def remember(key: str, found: dict[str, Any]) -> None:
    """Write DIET's figures with when and where they were measured."""
    kept = json.loads(DIET_FIGURES.read_text(encoding="utf-8"))
    about = {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "epochs": 100,
        "environment": f"Rasa 3.6.21, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
    }
    kept["figures"][key] = {**found, **about}
    DIET_FIGURES.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def show(console: Console, found: dict[str, dict[str, Any]]) -> None:
    columns = (
        "in_scope_accuracy",
        "oos_auroc",
        "oos_recall",
        "best_mcc",
        "mcc",
        "train_seconds",
        "parse_ms_p50",
    )
    table = Table("set", "pipeline", *columns)
    for key, both in found.items():
        for name, values in (("Folkmoot", both["folkmoot"]), ("rasa init", both["diet"])):
            cells = [values.get(column) if values else None for column in columns]
            table.add_row(key, name, *("-" if cell is None else f"{cell:g}" for cell in cells))
    console.print(table)


def _banking(path: Path) -> list[Example]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"].strip(), row["category"]) for row in csv.DictReader(file)]


def _clinc(rows: Sequence[Sequence[str]]) -> list[Example]:
    return [(text, OUT_OF_SCOPE if label == "oos" else label) for text, label in rows]


if __name__ == "__main__":
    raise SystemExit(main())
