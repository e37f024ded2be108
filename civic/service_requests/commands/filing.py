"""Filing: a confirmed draft becomes a case, once, under a number that nobody has."""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.kit.ids import new_id
from civic.service_requests import queries, rules
from civic.service_requests.commands.parts import note_step
from civic.service_requests.desk.webhooks import announce
from civic.service_requests.errors import NotConfirmed
from civic.service_requests.intake.state import Report, Step
from civic.service_requests.models import ServiceRequest, ServiceRequestAttachment, ServiceRequestDraft
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
) -> ServiceRequest:
    """Makes a case of a confirmed draft; the same draft again gives the same case. The draft is gone then."""
    filed = queries.by_draft(session, draft.id)
    if filed is not None:
        return filed
    service = services.find(report.service_code)
    if service is None or report.description is None or report.step not in CONFIRMABLE:
        raise NotConfirmed("Only a report that was shown in full can be sent.")
    case = add_case(
        session,
        random,
        id=new_id(now),
        draft_id=draft.id,
        service_code=service.service_code,
        agency=service.agency,
        status=Status.SUBMITTED,
        description=report.description,
        address=report.address,
        lat=report.location.lat if report.location else None,
        long=report.location.long if report.location else None,
        attributes=dict(report.attributes),
        name=report.name,
        citizen_id=draft.citizen_id,
        conversation_id=draft.conversation_id,
        language=language,
        source="chat",
        requested_at=now,
        updated_at=now,
        expected_on=rules.expected_by(now, service.expected_days),
    )
    for position, attachment_id in enumerate(report.photos):
        case.attachments.append(ServiceRequestAttachment(attachment_id=attachment_id, position=position))
    note_step(case, None, Status.SUBMITTED, "citizen", now)
    session.flush()
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
