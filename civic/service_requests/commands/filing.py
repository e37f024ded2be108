"""Filing: a confirmed draft becomes a case, once, under a number that nobody has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.conversation.commands import open_conversation
from civic.conversation.models import Attachment
from civic.kit.ids import new_id, new_secret
from civic.service_requests import deadlines, queries, receipts, rules
from civic.service_requests.areas import Areas
from civic.service_requests.commands.parts import note_step
from civic.service_requests.desk.webhooks import announce
from civic.service_requests.errors import NotConfirmed
from civic.service_requests.intake.state import Report, Step
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAttachment,
    ServiceRequestDraft,
    ServiceRequestReceipt,
)
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

CONFIRMABLE = (Step.SUMMARY, Step.NAME)
TRIES = 8


def file(
    session: Session,
    draft: ServiceRequestDraft,
    report: Report,
    services: ServiceList,
    *,
    language: str,
    now: datetime,
    random: Random,
    areas: Areas | None = None,
    code: str | None = None,
) -> ServiceRequest:
    """Makes a case of a confirmed draft; the same draft again gives the same case. The draft is gone then.

    With the `code` of a receipt the case is nobody's: it belongs to no citizen, and what is said about it
    lies in a conversation that nobody can open.
    """
    filed = queries.by_draft(session, draft.id)
    if filed is not None:
        return filed
    service = services.find(report.service_code)
    if service is None or report.description is None or report.step not in CONFIRMABLE:
        raise NotConfirmed("Only a report that was shown in full can be sent.")
    lat = report.location.lat if report.location else None
    long = report.location.long if report.location else None
    nobodys = open_conversation(session, "web", f"receipt-{new_secret(24)}", language, now) if code else None
    forget_positions(session, report.photos, nobodys.id if nobodys else None)
    case = add_case(
        session,
        random,
        id=new_id(now),
        # Nobody's case must not lead back to the button that sent it.
        draft_id=None if code else draft.id,
        service_code=service.service_code,
        agency=(areas or Areas()).agency(service, lat, long),
        status=Status.SUBMITTED,
        description=report.description,
        address=report.address,
        lat=lat,
        long=long,
        area=(areas or Areas()).name(lat, long),
        attributes=dict(report.attributes),
        name=report.name,
        citizen_id=None if code else draft.citizen_id,
        conversation_id=nobodys.id if nobodys else draft.conversation_id,
        language=language,
        source="chat",
        requested_at=now,
        updated_at=now,
        expected_on=deadlines.promised(service, services.calendar, now),
    )
    for position, attachment_id in enumerate(report.photos):
        case.attachments.append(ServiceRequestAttachment(attachment_id=attachment_id, position=position))
    note_step(case, None, Status.SUBMITTED, "citizen", now)
    session.flush()
    if code:
        kept = receipts.hashed(code, case.id)
        session.add(ServiceRequestReceipt(request_id=case.id, code_hash=kept, created_at=now))
    record(
        session,
        "citizen",
        "citizen:file:service_request",
        case.id,
        {"number": case.service_request_id, "service_code": case.service_code},
        now,
    )
    session.delete(draft)
    session.flush()
    return case


def forget_positions(session: Session, photos: Sequence[str], conversation_id: str | None) -> None:
    """Removes where the cameras were; with a conversation, the photos belong to that one from now on."""
    change: dict[str, Any] = {"lat": None, "long": None}
    if conversation_id is not None:
        change["conversation_id"] = conversation_id
    session.execute(update(Attachment).where(Attachment.id.in_(photos)).values(**change))


def add_case(session: Session, random: Random, **columns: object) -> ServiceRequest:
    """Adds a case under a number that nobody has; where numbers get scarce they grow by a letter."""
    for attempt in range(TRIES):
        number = rules.new_tracking_number(random, rules.LENGTH + (attempt >= TRIES // 2))
        if queries.by_number(session, number) is not None:
            continue
        case = ServiceRequest(service_request_id=number, **columns)
        try:
            with session.begin_nested():
                session.add(case)
                session.flush()
        except IntegrityError:
            # Either the number was taken this very moment, or the draft was filed by a second tap.
            if queries.by_draft(session, str(columns["draft_id"])) is not None:
                raise
            continue
        announce(session, case, "filed", case.requested_at)
        return case
    raise RuntimeError("no free tracking number was found")
