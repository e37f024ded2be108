"""`make eval`: passages found and questions refused, intents and slips, on public data beside the checkout.

    python -m evaluation [--data ../shared/data] [--only PART] [--measure-diet]

Each set is asked in the form of `evaluation.answers`; the figures also go to `$FOLKMOOT_HOME/evaluation/`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from civic.kit.settings import Settings
from evaluation import (
    answer_sets,
    answers,
    follow_ups,
    intent_sets,
    near_misses,
    perturbations,
    survey_answers,
)
from evaluation.paper import paper

Line = dict[str, Any]
ALSO: dict[str, Callable[[Sequence[str]], int]] = {
    "near_misses": near_misses.main,
    "follow_ups": follow_ups.main,
    "survey_answers": survey_answers.main,
}

SETS: dict[str, Callable[[Path], tuple[list[Line], list[Line]]]] = {
    "or_sharc": answer_sets.rule_texts,
    "conditionalqa": answer_sets.conditional,
}


def foreign(data: Path) -> list[Line]:
    """Questions from another world (CLINC150, out of scope), which must be refused."""
    return [
        {"id": f"foreign-{number}", "text": text, "gold": []}
        for number, text in enumerate(answer_sets.foreign(data))
    ]


def main() -> int:
    """Evaluates every set that is there; 1 with one sentence when the data is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public data")
    parser.add_argument("--only", choices=[*sorted(SETS), *ALSO, "intents", "slips"], help="one part alone")
    parser.add_argument("--measure-diet", action="store_true", help="measure Rasa's DIET anew; takes hours")
    options = parser.parse_args()
    console = paper()
    if not (options.data / "policy").is_dir():
        console.print(f"There is no data in {options.data}. Name its folder: make eval ARGS='--data DIR'")
        return 1
    out = Settings().home / "evaluation"
    out.mkdir(parents=True, exist_ok=True)
    for name, load in SETS.items():
        if options.only not in (None, name):
            continue
        passages, questions = load(options.data)
        strangers = foreign(options.data)
        console.rule(
            f"{name}: {len(passages)} passages, {len(questions)} questions, {len(strangers)} foreign ones"
        )
        figures = answers.evaluate(passages, [*questions, *strangers])
        answers.show(figures)
        (out / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    for name, measure in ALSO.items():
        if options.only in (None, name):
            console.rule(name.replace("_", " "))
            measure(["--data", str(options.data), "--json", str(out / f"{name}.json")])
    if options.only in (None, "intents"):
        splits = (intent_sets.SETS, intent_sets.SHOTS)
        intent_sets.measure(console, options.data, *splits, options.measure_diet, out / "intents.json")
    if options.only in (None, "slips"):
        perturbations.measure(console, options.data, perturbations.MESSAGES, out / "slips.json")
    console.print(f"Also in {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
