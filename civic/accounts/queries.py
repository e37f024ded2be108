"""Finds officials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from civic.accounts.errors import UnknownOfficial
from civic.accounts.models import Official, SignInAttempt
from civic.accounts.rules import Role


def find_by_name(session: Session, name: str) -> Official | None:
    """The official who signs in with this name, in whatever case it was typed."""
    return session.scalar(select(Official).where(Official.name == name.strip().lower()))


def by_name(session: Session, name: str) -> Official:
    """The official who signs in with this name; there being none is an error."""
    official = find_by_name(session, name)
    if official is None:
        raise UnknownOfficial(f"No official signs in as {name!r}.", remedy="See `folkmoot officials list`.")
    return official


def by_id(session: Session, official_id: str) -> Official | None:
    """The official with this id, disabled or not."""
    return session.get(Official, official_id)


def active_with_token(session: Session, official_id: str, credentials_version: int) -> Official | None:
    """The official to whom a token was given, unless disabled or changed since."""
    return session.scalar(_WITH_TOKEN, {"official_id": official_id, "version": credentials_version})


# Made once: to put a statement together takes as long as to run it, and every page asks this.
_WITH_TOKEN = select(Official).where(
    Official.id == bindparam("official_id"),
    Official.credentials_version == bindparam("version"),
    Official.disabled_at.is_(None),
)


def everyone(session: Session) -> Sequence[Official]:
    """All officials, by name."""
    return session.scalars(select(Official).order_by(Official.name)).all()


class Colleague(NamedTuple):
    """What others see of an official; the fields are in the order of the SELECT."""

    id: str
    name: str
    role: Role
    agency: str | None
    disabled_at: datetime | None


def colleagues(session: Session) -> list[Colleague]:
    """All officials by name, as plain values: many pages name everybody."""
    return [Colleague(*row) for row in session.execute(_COLLEAGUES)]


_COLLEAGUES = select(
    Official.id, Official.name, Official.role, Official.agency, Official.disabled_at
).order_by(Official.name)


def how_many(session: Session) -> int:
    """How many officials there are, disabled ones too."""
    return session.scalar(select(func.count()).select_from(Official)) or 0


def attempt(session: Session, name_fingerprint: str) -> SignInAttempt | None:
    """The failures in a row under a name, held until the transaction ends."""
    return session.scalar(
        select(SignInAttempt)
        .where(SignInAttempt.name_fingerprint == name_fingerprint)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
