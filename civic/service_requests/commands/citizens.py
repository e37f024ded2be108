"""What citizens do with reports that were sent: join one, leave it, add to it, take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.kit.ids import new_id
from civic.service_requests import deadlines, queries, rules
from civic.service_requests.calendar import Calendar
from civic.service_requests.commands.parts import note_step, touch
from civic.service_requests.desk.webhooks import announce
from civic.service_requests.errors import IllegalTransition
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAttachment,
    ServiceRequestJoiner,
    ServiceRequestMessage,
)
from civic.service_requests.rules import Status


def join(
    session: Session,
    case: ServiceRequest,
    *,
    citizen_id: str,
    conversation_id: str,
    language: str,
    now: datetime,
) -> bool:
    """Has a citizen told what becomes of somebody else's case; False when they are told already."""
    if case.citizen_id == citizen_id or queries.joiner(session, case, citizen_id) is not None:
        return False
    row = ServiceRequestJoiner(
        request_id=case.id,
        citizen_id=citizen_id,
        conversation_id=conversation_id,
        language=language,
        joined_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:  # two taps at once
        return False
    _note(session, case, "join", now)
    announce(session, case, "joined", now)
    return True


def leave(session: Session, case: ServiceRequest, citizen_id: str, now: datetime) -> bool:
    """Has a citizen who joined told nothing more; False when they had not joined."""
    row = queries.joiner(session, case, citizen_id)
    if row is None:
        return False
    session.delete(row)
    _note(session, case, "leave", now)
    return True


def add_words_of_joiner(
    session: Session,
    case: ServiceRequest,
    text: str | None,
    photos: Sequence[str],
    *,
    citizen_id: str,
    now: datetime,
) -> None:
    """Adds what somebody who joins had told already; unlike `hear`, it answers no question of an official.

    A case takes `MAX_PHOTOS`; the caller discards the others.
    """
    if text and text.strip():
        message = ServiceRequestMessage(
            id=new_id(now),
            author="citizen",
            citizen_id=citizen_id,
            internal=False,
            text=text.strip(),
            told=False,
            created_at=now,
        )
        case.messages.append(message)
    known = {row.attachment_id for row in case.attachments}
    room = max(0, rules.MAX_PHOTOS - len(known))
    first = 1 + max((row.position for row in case.attachments), default=-1)
    taken = [photo for photo in dict.fromkeys(photos) if photo not in known][:room]
    for position, photo in enumerate(taken, first):
        case.attachments.append(ServiceRequestAttachment(attachment_id=photo, position=position))
    touch(case, now)
    session.flush()


def withdraw(session: Session, case: ServiceRequest, calendar: Calendar, now: datetime) -> bool:
    """Takes a report back: it is closed, or goes on for those who joined it, without who reported it.

    Returns whether it was closed.
    """
    if rules.citizens_step(case.status, Status.CLOSED) is None:
        raise IllegalTransition("What has ended cannot be withdrawn.", remedy="Nothing needs to be done.")
    if queries.joiner_counts(session, [case.id]):
        case.citizen_id = case.conversation_id = case.name = None
        touch(case, now)
        _note(session, case, "withdraw", now)
        return False
    source, case.status = case.status, Status.CLOSED
    deadlines.note_step(case, Status.CLOSED, calendar, now)
    note_step(case, source, Status.CLOSED, "citizen", now)
    touch(case, now)
    _note(session, case, "withdraw", now)
    announce(session, case, "status_changed", now)
    return True


def _note(session: Session, case: ServiceRequest, what: str, now: datetime) -> None:
    session.flush()
    record(
        session,
        "citizen",
        f"citizen:{what}:service_request",
        case.id,
        {"number": case.service_request_id},
        now,
    )
