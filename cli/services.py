"""`folkmoot services`: types of complaints, and what the assistant learns about them."""

from __future__ import annotations

import typer

from civic.service_requests import parts
from cli.problems import sentences
from cli.wiring import build_services

app = typer.Typer(no_args_is_help=True, help="Types of complaints: content/services.yml.")


@app.callback()
def services() -> None:
    """Keeps `learn` a command of its own while it is the only one."""


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
