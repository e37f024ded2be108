"""Adds and changes officials, and keeps count of sign-ins."""

from __future__ import annotations

import contextlib
import math
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.accounts import passwords, queries
from civic.accounts.errors import NameTaken, SignInTooOften
from civic.accounts.models import Official, SignInAttempt
from civic.accounts.rules import FORGET_AFTER, Role, still_waiting, usable_name, usable_password
from civic.kit.ids import fingerprint, new_id


def add_official(
    session: Session, name: str, role: Role, password: str, now: datetime, agency: str | None = None
) -> Official:
    """Adds an official; a name can be given out once."""
    name = usable_name(name)
    if queries.find_by_name(session, name) is not None:
        raise NameTaken(f"{name!r} is taken.", remedy="Choose another name.")
    official = Official(
        id=new_id(now),
        name=name,
        role=role,
        agency=(agency or "").strip() or None,
        password_hash=passwords.hash_password(usable_password(password, name)),
        credentials_version=1,
        created_at=now,
    )
    session.add(official)
    session.flush()
    return official


def disable(session: Session, name: str, now: datetime) -> Official:
    """Ends an official's access at once, and every token with it; a second time changes nothing."""
    official = queries.by_name(session, name)
    if official.disabled_at is None:
        official.disabled_at = now
        official.credentials_version += 1
    return official


def set_password(session: Session, name: str, password: str) -> Official:
    """Replaces a password; tokens made with the old one end."""
    official = queries.by_name(session, name)
    official.password_hash = passwords.hash_password(usable_password(password, official.name))
    official.credentials_version += 1
    session.execute(delete(SignInAttempt).where(SignInAttempt.name_fingerprint == fingerprint(official.name)))
    return official


def begin_sign_in(session: Session, name: str, now: datetime) -> Official | None:
    """Counts a try as failed until it is proved right, and gives whom to check the password against.

    Counting first means that a hundred tries at the same instant are a hundred tries. Commit before the
    password is checked: checking is slow on purpose, and must not hold the database meanwhile.
    """
    name = name.strip().lower()
    session.execute(delete(SignInAttempt).where(SignInAttempt.last_failed_at < now - FORGET_AFTER))
    key = fingerprint(name)
    attempt = _attempt(session, key, now)
    if wait := still_waiting(attempt.failures, attempt.last_failed_at, now):
        seconds = math.ceil(wait.total_seconds())
        raise SignInTooOften(f"Try again in {seconds} seconds.", retry_after=seconds)
    attempt.failures += 1
    attempt.last_failed_at = now
    official = queries.find_by_name(session, name)
    return official if official is not None and official.disabled_at is None else None


def finish_sign_in(session: Session, official: Official, password: str, now: datetime) -> None:
    """Forgets the failures of an official who proved right, and renews a hash that has become cheap."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.name_fingerprint == fingerprint(official.name)))
    changes: dict[str, object] = {"signed_in_at": now}
    if better := passwords.renewed(official.password_hash, password):
        changes["password_hash"] = better
    session.execute(update(Official).where(Official.id == official.id).values(**changes))


def _attempt(session: Session, key: str, now: datetime) -> SignInAttempt:
    """The count of a name, made when it is not there; tries at the same instant take turns."""
    found = queries.attempt(session, key)
    if found is None:
        row = {"name_fingerprint": key, "failures": 0, "last_failed_at": now}
        with contextlib.suppress(IntegrityError), session.begin_nested():
            session.execute(insert(SignInAttempt).values(**row))
        found = queries.attempt(session, key)
    assert found is not None
    return found
