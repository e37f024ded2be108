"""Writes down who read what citizens said: in the audit, with numbers and never with words."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.audit.commands import record
from civic.kit.db import Sessions, single_write
from civic.service_requests.models import ServiceRequest


def note_case(sessions: Sessions, official: Official, case: ServiceRequest, now: datetime) -> None:
    """One case was opened. In a transaction of its own: the one that reads can only read."""
    with single_write(sessions) as session:
        note_case_in(session, official, case, now)


def note_case_in(session: Session, official: Official, case: ServiceRequest, now: datetime) -> None:
    """One case was shown by a request that also writes."""
    details = {"number": case.service_request_id}
    record(session, official.id, "official:read:service_request", case.id, details, now)


def note_contact(sessions: Sessions, official: Official, case: ServiceRequest, now: datetime) -> None:
    """The contact details that came with a case were opened."""
    with single_write(sessions) as session:
        details = {"number": case.service_request_id}
        record(session, official.id, "official:read:contact", case.id, details, now)


def note_photo(
    sessions: Sessions, official: Official, case: ServiceRequest, photo_id: str, now: datetime
) -> None:
    """One photo was opened."""
    with single_write(sessions) as session:
        details = {"number": case.service_request_id, "photo": photo_id}
        record(session, official.id, "official:read:attachment", case.id, details, now)


def note_list(sessions: Sessions, official: Official, shown: int, now: datetime) -> None:
    """A part of the list was shown; an empty one told nobody anything."""
    if shown:
        with single_write(sessions) as session:
            record(session, official.id, "official:list:service_request", None, {"shown": shown}, now)


def note_export(sessions: Sessions, official: Official, form: str, now: datetime) -> None:
    """Cases left the product as a file."""
    with single_write(sessions) as session:
        record(session, official.id, "official:export:service_request", None, {"format": form}, now)
