"""Who talks: a session is a secret of the browser; only its fingerprint is stored, as the address."""

from __future__ import annotations

import re

from civic.kit.errors import Invalid, Unauthenticated
from civic.kit.ids import fingerprint, new_secret

CHANNEL = "web"

# 22 characters of base64 are 128 bits: what is shorter could be guessed.
_SESSION = re.compile(r"[A-Za-z0-9_-]{22,128}")


class BrokenSession(Invalid):
    """This is no session that the server ever gave out."""

    code = "broken_session"
    title = "This is not a session of ours: leave it out to begin a new one"


class NoSession(Unauthenticated):
    """Reading a conversation needs its session."""

    code = "no_session"
    title = "Send the session as `Authorization: Bearer ...`"


def new_session() -> str:
    """A session nobody can guess: 192 bits."""
    return new_secret(24)


def well_formed(session: str) -> bool:
    return _SESSION.fullmatch(session) is not None


def given_or_new(session: str | None) -> str:
    """The session that was sent, or a new one; raises `BrokenSession` for what can be none."""
    if not session:
        return new_session()
    if not well_formed(session):
        raise BrokenSession
    return session


def address_of(session: str) -> str:
    """What the conversation is stored under: the session itself is nowhere in the database."""
    return fingerprint(session)


def bearer(header: str) -> str:
    """The session in an Authorization header."""
    scheme, _, session = header.partition(" ")
    if scheme.lower() != "bearer" or not well_formed(session):
        raise NoSession
    return session
