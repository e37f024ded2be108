"""`make eval`: passages found and questions refused, on public data beside the checkout.

    python -m evaluation [--data ../shared/data]

Each set is asked in the form of `evaluation.answers`; the figures also go to `$FOLKMOOT_HOME/evaluation/`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from civic.kit.settings import Settings
from evaluation import answers

Line = dict[str, Any]
FOREIGN = 300


def rule_texts(data: Path) -> tuple[list[Line], list[Line]]:
    """OR-ShARC: government rule texts, and the questions whose text was not in its training set."""
    folder = data / "policy" / "or_sharc_dev"
    texts = json.loads((folder / "id2snippet.json").read_text(encoding="utf-8"))
    asked = _lines(folder / "open_retrieval_sharc_dev.json")
    questions = [
        {
            "id": one["utterance_id"],
            "text": one["question"],
            "context": one["scenario"],
            "gold": [one["gold_snippet_id"]],
        }
        for one in asked
        if not one["snippet_seen"]
    ]
    return [{"id": key, "title": "", "text": text} for key, text in texts.items()], questions


def conditional(data: Path) -> tuple[list[Line], list[Line]]:
    """ConditionalQA: sentences of GOV.UK pages, and the questions they answer."""
    folder = data / "policy" / "conditionalqa"
    rows = [row for row in _lines(folder / "evidence_passages.jsonl") if row["text"].strip()]
    place = {(row["url"], row["html"]): str(row["pid"]) for row in rows}
    passages = [
        {
            "id": str(row["pid"]),
            "title": row["url"].rsplit("/", 1)[-1].replace("-", " "),
            "text": row["text"],
        }
        for row in rows
    ]
    questions = []
    for one in json.loads((folder / "train.json").read_text(encoding="utf-8")):
        gold = [place[key] for key in ((one["url"], html) for html in one["evidences"]) if key in place]
        if gold and not one["not_answerable"]:
            questions.append(
                {"id": one["id"], "text": one["question"], "context": one["scenario"], "gold": gold}
            )
    return passages, questions


SETS: dict[str, Callable[[Path], tuple[list[Line], list[Line]]]] = {
    "or_sharc": rule_texts,
    "conditionalqa": conditional,
}


def foreign(data: Path) -> list[Line]:
    """Questions from another world (CLINC150, out of scope), which must be refused."""
    full = json.loads((data / "intents" / "clinc150" / "data_full.json").read_text(encoding="utf-8"))
    texts = [text for text, _ in full["oos_test"]][:FOREIGN]
    return [{"id": f"foreign-{number}", "text": text, "gold": []} for number, text in enumerate(texts)]


def main() -> int:
    """Evaluates every set that is there; 1 with one sentence when the data is not."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public data")
    parser.add_argument("--only", choices=sorted(SETS), help="one set alone")
    options = parser.parse_args()
    console = Console()
    if not (options.data / "policy").is_dir():
        console.print(f"There is no data in {options.data}. Name its folder: make eval ARGS='--data DIR'")
        return 1
    out = Settings().home / "evaluation"
    out.mkdir(parents=True, exist_ok=True)
    for name, load in SETS.items():
        if options.only not in (None, name):
            continue
        passages, questions = load(options.data)
        console.rule(f"{name}: {len(passages)} passages, {len(questions)} questions, {FOREIGN} foreign ones")
        figures = answers.evaluate(passages, [*questions, *foreign(options.data)])
        answers.show(figures)
        (out / f"{name}.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    console.print(f"Also in {out}")
    return 0


def _lines(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    raise SystemExit(main())
