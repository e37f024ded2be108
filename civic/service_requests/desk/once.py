"""Keys by which a program says "this is the same request as before", and the answers they got."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from civic.kit.db import insert_once
from civic.service_requests.desk.errors import KeyUsedForSomethingElse, SameRequestUnderWay
from civic.service_requests.desk.models import IdempotencyKey

KEPT = timedelta(hours=24)
# No request takes so long: whoever took the key has died before they could answer.
STALE_AFTER = timedelta(minutes=10)
# Where the status of an answer stands: the work was done, and the answer is not kept yet, or never was.
DONE = 0


@dataclass(frozen=True)
class Answer:
    """What was answered the first time."""

    status: int
    headers: dict[str, str]
    body: str


def take(
    session: Session, official_id: str, key: str, fingerprint: str, now: datetime, forget_before: datetime
) -> Answer | None:
    """Takes a key for a request: None means that it is to be done now; an answer, that it was done.

    A key that was taken `STALE_AFTER` ago for work that was never done is taken over, by one of those who ask
    for it. What was done is not done again, even where its answer was lost.
    """
    forget(session, forget_before)
    taken = insert_once(
        session,
        IdempotencyKey,
        official_id=official_id,
        key=key,
        fingerprint=fingerprint,
        headers={},
        body="",
        created_at=now,
    )
    if taken:
        return None
    known = session.get(IdempotencyKey, (official_id, key))
    if known is None or known.fingerprint != fingerprint:
        raise KeyUsedForSomethingElse(remedy="Use a fresh key for each request.")
    if known.status is None:
        if known.created_at <= now - STALE_AFTER and _take_over(session, known, now):
            return None
        raise SameRequestUnderWay(remedy="Read the case to see whether it was changed.")
    if known.status == DONE:
        raise SameRequestUnderWay(
            "It was done.", remedy="Read the case; its answer is not there to be repeated."
        )
    return Answer(known.status, dict(known.headers), known.body)


def _take_over(session: Session, stale: IdempotencyKey, now: datetime) -> bool:
    taken = session.execute(
        update(IdempotencyKey)
        .where(
            IdempotencyKey.official_id == stale.official_id,
            IdempotencyKey.key == stale.key,
            IdempotencyKey.status.is_(None),
            IdempotencyKey.created_at == stale.created_at,
        )
        .values(created_at=now)
        .returning(IdempotencyKey.key)
    )
    return taken.first() is not None


def forget(session: Session, before: datetime) -> None:
    """Deletes what was answered before a time."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < before))


def forget_about(session: Session, service_request_id: str) -> None:
    """Deletes every answer in which a case occurs: its citizen wants to be forgotten."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.body.contains(service_request_id)))


def done(session: Session, official_id: str, key: str) -> None:
    """Says that the work is done, in the very transaction that does it."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.official_id == official_id, IdempotencyKey.key == key)
        .values(status=DONE)
    )


def keep(
    session: Session, official_id: str, key: str, status: int, headers: dict[str, str], body: str
) -> None:
    """Keeps the answer for the next time that the same request comes."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.official_id == official_id, IdempotencyKey.key == key)
        .values(status=status, headers=headers, body=body)
    )


def release(session: Session, official_id: str, key: str) -> None:
    """Frees the key of a request that changed nothing."""
    session.execute(
        delete(IdempotencyKey).where(
            IdempotencyKey.official_id == official_id,
            IdempotencyKey.key == key,
            IdempotencyKey.status.is_(None),
        )
    )
