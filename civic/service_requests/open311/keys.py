"""Gives keys to other systems, takes them back, and counts what each key is used for. Never commits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.kit.ids import fingerprint, new_id
from civic.service_requests.open311.errors import KeyNameTaken, UnknownKey, UnusableKeyName, refuse
from civic.service_requests.open311.models import Open311Key

_NAME = re.compile(r"[^\W_](?:[\w .-]{0,58}[^\W_])?")


def add_key(session: Session, name: str, secret: str, now: datetime) -> Open311Key:
    """Notes a new key; only its fingerprint is kept, so it can be shown this once."""
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise UnusableKeyName(
            f"{name[:60]!r} cannot be a name.",
            remedy="Use up to 60 letters, digits, spaces, dots and hyphens.",
        )
    if session.scalar(select(Open311Key.id).where(Open311Key.name == name)):
        raise KeyNameTaken(f"{name!r} has a key.", remedy="Revoke it, or choose another name.")
    key = Open311Key(id=new_id(now), name=name, key_fingerprint=fingerprint(secret), created_at=now, calls=0)
    session.add(key)
    session.flush()
    record(session, "system", "operator:add:open_key", key.id, {}, now)
    return key


def revoke_key(session: Session, name: str, now: datetime) -> Open311Key:
    """Ends a key at once; a second time changes nothing. Its name stays taken."""
    key = session.scalar(select(Open311Key).where(Open311Key.name == name.strip()))
    if key is None:
        raise UnknownKey(f"There is no key named {name[:60]!r}.", remedy="See `folkmoot open311 key list`.")
    if key.revoked_at is None:
        key.revoked_at = now
        record(session, "system", "operator:revoke:open_key", key.id, {}, now)
    return key


def all_keys(session: Session) -> Sequence[Open311Key]:
    """Every key, oldest first."""
    return session.scalars(select(Open311Key).order_by(Open311Key.created_at, Open311Key.id)).all()


def use_key(session: Session, secret: str | None, per_minute: int, now: datetime) -> Open311Key:
    """The key that was sent, counted; refused when it is missing, unknown, revoked or used too often.

    Commit at once: a call counts even when what it brought is refused.
    """
    if not secret:
        raise refuse(403, "An api_key is needed for this, and none was sent.")
    key = session.scalar(
        select(Open311Key).where(Open311Key.key_fingerprint == fingerprint(secret)).with_for_update()
    )
    if key is None or key.revoked_at is not None:
        raise refuse(403, "The api_key that was sent is not valid.")
    minute = now.replace(second=0, microsecond=0)
    if key.minute != minute:
        key.minute, key.calls = minute, 0
    if key.calls >= per_minute:
        seconds = 60 - now.second
        raise refuse(
            429,
            f"This api_key may be used {per_minute} times a minute. Try again in {seconds} seconds.",
            retry_after=seconds,
        )
    key.calls += 1
    session.flush()
    return key
