"""`folkmoot knowledge tune`: the encoder fitted to the town's own documents, or another one tried on them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from civic.encoder import SentenceEncoder
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.knowledge import jobs
from civic.knowledge.encoding import FOLDER, Encoding
from cli.problems import Stop, sentences

if TYPE_CHECKING:
    from civic.knowledge.tuning.run import Outcome

console = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def tune(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how many pairs the documents give.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            help="Try this sentence-transformers model (a folder, or a name in the local cache) as it is."
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Go back to the encoder that came with it.")] = False,
) -> None:
    """Fit the sentence encoder to your documents, and keep it if it finds more of what was kept back.

    Takes minutes; Ctrl-C stops it, the same command goes on. Questions are answered meanwhile.
    """
    # Its own imports stay here: they reach for the exporter, which other commands do not need.
    from civic.knowledge.tuning import run
    from civic.knowledge.tuning.pairs import counts
    from cli.first_start import migrate
    from cli.wiring import build_services

    with sentences():
        services = build_services()
        migrate(services)
        place = services.settings.home / FOLDER
        if undo:
            _undo(services, run.undo(services.sessions, place))
            return
        with read_session(services.sessions) as session:
            _, pairs = run.material(session)
        table = Table("pairs", "to train on", "kept back to judge by")
        trained, back = counts(pairs.training), counts(pairs.held_back)
        for kind in sorted({*trained, *back}):
            table.add_row(kind, str(trained.get(kind, 0)), str(back.get(kind, 0)))
        table.add_row("all", str(len(pairs.training)), str(len(pairs.held_back)))
        console.print(table)
        if dry_run:
            return
        try:
            outcome = _run(services, place, model)
        except KeyboardInterrupt:
            raise Stop("Stopped. The same command goes on where it was; nothing was changed.") from None
    shown = Table("", "first", "among five", "mean of 1/rank")
    for name, found in (("before", outcome.before), ("after", outcome.after)):
        shown.add_row(name, f"{found.first:.3f}", f"{found.among_five:.3f}", f"{found.mrr:.3f}")
    console.print(shown)
    console.print(f"The new one takes {outcome.effort} times as long for a question.")
    console.print(
        "The new encoder finds more and is in force: all passages were encoded by it. "
        "`folkmoot knowledge tune --undo` goes back."
        if outcome.kept == "new"
        else "The new encoder does not find more: the old one stays, and nothing was changed."
    )


def _run(services: Services, place: Path, model: str | None) -> Outcome:
    from civic.knowledge.tuning.run import tune

    with Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        console=errors,
    ) as shown:
        bars: dict[str, TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = shown.add_task(what, total=total)
            shown.update(bars[what], completed=done, total=total)

        return tune(
            services.sessions,
            services.get(SentenceEncoder),
            services.get(Encoding).current(),
            work=services.settings.home / "tuning",
            place=place,
            progress=report,
            model=model,
        )


def _undo(services: Services, done: bool) -> None:
    if not done:
        console.print("No tuned encoder is in force.")
        return
    with Progress(console=errors, transient=True) as progress:
        bar = progress.add_task("Encoding", total=None)
        count = jobs.reindex(
            services.sessions,
            services.get(Encoding).current(),
            lambda done, total: progress.update(bar, completed=done, total=total),
        )
    console.print(f"The encoder that came with it is in force again; {count} documents were encoded by it.")
