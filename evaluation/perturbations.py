"""What slips of the finger cost: accuracy on messages as they were written and as they might be typed.

    python -m evaluation.perturbations [--data ../shared/data] [--messages 400] [--json OUT]

Generated slips (`evaluation.typing_slips`) on examples of our own that were held out, and on two public sets;
and `real_chat.csv`, written by hand in the manner of real chats, over the intents of this project.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from evaluation import rasa_pipeline
from evaluation.intents import Example, read
from evaluation.paper import paper
from evaluation.rasa_pipeline import OUT_OF_SCOPE, ROOT, Parse
from evaluation.typing_slips import SLIPS, slipped

REAL_CHAT = Path(__file__).with_name("real_chat.csv")
HOLD = 5
MESSAGES = 400
SEEDS = (1, 2, 3)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints; public sets that are not there are left out and named."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="the folder of public data")
    parser.add_argument("--messages", type=int, default=MESSAGES, help="messages of each public set")
    parser.add_argument("--json", type=Path, help="file for the same figures as JSON")
    options = parser.parse_args(arguments)
    measure(paper(), options.data, options.messages, options.json)
    return 0


def measure(console: Console, data: Path, messages: int, out: Path | None) -> None:
    """Every set in turn; the table and the file."""
    examples = project_examples()
    held = examples[::HOLD]
    learn = [example for place, example in enumerate(examples) if place % HOLD]
    found = {"our own examples, held out": accuracies(learn, held)}
    for name, folder in (("BANKING77", "BANKING77"), ("CLINC150", "CLINC150")):
        shots = data / "intents" / "few_shot" / folder
        if not shots.is_dir():
            console.print(f"{name} is not in {data} and is left out.")
            continue
        asked = few_shot(shots / "test")
        chosen = random.Random(1).sample(asked, min(messages, len(asked)))
        found[f"{name}, 10 examples an intent"] = accuracies(few_shot(shots / "train_10"), chosen)
    show(console, found)
    chat = real_chat(examples)
    console.print(
        f"Real chat, {chat['messages']} lines: {chat['accuracy']:.1%} understood or rightly refused"
    )
    if out:
        out.write_text(json.dumps({"slips": found, "real_chat": chat}, indent=2) + "\n", encoding="utf-8")


def accuracies(examples: Sequence[Example], asked: Sequence[Example]) -> dict[str, float]:
    """In-scope accuracy on the messages as they are and with each kind of slip, after one training."""
    asked = [(text, intent) for text, intent in asked if intent != OUT_OF_SCOPE]
    clean = [text for text, _ in asked]
    # Few messages slip several ways each: one way would say little.
    seeds = SEEDS if len(clean) < MESSAGES else SEEDS[:1]
    variants = {"as written": clean}
    variants |= {name: [text for seed in seeds for text in slipped(name, clean, seed)] for name in SLIPS}
    messages = [text for texts in variants.values() for text in texts]
    parses = iter(rasa_pipeline.run(rasa_pipeline.shipped(), examples, messages).parses)
    intents = [intent for _, intent in asked]
    return {
        name: right([next(parses) for _ in texts], intents * (len(texts) // len(clean)))
        for name, texts in variants.items()
    }


def right(parses: Sequence[Parse], intents: Sequence[str]) -> float:
    hits = sum(parse.guess == intent for parse, intent in zip(parses, intents, strict=True))
    return round(hits / len(intents), 4)


def real_chat(examples: Sequence[Example]) -> dict[str, float | int | list[str]]:
    """Trained on everything that is shipped: the share of lines that ended where they should."""
    asked = read(REAL_CHAT)
    parses = rasa_pipeline.run(rasa_pipeline.shipped(), examples, [text for text, _ in asked]).parses
    wrong = [
        f"{text} -> {parse.intent}, not {intent}"
        for (text, intent), parse in zip(asked, parses, strict=True)
        if not (parse.refused if intent == OUT_OF_SCOPE else parse.intent == intent)
    ]
    return {
        "messages": len(asked),
        "accuracy": round(1 - len(wrong) / len(asked), 4),
        "wrong": wrong,
    }


def project_examples() -> list[Example]:
    """What the project itself is trained on, in the order of its files."""
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = [line.removeprefix("- ").strip() for line in entry["examples"].splitlines()]
            found += [(line, str(entry["intent"])) for line in lines if line]
    return found


def few_shot(folder: Path) -> list[Example]:
    """A split in the form of two files: the messages, and their labels."""
    texts, labels = ((folder / name).read_text(encoding="utf-8").splitlines() for name in ("seq.in", "label"))
    return list(zip(texts, labels, strict=True))


def show(console: Console, found: dict[str, dict[str, float]]) -> None:
    table = Table("slip", *found)
    for name in next(iter(found.values())):
        cells = []
        for figures in found.values():
            drop = 100 * (figures["as written"] - figures[name])
            cells.append(f"{figures[name]:.1%}" + (f" ({-drop:+.1f})" if name != "as written" else ""))
        table.add_row(name, *cells)
    console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
