"""`folkmoot survey invite` and `quotas`: whom to ask, and how many answers of each kind are wanted."""

from __future__ import annotations

from typing import Annotated

import typer

from civic.audit.commands import record
from civic.surveys import invitations, queries
from civic.surveys import quotas as kept
from civic.surveys.quotas import Quota
from cli.problems import Stop, sentences

Survey = Annotated[str, typer.Argument(help="The survey's form_id.")]


def invite_command(
    survey: Survey,
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="Which part of the subscribers.")] = 1.0,
    most: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="The same number chooses the same people.")] = 0,
) -> None:
    """Choose subscribers by chance; the running server tells them in batches, each once, not at night."""
    from cli.wiring import build_services

    with sentences():
        services = build_services()
        now, secret = services.clock.now(), services.settings.secret("secret_key")
        with services.sessions.begin() as session:
            queries.one_published(session, survey)
            chosen = invitations.invite(
                session, survey, secret=secret, seed=seed, now=now, share=share, most=most
            )
            record(session, "system", "system:invite:survey", survey, {"people": chosen}, now)
            counts = invitations.counts(session, survey)
    typer.echo(f"{chosen} of {counts['subscribers']} subscribers will be invited.")


def quotas_command(
    survey: Survey,
    wanted: Annotated[
        list[str] | None, typer.Argument(help="question=answer:number, such as age=18-34:200; none: show.")
    ] = None,
) -> None:
    """Show the quotas of a survey, or replace them all."""
    from cli.wiring import build_services

    with sentences():
        services = build_services()
        with services.sessions.begin() as session:
            published = queries.one_published(session, survey)
            if wanted:
                asked = [_quota(one) for one in wanted]
                kept.set_quotas(session, survey, published.definition, asked)
                now = services.clock.now()
                record(session, "system", "system:set:survey_quotas", survey, {"quotas": len(asked)}, now)
            rows = [
                f"{one.question} = {one.answer}: {one.reached} of {one.wanted}"
                for one in kept.quotas_of(session, survey)
            ]
    for line in rows or ["No quotas: everybody may answer."]:
        typer.echo(line)


def _quota(text: str) -> Quota:
    question, equals, rest = text.partition("=")
    answer, colon, number = rest.rpartition(":")
    if not (equals and colon and number.isdigit()):
        raise Stop(f"{text!r} is no quota. Write question=answer:number, such as age=18-34:200.")
    return Quota(question, answer, int(number))
