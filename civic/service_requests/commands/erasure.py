"""Takes a citizen out of their cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic.service_requests import verdicts
from civic.service_requests.desk import once
from civic.service_requests.finding.commands import forget_old_words
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAttachment,
    ServiceRequestDraft,
    ServiceRequestJoiner,
    ServiceRequestMessage,
)


def erase_citizen(session: Session, citizen_id: str, now: datetime) -> None:
    """Takes the person out of their cases: drafts, name, own words, photos and the thread go.

    Type and place stay, so that the problem can still be fixed. Officials' replies go as well: they repeat
    what they answer.
    """
    for table in (ServiceRequestJoiner, ServiceRequestMessage):
        session.execute(delete(table).where(table.citizen_id == citizen_id))
    verdicts.erase_citizen(session, citizen_id)
    session.execute(delete(ServiceRequestDraft).where(ServiceRequestDraft.citizen_id == citizen_id))
    for case in session.scalars(select(ServiceRequest).where(ServiceRequest.citizen_id == citizen_id)):
        once.forget_about(session, case.service_request_id)
        case.name = None
        case.citizen_id = None
        case.conversation_id = None
        case.draft_id = None
        case.description = ""
        case.attributes = {}
        case.erased_at = now
        case.updated_at = max(now, case.updated_at)
        for part in (ServiceRequestMessage, ServiceRequestAttachment):
            session.execute(delete(part).where(part.request_id == case.id))
        session.expire(case, ["messages", "attachments"])
    session.flush()
    forget_old_words(session)
