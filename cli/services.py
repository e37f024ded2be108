"""`folkmoot services`: types of complaints, what is learned about them, and the areas cases lie in."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.progress import Progress

from civic.service_requests import commands, parts, queries
from civic.service_requests.areas import FILE as AREAS
from civic.service_requests.areas import Areas
from cli.problems import sentences
from cli.wiring import build_services

AT_ONCE = 500

app = typer.Typer(no_args_is_help=True)


@app.command("learn")
def learn() -> None:
    """Learn from officials' corrections of the type; kept only when held-back cases are told better."""
    with sentences():
        found = parts.learn(build_services())
    typer.echo(f"{found.corrections} corrected cases, {found.held_back} of them held back: {found.reason}.")
    if found.right_before or found.right_after:
        typer.echo(f"Right among the held-back: {found.right_before} before, {found.right_after} after.")
    if found.kept:
        typer.echo("Kept. A running `folkmoot up` uses it after its next start.")


@app.command("areas")
def areas() -> None:
    """Sort every case into the areas as content/areas.geojson draws them now; may be stopped and repeated."""
    with sentences():
        services = build_services()
        drawn = services.get(Areas)
        if not drawn.names:
            typer.echo(f"{services.settings.content / AREAS} draws no area, so there is nothing to sort by.")
            return
        with services.sessions() as session:
            total = queries.how_many_placed(session)
        last, looked_at, changed = "", 0, 0
        with Progress(console=Console(stderr=True), transient=True) as progress:
            bar = progress.add_task("Cases", total=total)
            while True:
                # A transaction for each piece: citizens and officials go on meanwhile.
                with services.sessions.begin() as session:
                    done = commands.sort_into_areas(session, drawn, last, AT_ONCE)
                if done is None:
                    break
                last, looked_at, changed = done.last, looked_at + done.looked_at, changed + done.changed
                progress.update(bar, completed=looked_at)
    typer.echo(f"{looked_at} cases with a place, {changed} of them sorted into another area than before.")
