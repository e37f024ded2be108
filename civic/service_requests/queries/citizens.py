"""The citizens' side: own cases, cases near by, who is told, and the report that is being made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from civic.conversation.models import InboundRecord
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAttachment,
    ServiceRequestDraft,
    ServiceRequestJoiner,
    ServiceRequestMessage,
    ServiceRequestReceipt,
)
from civic.service_requests.queries.wanted import Near, within
from civic.service_requests.rules import OPEN


def own(session: Session, citizen_id: str, limit: int = 10) -> tuple[Sequence[ServiceRequest], int]:
    """The cases that a citizen reported or joined, newest first, and how many there are."""
    joined = select(ServiceRequestJoiner.request_id).where(ServiceRequestJoiner.citizen_id == citizen_id)
    mine = or_(ServiceRequest.citizen_id == citizen_id, ServiceRequest.id.in_(joined))
    rows = session.scalars(
        select(ServiceRequest)
        .where(mine)
        .order_by(ServiceRequest.requested_at.desc(), ServiceRequest.id.desc())
        .limit(limit)
    ).all()
    return rows, session.scalar(select(func.count()).select_from(ServiceRequest).where(mine)) or 0


def open_near(
    session: Session, near: Near, service_codes: Sequence[str], since: datetime, citizen_id: str
) -> Sequence[ServiceRequest]:
    """Open cases of some types near a point whose place is public; none that this citizen follows already."""
    joined = select(ServiceRequestJoiner.request_id).where(ServiceRequestJoiner.citizen_id == citizen_id)
    return session.scalars(
        select(ServiceRequest)
        .where(
            *within(near),
            ServiceRequest.status.in_(OPEN),
            ServiceRequest.service_code.in_(service_codes),
            ServiceRequest.requested_at >= since,
            ServiceRequest.shown != "nothing",
            or_(ServiceRequest.citizen_id.is_(None), ServiceRequest.citizen_id != citizen_id),
            ServiceRequest.id.not_in(joined),
        )
        .order_by(ServiceRequest.requested_at.desc(), ServiceRequest.id.desc())
        .limit(200)
    ).all()


def joiner(session: Session, request: ServiceRequest, citizen_id: str) -> ServiceRequestJoiner | None:
    """A citizen as somebody who joined a case."""
    return session.get(ServiceRequestJoiner, (request.id, citizen_id))


def joiner_counts(session: Session, request_ids: Sequence[str]) -> dict[str, int]:
    """How many citizens joined each of some cases; a case that nobody joined is left out."""
    if not request_ids:
        return {}
    rows = session.execute(
        select(ServiceRequestJoiner.request_id, func.count())
        .where(ServiceRequestJoiner.request_id.in_(request_ids))
        .group_by(ServiceRequestJoiner.request_id)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Subscriber:
    """Somebody who is told what becomes of a case, where, and in which language."""

    conversation_id: str
    citizen_id: str | None
    language: str


def subscribers(session: Session, request: ServiceRequest) -> list[Subscriber]:
    """Who hears of every change: the citizen who reported it first, then who joined, in order; each once."""
    found = []
    if request.conversation_id is not None:
        found.append(Subscriber(request.conversation_id, request.citizen_id, request.language))
    for row in session.scalars(
        select(ServiceRequestJoiner)
        .where(ServiceRequestJoiner.request_id == request.id)
        .order_by(ServiceRequestJoiner.joined_at, ServiceRequestJoiner.citizen_id)
    ):
        if row.conversation_id != request.conversation_id:
            found.append(Subscriber(row.conversation_id, row.citizen_id, row.language))
    return found


def receipt(session: Session, request: ServiceRequest) -> ServiceRequestReceipt | None:
    """What is kept of the code by which an anonymous citizen comes back."""
    return session.get(ServiceRequestReceipt, request.id)


def last_public_message(session: Session, request: ServiceRequest) -> ServiceRequestMessage | None:
    """The last thing an official wrote to the citizen."""
    return session.scalar(
        select(ServiceRequestMessage)
        .where(
            ServiceRequestMessage.request_id == request.id,
            ServiceRequestMessage.internal.is_(False),
            ServiceRequestMessage.author == "official",
        )
        .order_by(ServiceRequestMessage.id.desc())
        .limit(1)
    )


def draft(session: Session, conversation_id: str) -> ServiceRequestDraft | None:
    """The report that is being made in a conversation, held until the transaction ends."""
    return session.scalar(
        select(ServiceRequestDraft)
        .where(ServiceRequestDraft.conversation_id == conversation_id)
        .with_for_update()
    )


def shared_just_before(
    session: Session, conversation_id: str, message_id: str, since: datetime
) -> list[dict[str, object]]:
    """Places and photos sent right before a message, no word or button in between; oldest first."""
    rows = session.scalars(
        select(InboundRecord)
        .where(
            InboundRecord.conversation_id == conversation_id,
            InboundRecord.received_at >= since,
            InboundRecord.message_id != message_id,
        )
        .order_by(InboundRecord.received_at.desc(), InboundRecord.id.desc())
        .limit(10)
    ).all()
    shared: list[dict[str, object]] = []
    for row in rows:
        payload = row.payload
        if payload.get("text") or payload.get("choice") or payload.get("intent"):
            break
        shared.append(payload)
    return shared[::-1]


def is_filed(session: Session, attachment_id: str) -> bool:
    """Whether a photo belongs to a case already."""
    return bool(
        session.scalar(select(exists().where(ServiceRequestAttachment.attachment_id == attachment_id)))
    )
