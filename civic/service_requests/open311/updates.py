"""Every SELECT of what happened to requests, and of what other systems added to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from civic.service_requests.models import ServiceRequest, ServiceRequestChange, ServiceRequestMessage
from civic.service_requests.open311 import rules
from civic.service_requests.open311.models import Open311Update

AnySelect = Select[Unpack[tuple[Any, ...]]]


def changes(
    session: Session,
    *,
    request_ids: Sequence[str] | None = None,
    numbers: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = rules.MOST_REQUESTS,
) -> Sequence[Row[Any]]:
    """Steps of the status after the first one, oldest first."""
    query = (
        select(
            ServiceRequestChange.id,
            ServiceRequestChange.request_id,
            ServiceRequest.service_request_id,
            ServiceRequestChange.target.label("status"),
            ServiceRequestChange.created_at,
        )
        .join(ServiceRequest, ServiceRequest.id == ServiceRequestChange.request_id)
        .where(ServiceRequestChange.source.is_not(None))
    )
    return _updates(session, query, ServiceRequestChange, request_ids, numbers, since, until, limit)


def replies(
    session: Session,
    *,
    request_ids: Sequence[str] | None = None,
    numbers: Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = rules.MOST_REQUESTS,
) -> Sequence[Row[Any]]:
    """What officials wrote to somebody who reports through another system, oldest first.

    In a chat such words are for one person; there they stay.
    """
    status = (
        select(ServiceRequestChange.target)
        .where(
            ServiceRequestChange.request_id == ServiceRequestMessage.request_id,
            ServiceRequestChange.created_at <= ServiceRequestMessage.created_at,
        )
        .order_by(ServiceRequestChange.created_at.desc(), ServiceRequestChange.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            ServiceRequestMessage.id,
            ServiceRequestMessage.request_id,
            ServiceRequest.service_request_id,
            ServiceRequest.service_code,
            ServiceRequest.shown,
            status.label("status"),
            ServiceRequestMessage.created_at,
            ServiceRequestMessage.text,
        )
        .join(ServiceRequest, ServiceRequest.id == ServiceRequestMessage.request_id)
        .where(
            ServiceRequest.source == rules.SOURCE,
            ServiceRequestMessage.author == "official",
            ServiceRequestMessage.internal.is_(False),
        )
    )
    return _updates(session, query, ServiceRequestMessage, request_ids, numbers, since, until, limit)


def _updates(
    session: Session,
    query: AnySelect,
    table: type[ServiceRequestChange] | type[ServiceRequestMessage],
    request_ids: Sequence[str] | None,
    numbers: Sequence[str] | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> Sequence[Row[Any]]:
    if request_ids is not None:
        query = query.where(table.request_id.in_(list(request_ids)))
    if numbers is not None:
        query = query.where(ServiceRequest.service_request_id.in_(list(numbers)))
    if since is not None:
        query = query.where(table.created_at >= since)
    if until is not None:
        query = query.where(table.created_at < until)
    return session.execute(query.order_by(table.created_at, table.id).limit(limit)).all()


def update_sent(session: Session, key_id: str, external_id: str) -> str | None:
    """The message that another system's update became, if it was sent before."""
    return session.scalar(
        select(Open311Update.message_id).where(
            Open311Update.key_id == key_id, Open311Update.external_id == external_id
        )
    )
