"""The figures as a table and as JSON."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Times


@dataclass(frozen=True)
class Row:
    """One line: ours, theirs, and how they should compare (`ratio` is ours over theirs)."""

    what: str
    unit: str
    ours: float
    theirs: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def met(self) -> bool | None:
        if self.at_most is not None:
            return self.ratio <= self.at_most
        return self.ratio >= self.at_least if self.at_least is not None else None

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"at most {self.at_most:.2f}"
        return f"at least {self.at_least:.2f}" if self.at_least is not None else ""


def rows(ours: Times, theirs: Times) -> list[Row]:
    """Every figure; their memory is Rasa alone, without the action server that a greeting does not need."""
    median = statistics.median
    return [
        Row("first greeting answered after", "s", median(ours.ready), median(theirs.ready), at_most=0.35),
        Row("training", "s", median(ours.training), median(theirs.training)),
        Row(
            "memory of all processes (RSS)", "MB", ours.megabytes("rss"), theirs.megabytes("rss", "rasa"), 0.6
        ),
        Row(
            "memory of all processes (PSS)", "MB", ours.megabytes("pss"), theirs.megabytes("pss", "rasa"), 0.6
        ),
        Row("one turn, p50", "ms", ours.quantile(0.5), theirs.quantile(0.5), at_most=0.6),
        Row("one turn, p95", "ms", ours.quantile(0.95), theirs.quantile(0.95)),
        Row(
            "a policy question, p50 (theirs: a greeting)",
            "ms",
            ours.question_quantile(0.5),
            theirs.quantile(0.5),
            at_most=0.8,
        ),
        Row("turns a second, 8 users", "1/s", ours.rate, theirs.rate, at_least=2.0),
    ]


def show(table_rows: list[Row], ours: Times, theirs: Times) -> None:
    table = Table(title="Folkmoot against the bot that `rasa init` makes")
    for name in ("", "Folkmoot", "rasa init", "ratio", "target", ""):
        table.add_column(name, justify="left" if name in ("", "target") else "right")
    for row in table_rows:
        verdict = {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[row.met]
        table.add_row(
            f"{row.what} ({row.unit})",
            f"{row.ours:.1f}",
            f"{row.theirs:.1f}",
            f"{row.ratio:.2f}",
            row.target,
            verdict,
        )
    console = Console(highlight=False)
    console.print(table)
    actions = theirs.megabytes("pss", "actions")
    console.print(
        f"Median of {len(ours.ready)} starts and {len(ours.training)} trainings each; {len(ours.turns)} and "
        f"{len(theirs.turns)} single turns, {len(ours.questions)} policy questions; "
        f"unanswered {ours.failures} and {theirs.failures}.\n"
        "Ours is all processes: web server, Rasa, SQL writes. Theirs is Rasa alone: its action server, which "
        f"this bot never calls, would add {actions:.0f} MB.\n"
        "RSS counts a page once for each process that shares it, PSS once in all."
    )


def as_json(table_rows: list[Row], ours: Times, theirs: Times, about: dict[str, Any]) -> dict[str, Any]:
    return {
        **about,
        "rows": [{**asdict(row), "ratio": row.ratio, "met": row.met} for row in table_rows],
        "measured": {
            name: {
                "ready_s": times.ready,
                "training_s": times.training,
                "turns_ms": [round(1000 * taken, 2) for taken in times.turns],
                "questions_ms": [round(1000 * taken, 2) for taken in times.questions],
                "turns_a_second": times.rates,
                "memory_mb": times.memory,
                "unanswered": times.failures,
            }
            for name, times in (("ours", ours), ("theirs", theirs))
        },
    }


def write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
