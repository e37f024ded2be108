"""What officials must not miss: flags in the inbox and a list of one's own, until somebody has seen them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, or_, select
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.accounts.rules import Permission, Role, may
from civic.kit.db import insert_once
from civic.kit.ids import new_id
from civic.service_requests.models import ServiceRequest, ServiceRequestAlert
from civic.service_requests.queries import seen_by


class Kind(StrEnum):
    """What happened."""

    CITIZEN_WROTE = "citizen_wrote"
    NOT_FIXED = "not_fixed"
    LATE = "late"


MOST = 100


def alert(
    session: Session, case: ServiceRequest, kind: Kind, key: str, now: datetime, role: Role = Role.AGENT
) -> bool:
    """Flags a case, once for each key; whoever has the case is meant, else everybody of the department."""
    return insert_once(
        session,
        ServiceRequestAlert,
        id=new_id(now),
        request_id=case.id,
        kind=kind.value,
        key=key,
        role=role.value,
        official_id=case.assignee_id if role is Role.AGENT else None,
        created_at=now,
        seen_at=None,
        seen_by=None,
    )


def see(session: Session, official: Official, case: ServiceRequest, now: datetime, *, worked: bool) -> int:
    """Takes the flags off that were for this official; whoever works on the case takes off all they may."""
    if not may(official.role, Permission.CASES_WORK):
        return 0
    open_ones = session.scalars(
        select(ServiceRequestAlert).where(
            ServiceRequestAlert.request_id == case.id, ServiceRequestAlert.seen_at.is_(None), *_for(official)
        )
    ).all()
    seen = [one for one in open_ones if worked or one.official_id in (None, official.id)]
    for one in seen:
        one.seen_at, one.seen_by = now, official.id
    session.flush()
    return len(seen)


@dataclass(frozen=True)
class Flagged:
    """A flag and the case that it is on."""

    alert: ServiceRequestAlert
    case: ServiceRequest


def of_official(session: Session, official: Official, limit: int = MOST) -> list[Flagged]:
    """The flags that wait for an official, the newest first: of their cases, and of cases with nobody."""
    rows = session.execute(
        select(ServiceRequestAlert, ServiceRequest)
        .join(ServiceRequest, ServiceRequest.id == ServiceRequestAlert.request_id)
        .where(
            *seen_by(official),
            *_for(official),
            ServiceRequestAlert.seen_at.is_(None),
            or_(ServiceRequestAlert.official_id.is_(None), ServiceRequestAlert.official_id == official.id),
        )
        .order_by(ServiceRequestAlert.created_at.desc(), ServiceRequestAlert.id.desc())
        .limit(limit)
    ).all()
    return [Flagged(row[0], row[1]) for row in rows]


def on(session: Session, request_ids: Sequence[str]) -> dict[str, list[str]]:
    """The kinds of flags on some cases, each kind once; a case without a flag is left out."""
    found: dict[str, list[str]] = {}
    if not request_ids:
        return found
    for request_id, kind in session.execute(_ON, {"ids": list(request_ids)}):
        kinds = found.setdefault(request_id, [])
        if kind not in kinds:
            kinds.append(kind)
    return found


# Made once: every page of a case asks.
_ON = (
    select(ServiceRequestAlert.request_id, ServiceRequestAlert.kind)
    .where(
        ServiceRequestAlert.request_id.in_(bindparam("ids", expanding=True)),
        ServiceRequestAlert.seen_at.is_(None),
    )
    .order_by(ServiceRequestAlert.created_at)
)


def kinds_on_case() -> ScalarSelect[str]:
    """The kinds of flags on each case of a SELECT, as text for `kinds_in`; nothing where there is none."""
    return (
        select(func.aggregate_strings(ServiceRequestAlert.kind, ","))
        .where(ServiceRequestAlert.request_id == ServiceRequest.id, ServiceRequestAlert.seen_at.is_(None))
        .scalar_subquery()
    )


def kinds_in(text: str | None) -> list[str]:
    """What `kinds_on_case` found: each kind once, always in the same order."""
    return [kind.value for kind in Kind if kind.value in text.split(",")] if text else []


def _for(official: Official) -> list[ColumnElement[bool]]:
    return [] if official.role is Role.ADMIN else [ServiceRequestAlert.role != Role.ADMIN.value]
