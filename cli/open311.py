"""`folkmoot open311`: which other systems may send requests, and what is forgotten of who is behind them."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from civic.kit.ids import new_secret
from civic.kit.services import Services
from civic.service_requests.open311 import keys
from cli.problems import sentences

app = typer.Typer(no_args_is_help=True)
key = typer.Typer(no_args_is_help=True, help="Keys of the systems that may send.")
app.add_typer(key, name="key")

Name = Annotated[str, typer.Argument(help="Which system the key is for, e.g. `Street Watch`.")]


@key.command("add")
def add(name: Name) -> None:
    """Make a key and print it, this once."""
    with sentences():
        services, secret = _services(), new_secret(24)
        with services.sessions.begin() as session:
            made = keys.add_key(session, name, secret, services.clock.now())
        typer.echo(f"{made.name} can send requests to {services.settings.site}/open311/v2.")
        typer.echo(f"api_key, shown this once: {secret}")


@key.command("list")
def list_all() -> None:
    """Show every key: whose it is, since when, whether it still works. Never the key itself."""
    with sentences():
        table = Table("name", "made", "last used", "state")
        with _services().sessions() as session:
            for each in keys.all_keys(session):
                used = f"{each.minute:%Y-%m-%d %H:%M} UTC" if each.minute else "never"
                state = "revoked" if each.revoked_at else "active"
                table.add_row(each.name, f"{each.created_at:%Y-%m-%d}", used, state)
        Console().print(table)


@key.command("revoke")
def revoke(name: Name) -> None:
    """End a key at once."""
    with sentences():
        services = _services()
        with services.sessions.begin() as session:
            ended = keys.revoke_key(session, name, services.clock.now())
        typer.echo(f"The key of {ended.name} no longer works.")


@app.command("forget")
def forget(
    number: Annotated[str, typer.Argument(help="The number of any request of the person, e.g. FM-7K3Q9.")],
) -> None:
    """Delete all personal data of who sent a request through another system, in all their requests."""
    from civic.conversation.erasure import Erasers
    from civic.conversation.types import Reply
    from civic.privacy.commands import forget as forget_citizen
    from civic.service_requests.open311.queries import sender_of
    from civic.service_requests.open311.search import stored_number

    with sentences():
        services = _services()
        with services.sessions.begin() as session:
            citizen_id = sender_of(session, stored_number(number))
            confirmation = Reply(text=services.text("privacy-erased"))
            forget_citizen(session, citizen_id, services.get(Erasers), confirmation, services.clock.now())
        typer.echo("Everything about this person is deleted; the problem itself stays on the desk.")


def _services() -> Services:
    from cli.first_start import migrate
    from cli.wiring import build_services

    services = build_services()
    migrate(services)
    return services
