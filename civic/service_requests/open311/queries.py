"""Every SELECT for other systems and the public: a list is one statement, whatever it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, Unpack

from sqlalchemy import ColumnElement, Select, case, func, select, true
from sqlalchemy.orm import Session, aliased

from civic.accounts.models import Official
from civic.accounts.rules import Permission, may
from civic.conversation.models import Attachment
from civic.service_requests import queries as cases
from civic.service_requests.errors import UnknownServiceRequest
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAttachment,
    ServiceRequestChange,
)
from civic.service_requests.open311 import rules
from civic.service_requests.open311.models import (
    Open311Request,
    ServiceRequestContact,
)
from civic.service_requests.rules import ENDED, OPEN, Status

AnySelect = Select[Unpack[tuple[Any, ...]]]


@dataclass(frozen=True)
class Near:
    """A circle; `radius` in metres."""

    lat: float
    long: float
    radius: float


@dataclass(frozen=True)
class Wanted:
    """Which requests are wanted. Times are from `since` on and before `until`."""

    numbers: Sequence[str] | None = None
    service_codes: Sequence[str] = ()
    areas: Sequence[str] = ()
    agencies: Sequence[str] = ()
    open: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    near: Near | None = None
    limit: int = rules.MOST_REQUESTS
    offset: int = 0

    @property
    def by_update(self) -> bool:
        """Whether changes are asked for, rather than new requests."""
        return self.updated_since is not None or self.updated_until is not None


class Seen(NamedTuple):
    """What a list knows of a request; the fields are in the order of the SELECT."""

    id: str
    service_request_id: str
    service_code: str
    agency: str
    status: Status
    address: str | None
    lat: float | None
    long: float | None
    shown: str
    requested_at: datetime
    updated_at: datetime
    expected_on: date
    description: str | None
    address_id: str | None
    media_url: str | None
    original: str | None
    ended_at: datetime | None
    photo: str | None


def page(session: Session, wanted: Wanted, private: Sequence[str]) -> list[Seen]:
    """The requests that are wanted, newest first, in one SELECT; one more than `limit` when there are more.

    `private` are the types whose place nobody may search by.
    """
    column = ServiceRequest.updated_at if wanted.by_update else ServiceRequest.requested_at
    found = (
        select(ServiceRequest.id)
        .where(*_conditions(wanted, private))
        .order_by(column.desc(), ServiceRequest.id.desc())
        .limit(wanted.limit + 1)
        .offset(wanted.offset)
        .subquery()
    )
    query = _seen().join(found, found.c.id == ServiceRequest.id)
    rows = session.execute(query.order_by(column.desc(), ServiceRequest.id.desc()))
    return [Seen(*row) for row in rows]


@cache
def _seen() -> AnySelect:
    """The SELECT of `Seen`. Made once: to put it together takes longer than to run it."""
    original = aliased(ServiceRequest)
    ended_at = (
        select(func.max(ServiceRequestChange.created_at))
        .where(ServiceRequestChange.request_id == ServiceRequest.id, ServiceRequestChange.target.in_(ENDED))
        .scalar_subquery()
    )
    photo = (
        select(ServiceRequestAttachment.attachment_id)
        .where(ServiceRequestAttachment.request_id == ServiceRequest.id)
        .order_by(ServiceRequestAttachment.position)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            ServiceRequest.id,
            ServiceRequest.service_request_id,
            ServiceRequest.service_code,
            ServiceRequest.agency,
            ServiceRequest.status,
            ServiceRequest.address,
            ServiceRequest.lat,
            ServiceRequest.long,
            ServiceRequest.shown,
            ServiceRequest.requested_at,
            ServiceRequest.updated_at,
            ServiceRequest.expected_on,
            Open311Request.description,
            Open311Request.address_id,
            Open311Request.media_url,
            original.service_request_id.label("original"),
            case((ServiceRequest.status.in_(ENDED), ended_at)).label("ended_at"),
            case((ServiceRequest.shown == rules.Shown.WORDS.value, photo)).label("photo"),
        )
        .outerjoin(Open311Request, Open311Request.request_id == ServiceRequest.id)
        .outerjoin(original, original.id == ServiceRequest.duplicate_of)
    )


def _conditions(wanted: Wanted, private: Sequence[str]) -> list[ColumnElement[bool]]:
    if wanted.numbers is not None:
        return [ServiceRequest.service_request_id.in_(list(wanted.numbers))]
    conditions: list[ColumnElement[bool]] = []
    if wanted.service_codes:
        conditions.append(ServiceRequest.service_code.in_(list(wanted.service_codes)))
    if wanted.areas:
        conditions += [ServiceRequest.area.in_(list(wanted.areas)), *_place_is_shown(private)]
    if wanted.agencies:
        conditions.append(ServiceRequest.agency.in_(list(wanted.agencies)))
    if wanted.open is not None:
        conditions.append(ServiceRequest.status.in_(OPEN) if wanted.open else cases.is_ended())
    for column, since, until in (
        (ServiceRequest.requested_at, wanted.since, wanted.until),
        (ServiceRequest.updated_at, wanted.updated_since, wanted.updated_until),
    ):
        if since is not None:
            conditions.append(column >= since)
        if until is not None:
            conditions.append(column < until)
    if wanted.near is not None:
        conditions += _within(wanted.near, private)
    return conditions


def _within(near: Near, private: Sequence[str]) -> list[ColumnElement[bool]]:
    south, north, west, east = rules.box(near.lat, near.long, near.radius)
    tall = ServiceRequest.lat - near.lat
    wide = (ServiceRequest.long - near.long) * rules.narrowing(near.lat)
    reach = near.radius / rules.METRES_A_DEGREE
    return [
        ServiceRequest.lat.between(south, north),
        ServiceRequest.long.between(west, east),
        tall * tall + wide * wide <= reach * reach,
        *_place_is_shown(private),
    ]


def _place_is_shown(private: Sequence[str]) -> list[ColumnElement[bool]]:
    """What is not shown must not be found by its area, or by drawing ever smaller circles, either."""
    return [
        ServiceRequest.shown != rules.Shown.NOTHING.value,
        ServiceRequest.service_code.not_in(list(private)) if private else true(),
    ]


def by_token(session: Session, token: str) -> str | None:
    """The number of the request that was sent under a token."""
    return session.scalar(
        select(ServiceRequest.service_request_id)
        .join(Open311Request, Open311Request.request_id == ServiceRequest.id)
        .where(Open311Request.token == token)
    )


def sent_as(session: Session, token: str) -> tuple[ServiceRequest, Open311Request] | None:
    """The request that was sent under a token, with what is kept of its sending."""
    found = session.execute(
        select(ServiceRequest, Open311Request)
        .join(Open311Request, Open311Request.request_id == ServiceRequest.id)
        .where(Open311Request.token == token)
    ).first()
    return (found[0], found[1]) if found else None


def sent_with(session: Session, number: str) -> tuple[ServiceRequest, str | None] | None:
    """A request by its number, held for a change, and the key that it came with."""
    found = session.execute(
        select(ServiceRequest, Open311Request.key_id)
        .outerjoin(Open311Request, Open311Request.request_id == ServiceRequest.id)
        .where(ServiceRequest.service_request_id == number)
        .with_for_update(of=ServiceRequest)
    ).first()
    return (found[0], found[1]) if found else None


def sender_of(session: Session, number: str) -> str:
    """The person behind a request that another system sent; of others nothing is said."""
    found = session.scalar(
        select(ServiceRequest.citizen_id).where(
            ServiceRequest.service_request_id == number, ServiceRequest.source == rules.SOURCE
        )
    )
    if found is None:
        raise UnknownServiceRequest(
            f"No other system sent {number[:20]!r}, or its sender's data is deleted already."
        )
    return found


# ------------------------------------------------------------------------------------------------- others


def public_photo(session: Session, attachment_id: str, private: Sequence[str]) -> Attachment | None:
    """A photo that anybody may see: of a request whose words are public, and as long as they are."""
    return session.scalar(
        select(Attachment)
        .join(ServiceRequestAttachment, ServiceRequestAttachment.attachment_id == Attachment.id)
        .join(ServiceRequest, ServiceRequest.id == ServiceRequestAttachment.request_id)
        .where(
            Attachment.id == attachment_id,
            ServiceRequest.shown == rules.Shown.WORDS.value,
            ServiceRequest.service_code.not_in(list(private)) if private else true(),
        )
    )


def contact_of(session: Session, official: Official, number: str) -> ServiceRequestContact | None:
    """How to reach who reported, for an official of the responsible department or of none in particular."""
    request = cases.read(session, official, number)
    return contact_with(session, official, request)


def contact_with(
    session: Session, official: Official, request: ServiceRequest
) -> ServiceRequestContact | None:
    """The same of a case that was read already; who only reads cases is nobody's contact."""
    responsible = official.agency is None or official.agency == request.agency
    sent = request.source == rules.SOURCE
    if not sent or not responsible or not may(official.role, Permission.CASES_WORK):
        return None
    return session.get(ServiceRequestContact, request.id)
