"""`folkmoot survey`: check a survey's file, play it, and publish the folder."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from civic.surveys.engine.types import TYPES
from civic.surveys.limits import REASONS
from civic.surveys.publishing import Change, sync
from civic.surveys.sheets import SurveyFileRead, examine, files_in
from cli.problems import Stop, sentences
from cli.surveys_play import export_command, rehearse_command, try_command
from cli.surveys_running import invite_command, quotas_command

app = typer.Typer(no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command("check")
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Survey files: .yml, .xlsx, .xls, .md or .csv; or folders of them.")
    ],
    as_json: AsJson = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Only count: how many are good, and why the others are not.")
    ] = False,
) -> None:
    """Say every mistake of a survey's file at once: sheet, row, column, cause, what to do."""
    each = [found for path in files for found in (files_in(path) if path.is_dir() else [path])]
    if not each:
        with sentences():
            raise Stop(f"There is no survey in {', '.join(map(str, files))}.")
    read = {path: examine(path) for path in each}
    if as_json:
        typer.echo(json.dumps([_as_json(path, one) for path, one in read.items()], indent=2))
    elif summary:
        _summarise(list(read.values()))
    else:
        for path, one in read.items():
            for problem in one.problems:
                typer.echo(str(problem), err=problem.severity == "error")
            if one.definition is not None and not one.errors:
                asked = sum(TYPES[question.type].asked for question in one.definition.questions)
                typer.echo(f"{path.name}: no mistakes. {one.definition.id}, {asked} questions.")
    if any(one.errors for one in read.values()):
        raise typer.Exit(1)


def _as_json(path: Path, read: SurveyFileRead) -> dict[str, Any]:
    return {
        "file": path.name,
        "ok": not read.errors,
        "id": read.definition.id if read.definition and not read.errors else None,
        "problems": [problem.model_dump() for problem in read.problems],
    }


def _summarise(read: list[SurveyFileRead]) -> None:
    reasons = Counter(code for one in read for code in {problem.code for problem in one.errors})
    good = sum(not one.errors for one in read)
    typer.echo(f"{good} of {len(read)} files are good, {len(read) - good} are refused.")
    for code, files in reasons.most_common():
        typer.echo(f"{files:4}  {code}: {REASONS.get(code, 'a mistake in a field')}")


app.command("try")(try_command)
app.command("rehearse")(rehearse_command)
app.command("export")(export_command)
app.command("invite")(invite_command)
app.command("quotas")(quotas_command)


@app.command("sync")
def sync_command() -> None:
    """Publish what changed in content/surveys. A running server does the same by itself."""
    from cli.first_start import migrate
    from cli.wiring import build_services

    with sentences():
        services = build_services()
        migrate(services)
        folder = services.settings.content / "surveys"
        if not folder.is_dir():
            raise Stop(f"There is no folder {folder}. Make it, or name another with FOLKMOOT_CONTENT.")
        with services.sessions.begin() as session:
            changes = sync(session, folder, services.clock.now())
        if not changes:
            typer.echo("Nothing changed since the folder was last read.")
        for change in changes:
            _tell(change)
        if any(change.outcome == "broken" for change in changes):
            raise typer.Exit(1)


def _tell(change: Change) -> None:
    if change.outcome == "broken":
        kept = " The version published before stays in use." if change.survey_id else ""
        typer.echo(f"{change.file}: refused.{kept}", err=True)
        for problem in change.problems:
            typer.echo(f"  {problem}", err=True)
    elif change.outcome == "published":
        typer.echo(f"{change.file}: {change.survey_id} is published as version {change.version}.")
    elif change.outcome == "withdrawn":
        typer.echo(f"{change.file}: gone, so {change.survey_id} is no longer offered; its answers stay.")
    else:
        typer.echo(f"{change.file}: {change.survey_id} is unchanged.")
