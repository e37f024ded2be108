"""How well something is noticed: the share of what should be, and of what should not be."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from evaluation.paper import paper

Line = dict[str, Any]
Notice = Callable[[str], str | None]


def lines(path: Path) -> list[Line]:
    """The labelled messages of a file: `{"text", "kind"}`, where kind is null for a harmless one."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(labelled: Sequence[Line], notice: Notice) -> dict[str, Any]:
    """Recall and false alarm rate, the messages missed, the false alarms, and kinds taken for another."""
    seen = [(one, notice(one["text"])) for one in labelled]
    wanted = [(one, kind) for one, kind in seen if one["kind"]]
    harmless = [(one, kind) for one, kind in seen if not one["kind"]]
    missed = [one for one, kind in wanted if kind is None]
    false = [one for one, kind in harmless if kind is not None]
    return {
        "messages": len(seen),
        "to_notice": len(wanted),
        "recall": round(1 - len(missed) / max(1, len(wanted)), 4),
        "false_alarms": round(len(false) / max(1, len(harmless)), 4),
        "right_kind": round(sum(one["kind"] == kind for one, kind in wanted) / max(1, len(wanted)), 4),
        "missed": [one["text"] for one in missed],
        "false": [one["text"] for one in false],
    }


def report(what: str, arguments: Sequence[str] | None, default: Path, notice: Callable[[], Notice]) -> None:
    """Reads the file, prints the table, and writes the same figures as JSON where asked."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--file", type=Path, default=default, help="labelled messages, one JSON a line")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    figures = measure(lines(options.file), notice())
    table = Table("messages", "to notice", "recall", "right kind", "false alarms")
    table.add_row(
        str(figures["messages"]),
        str(figures["to_notice"]),
        *(f"{figures[name]:.1%}" for name in ("recall", "right_kind", "false_alarms")),
    )
    console = paper()
    console.print(table)
    for name in ("missed", "false"):
        for text in figures[name]:
            console.print(f"{name}: {text}", markup=False, highlight=False)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
