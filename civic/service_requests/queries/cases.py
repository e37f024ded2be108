"""One case: with all it holds for an official, or known by its number, its row or its draft."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, selectinload, undefer

from civic.accounts.models import Official
from civic.conversation.models import Attachment
from civic.service_requests.errors import UnknownAttachment, UnknownServiceRequest
from civic.service_requests.models import ServiceRequest, ServiceRequestAttachment
from civic.service_requests.queries.doors import seen_by


def read(
    session: Session, official: Official, service_request_id: str, *, for_update: bool = False
) -> ServiceRequest:
    """One case with its thread, history and photos; one that the official may not see does not exist."""
    query = _whole().where(*seen_by(official))
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query, {"number": service_request_id.strip().upper()})
    if found is None:
        raise UnknownServiceRequest(f"You see no service request {service_request_id[:20]!r}.")
    return found


@cache
def _whole() -> Select[ServiceRequest]:
    """The SELECT of one case, before `seen_by`. Made once: to put it together takes as long as to run it."""
    return (
        select(ServiceRequest)
        .where(ServiceRequest.service_request_id == bindparam("number"))
        .options(
            selectinload(ServiceRequest.messages),
            selectinload(ServiceRequest.changes),
            selectinload(ServiceRequest.attachments),
            undefer(ServiceRequest.joiners_count),
        )
    )


def photos(session: Session, request: ServiceRequest) -> Sequence[Attachment]:
    """The photos of a case, in the order in which they came."""
    if not request.attachments:
        return []
    return session.scalars(
        select(Attachment)
        .join(ServiceRequestAttachment, ServiceRequestAttachment.attachment_id == Attachment.id)
        .where(ServiceRequestAttachment.request_id == request.id)
        .order_by(ServiceRequestAttachment.position)
    ).all()


def photo(session: Session, request: ServiceRequest, attachment_id: str) -> Attachment:
    """One photo of a case; a photo of another case does not exist here."""
    for found in photos(session, request):
        if found.id == attachment_id:
            return found
    raise UnknownAttachment("This service request has no such photo.")


def by_number(session: Session, service_request_id: str) -> ServiceRequest | None:
    """The case with a tracking number, for what the public may know of it."""
    return session.scalar(
        select(ServiceRequest).where(ServiceRequest.service_request_id == service_request_id)
    )


def by_draft(session: Session, draft_id: str) -> ServiceRequest | None:
    """The case that was made of a draft."""
    return session.scalar(select(ServiceRequest).where(ServiceRequest.draft_id == draft_id))


def number_of(session: Session, request_id: str | None) -> str | None:
    """The tracking number of a case known by its row id."""
    if request_id is None:
        return None
    return session.scalar(select(ServiceRequest.service_request_id).where(ServiceRequest.id == request_id))


def numbers_of(session: Session, request_ids: Sequence[str]) -> dict[str, str]:
    """The tracking numbers of several cases, by row id."""
    if not request_ids:
        return {}
    rows = session.execute(
        select(ServiceRequest.id, ServiceRequest.service_request_id).where(ServiceRequest.id.in_(request_ids))
    )
    return {row[0]: row[1] for row in rows}


class Placed(NamedTuple):
    """Where a case is, and the area it is said to be in; the fields are in the order of the SELECT."""

    id: str
    lat: float
    long: float
    area: str | None


def placed_after(session: Session, after: str, limit: int) -> list[Placed]:
    """The next cases with a place behind an id, in the order of ids."""
    rows = session.execute(
        select(ServiceRequest.id, ServiceRequest.lat, ServiceRequest.long, ServiceRequest.area)
        .where(ServiceRequest.id > after, ServiceRequest.lat.is_not(None), ServiceRequest.long.is_not(None))
        .order_by(ServiceRequest.id)
        .limit(limit)
    )
    return [Placed(id_, float(lat or 0), float(long or 0), area) for id_, lat, long, area in rows]


def how_many_placed(session: Session) -> int:
    """How many cases have a place."""
    placed = ServiceRequest.lat.is_not(None)
    return session.scalar(select(func.count()).select_from(ServiceRequest).where(placed)) or 0
