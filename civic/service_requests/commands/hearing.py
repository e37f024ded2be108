"""What citizens do to a case after it was filed: they write about it, and they say that it is not fixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.delivery.rules import News
from civic.kit.ids import new_id
from civic.kit.services import Services
from civic.service_requests import alerts, deadlines, rules, telling
from civic.service_requests.commands.parts import naming, note_step, touch
from civic.service_requests.desk.webhooks import announce
from civic.service_requests.models import ServiceRequest, ServiceRequestAttachment, ServiceRequestMessage
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList


def hear(
    session: Session,
    case: ServiceRequest,
    *,
    citizen_id: str | None,
    conversation_id: str | None,
    text: str,
    photos: Sequence[str] = (),
    services: Services,
    now: datetime,
) -> ServiceRequestMessage:
    """Adds what a citizen wrote to the thread and flags the case; if it waited for them, work goes on.

    `photos` beyond the most that a case can have are left out; `conversation_id` is not told what it did.
    """
    message = ServiceRequestMessage(
        id=new_id(now),
        author="citizen",
        citizen_id=citizen_id,
        internal=False,
        text=rules.cut(text.strip(), rules.MAX_DESCRIPTION)[0],
        told=False,
        created_at=now,
    )
    case.messages.append(message)
    _add_photos(session, case, photos)
    touch(case, now)
    session.flush()
    record(
        session,
        "citizen",
        "citizen:answer:service_request",
        case.id,
        {"number": case.service_request_id, "message_id": message.id},
        now,
    )
    alerts.alert(session, case, alerts.Kind.CITIZEN_WROTE, f"wrote:{message.id}", now)
    if case.status is Status.WAITING_FOR_CITIZEN:
        step_by_citizen(session, case, Status.IN_PROGRESS, conversation_id, services, now)
    announce(session, case, "citizen_wrote", now)
    session.flush()
    return message


def reopen_by_citizen(
    session: Session, case: ServiceRequest, conversation_id: str, services: Services, now: datetime
) -> None:
    """Opens a case again because it is not fixed, and flags it for whoever has it."""
    change_id = step_by_citizen(session, case, Status.REOPENED, conversation_id, services, now)
    if change_id is not None:
        alerts.alert(session, case, alerts.Kind.NOT_FIXED, f"not_fixed:{change_id}", now)
        session.flush()


def step_by_citizen(
    session: Session,
    case: ServiceRequest,
    target: Status,
    conversation_id: str | None,
    services: Services,
    now: datetime,
) -> str | None:
    """Takes a step that is the citizen's, and tells the others who follow; None where it is not theirs."""
    step = rules.citizens_step(case.status, target)
    if step is None:
        return None
    source, case.status = case.status, target
    known = services.get(ServiceList)
    deadlines.note_step(case, target, known.calendar, now)
    deadlines.recompute(case, known)
    change = note_step(case, source, target, "citizen", now)
    touch(case, now)
    session.flush()
    told = step.told
    if told is not None:
        telling.tell_followers(
            session,
            case,
            lambda one: services.text(told, one.language, **naming(case, known), original=""),
            f"service-request-step:{change.id}",
            telling.NEWS.get(target, News.STEP),
            now,
            but=conversation_id,
        )
    record(
        session,
        "citizen",
        "citizen:move:service_request",
        case.id,
        {"number": case.service_request_id, "from": source.value, "to": target.value},
        now,
    )
    announce(session, case, "status_changed", now)
    session.flush()
    return change.id


def _add_photos(session: Session, case: ServiceRequest, photos: Sequence[str]) -> None:
    have = {one.attachment_id for one in case.attachments}
    last = session.scalar(
        select(func.max(ServiceRequestAttachment.position)).where(
            ServiceRequestAttachment.request_id == case.id
        )
    )
    position = -1 if last is None else last
    for photo in photos:
        if photo not in have and len(case.attachments) < rules.MAX_PHOTOS:
            position += 1
            case.attachments.append(ServiceRequestAttachment(attachment_id=photo, position=position))
