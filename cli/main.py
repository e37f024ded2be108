"""The `folkmoot` command. A part's module is imported only when that part is wanted."""

from __future__ import annotations

import importlib
import os
import sys
from typing import Annotated

import typer

# Modules that are not called as their command is.
MODULES = {"survey": "surveys"}
PARTS = {
    "serve": "Run one part of Folkmoot as a process of its own.",
    "knowledge": "The documents that questions are answered from.",
    "officials": "Officials who can sign in to the API.",
    "survey": "Surveys that designers write in content/surveys.",
    "services": "Types of complaints: content/services.yml.",
    "places": "Places that citizens name: content/places.csv.",
    "open311": "Other systems that send and read requests by Open311.",
}
# Set by the shell that asks how a command goes on.
COMPLETING = "_FOLKMOOT_COMPLETE"

app = typer.Typer(
    name="folkmoot",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A citizen engagement assistant. `folkmoot up` starts everything on this machine.",
)


@app.callback()
def root() -> None:
    """Settings are environment variables `FOLKMOOT_...` or lines in `.env`; the README lists them."""


@app.command("up")
def up_command(
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port of the web server.")] = None,
) -> None:
    """Start everything on this machine, and stop it with Ctrl-C."""
    from civic.kit.settings import Settings
    from cli.up import up

    settings = Settings()
    up(settings.model_copy(update={"port": port}) if port else settings)


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest version; the same command again changes nothing."""
    from cli.first_start import migrate
    from cli.problems import sentences
    from cli.wiring import build_services

    with sentences():
        migrate(build_services())
    typer.echo("The database is at the newest version.")


@app.command("check")
def check_command() -> None:
    """Read every content file and say which line is wrong."""
    from cli.check import main as check

    if check():
        raise typer.Exit(1)
    typer.echo("The content files have no mistakes.")


def mount(arguments: list[str]) -> None:
    """Mount the sub-command that is wanted; the list of commands needs no more than each one's sentence."""
    wanted = next((word for word in arguments if not word.startswith("-")), None)
    for name, sentence in PARTS.items():
        if wanted == name or COMPLETING in os.environ:
            part = importlib.import_module(f"cli.{MODULES.get(name, name)}").app
        elif wanted is None:
            part = typer.Typer()
        else:
            continue
        app.add_typer(part, name=name, help=sentence)


def main() -> None:
    """The entry point; an interrupt is an end, not an error with a traceback."""
    try:
        mount(sys.argv[1:])
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
