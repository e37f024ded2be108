"""`folkmoot officials`: who may sign in, and as what."""

from __future__ import annotations

import secrets
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from civic.accounts import commands, queries
from civic.accounts.models import Official
from civic.accounts.rules import Role
from civic.audit.commands import record
from civic.kit.services import Services
from cli.problems import Stop, sentences

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The sign-in name: lower-case letters, digits, dots, hyphens.")]
Generate = Annotated[
    bool, typer.Option("--generate", help="Make a password and print it once, instead of asking for one.")
]


@app.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What the official may do; the README explains each.")],
    agency: Annotated[str | None, typer.Option(help="The department, if the official works for one.")] = None,
    generate: Generate = False,
) -> None:
    """Add an official. The password is asked for, or made and printed once."""
    with sentences():
        services, password, made = _services(), *_password(generate)
        with services.sessions.begin() as session:
            now = services.clock.now()
            official = commands.add_official(session, name, role, password, now, agency)
            record(session, "system", "operator:add:official", official.id, {"role": role.value}, now)
        typer.echo(f"{official.name} can sign in as {role.value}.")
        _print_once(password, made)


@app.command("list")
def list_all() -> None:
    """Show every official, with role and last sign-in."""
    with sentences():
        table = Table("name", "role", "agency", "last sign-in", "state")
        with _services().sessions() as session:
            for official in queries.everyone(session):
                seen = official.signed_in_at
                table.add_row(
                    official.name,
                    official.role.value,
                    official.agency or "",
                    f"{seen:%Y-%m-%d %H:%M} UTC" if seen else "never",
                    "disabled" if official.disabled_at else "active",
                )
        if table.row_count:
            Console().print(table)
        else:
            typer.echo("There are no officials yet: add one with `folkmoot officials add`.")


@app.command("disable")
def disable(name: Name) -> None:
    """End an official's access at once, open tokens included."""
    with sentences():
        services = _services()
        with services.sessions.begin() as session:
            now = services.clock.now()
            official = commands.disable(session, name, now)
            record(session, "system", "operator:disable:official", official.id, {}, now)
        typer.echo(f"{official.name} can no longer sign in.")


@app.command("password")
def password(name: Name, generate: Generate = False) -> None:
    """Replace an official's password; open tokens end."""
    with sentences():
        services = _services()
        with services.sessions() as session:
            official: Official = queries.by_name(session, name)
        new, made = _password(generate)
        with services.sessions.begin() as session:
            commands.set_password(session, name, new)
            record(session, "system", "operator:set_password:official", official.id, {}, services.clock.now())
        typer.echo(f"{official.name} has a new password.")
        _print_once(new, made)


def _services() -> Services:
    from civic.kit.settings import Settings
    from cli.first_start import migrate

    # Officials need the database only, and no part of any feature.
    services = Services(Settings())
    migrate(services)
    return services


def _password(generate: bool) -> tuple[str, bool]:
    """The password and whether we made it; from a pipe, its first line."""
    if generate:
        return secrets.token_urlsafe(15), True
    if sys.stdin.isatty():
        return typer.prompt("Password", hide_input=True, confirmation_prompt=True), False
    line = sys.stdin.readline().rstrip("\n")
    if not line:
        raise Stop("There is no terminal to ask for a password: add --generate, or pipe one in.")
    return line, False


def _print_once(password: str, made: bool) -> None:
    if made:
        typer.echo(f"Password, shown this once: {password}")
