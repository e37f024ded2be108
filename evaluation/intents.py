"""How well intents are told apart and strangers refused by the pipeline that we ship, through Rasa itself.

    python -m evaluation.intents --train T.csv --test U.csv [--json OUT]

Both files have the columns `text,intent`; the intent `out_of_scope` marks what must be refused.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evaluation import rasa_pipeline
from evaluation.figures import figures, kept_and_right
from evaluation.paper import paper
from evaluation.rasa_pipeline import OUT_OF_SCOPE, PipelineFailed

Example = tuple[str, str]
COLUMNS = ("text", "intent")


class BadFile(Exception):
    """The file cannot be used; the message says where, why, and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Trains, parses and prints; 2 after one sentence when a file cannot be used, 1 when Rasa cannot."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=Path, required=True, help="examples to learn from")
    parser.add_argument("--test", type=Path, required=True, help="messages to understand")
    parser.add_argument("--json", type=Path, help="file for the same figures as JSON")
    options = parser.parse_args(arguments)
    console = paper()
    try:
        examples, asked = read(options.train), read(options.test)
        check_examples(options.train, examples)
        missing = {intent for _, intent in asked} - {intent for _, intent in examples} - {OUT_OF_SCOPE}
        if missing:
            console.print(
                f"Note: {len(missing)} of the intents in {options.test} have no example in {options.train} "
                f"and count as mistakes: {', '.join(sorted(missing)[:5])}"
            )
        run = rasa_pipeline.run(rasa_pipeline.shipped(), examples, [text for text, _ in asked])
    except BadFile as problem:
        print(problem, file=sys.stderr)
        return 2
    except PipelineFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    labels = [intent for _, intent in asked]
    found = figures(labels, run)
    show(console, found, kept_and_right(labels, run.parses))
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


def read(path: Path) -> list[Example]:
    """The rows of a file, or `BadFile` with the row, the cause and the remedy."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _rows(path, csv.reader(file, strict=True))
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}. Check the path.") from None
    except UnicodeDecodeError as error:
        raise BadFile(
            f"{path} is not UTF-8 text (byte {error.start}). Save it as CSV in UTF-8 and try again."
        ) from None


def _rows(path: Path, reader: csv._reader) -> list[Example]:  # type: ignore[name-defined]
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if not set(COLUMNS) <= set(header):
            raise BadFile(
                f"{path}, row 1: the header is {','.join(header) or 'missing'}, and the columns text and "
                "intent are needed. Write text,intent as the first row."
            )
        text_at, intent_at = (header.index(name) for name in COLUMNS)
        rows = []
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            where = f"{path}, row {reader.line_num}"
            if len(row) != len(header):
                raise BadFile(
                    f"{where}: {len(row)} cells where the header has {len(header)}. Put a text that contains "
                    "a comma between double quotes."
                )
            text, intent = row[text_at].strip(), row[intent_at].strip()
            if not text or not intent:
                raise BadFile(
                    f"{where}: the {'text' if not text else 'intent'} is empty. Fill it in, or take it out."
                )
            rows.append((text, intent))
    except csv.Error as error:
        raise BadFile(
            f"{path}, row {reader.line_num}: {error}. Look for a double quote that is not closed."
        ) from None
    if not rows:
        raise BadFile(f"{path} has no rows below its header. Add at least one line text,intent.")
    return rows


def check_examples(path: Path, examples: Sequence[Example]) -> None:
    """Two classes at least: one alone leaves nothing to decide."""
    intents = {intent for _, intent in examples}
    if len(intents) < 2 or not intents - {OUT_OF_SCOPE}:
        raise BadFile(
            f"{path} has examples of {', '.join(sorted(intents))} only. Add examples of another intent: at "
            "least two are needed to tell them apart."
        )


def show(console: Console, found: dict[str, float | None], kept: float | None) -> None:
    """Prints the figures, each with what it says."""
    meaning = {
        "in_scope_accuracy": "right intent first, of messages that belong here",
        "oos_recall": "refused, of messages that must be refused",
        "oos_precision": "rightly refused, of all refused",
        "oos_auroc": "how well the score tells the two apart",
        "best_mcc": "Matthews correlation at the best threshold",
        "mcc": "Matthews correlation at the threshold fitted in training",
        "train_seconds": "seconds of training",
        "parse_ms_p50": "milliseconds a parse, median",
    }
    table = Table("figure", "value", "")
    for name, words in meaning.items():
        value = found[name]
        table.add_row(name, "" if value is None else f"{value:g}", words)
    table.add_row(
        "", "" if kept is None else f"{kept:g}", "right and not refused, of messages that belong here"
    )
    console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
