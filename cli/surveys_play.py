"""`folkmoot survey try`, `rehearse` and `export`: a survey played before anybody real answers it."""

from __future__ import annotations

import difflib
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from civic.kit.i18n import Catalogue, load_catalogue
from civic.kit.settings import Settings
from civic.surveys.definition import SurveyDefinition
from civic.surveys.rehearsal import rehearse
from civic.surveys.rehearsed import Rehearsal
from civic.surveys.sheets import read_file
from civic.surveys.trial import Trial, as_lines
from cli.problems import Stop, sentences

File = Annotated[Path, typer.Argument(help="A survey file: .yml, .xlsx, .xls, .md or .csv.")]
# A transcript that names no hour is played at this one, so that "tomorrow" is the same day every time.
ANY_DAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_AT = re.compile(r"^#\s*at\s+(\S+)\s*$", re.MULTILINE)


def try_command(
    file: File,
    answers: Annotated[
        Path | None,
        typer.Option(
            "--answers", help="Play this transcript again; exit code 1 if anything is said differently."
        ),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", help="Write what was said to this file, for --answers.")
    ] = None,
    language: Annotated[str, typer.Option(help="The citizen's language.")] = "en",
) -> None:
    """Play a survey in the terminal, exactly as the chat does. Nothing is stored."""
    with sentences():
        definition, catalogue = read_file(file), _catalogue()
        if answers is not None:
            _replay(definition, catalogue, answers, language)
        else:
            _play(definition, catalogue, record, language)


def _catalogue() -> Catalogue:
    return load_catalogue(Settings().content / "locales")


def _play(definition: SurveyDefinition, catalogue: Catalogue, record: Path | None, language: str) -> None:
    console = Console(highlight=False)
    now = datetime.now(UTC).replace(microsecond=0)
    trial = Trial(definition, catalogue, now, language)
    lines = [f"# at {now.isoformat()}", *as_lines(trial.reply)]
    _show(console, trial)
    while not trial.over:
        try:
            text = console.input("[bold cyan]> [/]").strip()
        except (EOFError, KeyboardInterrupt):
            console.print("\nLeft before the end.")
            break
        if text:
            lines += [f"> {text}", *as_lines(trial.says(text))]
            _show(console, trial)
    if record is not None:
        record.write_text("\n".join(lines) + "\n", encoding="utf-8")
        console.print(f"[dim]Written to {escape(str(record))}. Play it again with --answers.[/]")


def _show(console: Console, trial: Trial) -> None:
    number, total = trial.place
    done = 20 if trial.state.stage.over else round(20 * (number - 1) / max(total, 1))
    console.print(f"[green]{'━' * done}[/][dim]{'━' * (20 - done)}[/]")
    console.print(escape(trial.reply.text))
    if trial.reply.choices:
        labels = "  ".join(f"[reverse] {escape(choice.label)} [/reverse]" for choice in trial.reply.choices)
        console.print(labels)
    if not trial.over and number == 1:
        console.print("[dim]Type an answer or the words on a button; also back, skip, why, pause, stop.[/]")


def _replay(definition: SurveyDefinition, catalogue: Catalogue, answers: Path, language: str) -> None:
    said = answers.read_text(encoding="utf-8")
    at = _AT.search(said)
    try:
        now = datetime.fromisoformat(at[1]) if at else ANY_DAY
    except ValueError:
        raise Stop(
            f"{answers}: {at[1] if at else ''} is not a time. Write # at 2026-03-02T12:00:00+00:00."
        ) from None
    trial = Trial(definition, catalogue, now, language)
    lines = ([at[0].strip()] if at else []) + as_lines(trial.reply)
    for line in said.splitlines():
        if line.startswith(">"):
            text = line[1:].strip()
            lines.append(f"> {text}")
            lines += ["# the survey is over"] if trial.over else as_lines(trial.says(text))
    if not any(
        line.startswith("<") for line in said.splitlines()
    ):  # answers only: there is nothing to compare
        typer.echo("\n".join(lines))
        return
    wanted = [line.rstrip() for line in said.splitlines() if line.strip()]
    found = [line for line in lines if line.strip()]
    differences = list(
        difflib.unified_diff(wanted, found, answers.name, "as the survey is now", lineterm="", n=2)
    )
    if differences:
        typer.echo("\n".join(differences))
        raise typer.Exit(1)
    typer.echo(f"{answers.name}: the same, {sum(line.startswith('>') for line in lines)} answers.")


def rehearse_command(
    file: File,
    respondents: Annotated[
        int, typer.Option(min=1, max=1_000_000, help="How many people to imagine.")
    ] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same report.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Let thousands of imagined people answer: dead ends, misunderstandings, length, branches."""
    with sentences():
        definition, catalogue = read_file(file), _catalogue()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Respondents", total=respondents)
            report = rehearse(
                definition,
                catalogue,
                respondents=respondents,
                seed=seed,
                now=ANY_DAY,
                progress=lambda: bar.advance(task),
            )
    if as_json:
        typer.echo(json.dumps(report.as_json(), indent=2))
    else:
        _tell(report)
    if report.dead_ends:
        raise typer.Exit(1)


def _tell(report: Rehearsal) -> None:
    console = Console(highlight=False)
    facts = report.as_json()
    length = facts["minutes"]
    console.print(
        f"{report.respondents} respondents (seed {report.seed}), {report.finished} finished. "
        f"It takes {length['median']} minutes, one in ten more than {length['p90']}."
    )
    table = Table(
        "question", "asked", "right at once", "asked back", "not understood", "taken wrong", "stuck"
    )
    for one in facts["questions"]:
        names = ("asked", "right_at_once", "asked_back", "not_understood", "misunderstood", "stuck")
        table.add_row(one["question"], *(str(one[name]) for name in names))
    console.print(table)
    for one in facts["questions"]:
        if one["asked"] and 10 * (one["not_understood"] + one["misunderstood"]) > one["asked"]:
            typed = ", ".join(repr(text) for text, _ in one["failing"])
            console.print(f"often misunderstood: {one['question']}, such as {escape(typed)}")
    taken, total = report.branches
    console.print(f"branches taken: {taken} of {total}")
    for what, listed in (
        ("dead end", report.dead_ends),
        ("never asked", report.never_asked),
        ("never chosen", report.never_chosen),
    ):
        for name in listed:
            console.print(f"{what}: {escape(name)}")
    console.print(
        f"[dim]Assumed: {length['assumed']['read_words_a_minute']} words read a minute (Brysbaert 2019), "
        f"{length['assumed']['typed_words_a_minute']} typed on a telephone (Palin et al. 2019), "
        f"{length['assumed']['seconds_a_press']} s a press, "
        f"{length['assumed']['seconds_to_think']} s to think.[/]"
    )


def export_command(
    file: File, to: Annotated[Path, typer.Option("--to", help="The workbook to write, such as survey.xlsx.")]
) -> None:
    """Write a survey as an XLSForm workbook."""
    from civic.surveys.xlsform import workbook

    with sentences():
        if to.suffix.lower() != ".xlsx":
            raise Stop(f"{to} is no workbook. Let the name end with .xlsx.")
        to.write_bytes(workbook(read_file(file)))
        typer.echo(f"{to} is written.")
