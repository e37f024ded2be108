"""`folkmoot survey`: check a survey's file, and publish the folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from civic.surveys.errors import BrokenSurvey
from civic.surveys.publishing import Change, sync
from civic.surveys.sheets import read_file
from cli.problems import Stop, sentences

app = typer.Typer(no_args_is_help=True, help="Surveys that designers write in content/surveys.")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="One or more survey files.")], as_json: AsJson = False
) -> None:
    """Say every mistake of a survey's file at once: line, question, field, cause, what to do."""
    found = []
    for path in files:
        try:
            definition = read_file(path)
            found.append({"file": path.name, "ok": True, "id": definition.id, "problems": []})
        except BrokenSurvey as broken:
            problems = [problem.model_dump() for problem in broken.problems]
            found.append({"file": path.name, "ok": False, "id": None, "problems": problems})
            if not as_json:
                typer.echo("\n".join(str(problem) for problem in broken.problems), err=True)
            continue
        if not as_json:
            count = len(definition.questions)
            typer.echo(f"{path.name}: no mistakes. {definition.id}, {count} questions.")
    if as_json:
        typer.echo(json.dumps(found, indent=2))
    if not all(one["ok"] for one in found):
        raise typer.Exit(1)


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
