"""What becomes of a case that is late: first its own officials are told, then the next role, once a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civic.accounts.rules import Role
from civic.audit.commands import record
from civic.service_requests import alerts
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import RUNNING, Priority
from civic.service_requests.services import ServiceList


@dataclass(frozen=True)
class Escalation:
    """Who is told when a case is late by more than so many working days."""

    to: Role
    after: Mapping[Priority, int]


# The whole policy at once, in the order of the steps.
ESCALATIONS = (
    Escalation(Role.AGENT, {Priority.NORMAL: 0, Priority.HIGH: 0, Priority.EMERGENCY: 0}),
    Escalation(Role.ADMIN, {Priority.NORMAL: 5, Priority.HIGH: 2, Priority.EMERGENCY: 1}),
)
AT_ONCE = 200


def steps_due(working_days_late: int, priority: Priority) -> int:
    """How many steps a case that is so late should have had."""
    return sum(working_days_late > step.after[priority] for step in ESCALATIONS)


def escalate(session: Session, services: ServiceList, now: datetime, after: str = "") -> tuple[int, str]:
    """Takes the steps that are due for some late cases; how many, and the case to go on after ("": done).

    What was done is noted with the case, so that a restart, a second process or a clock that jumps back
    does not do it again; a step is never taken before the one below it.
    """
    today = services.calendar.day(now)
    cases = session.scalars(
        select(ServiceRequest)
        .where(
            ServiceRequest.status.in_(RUNNING),
            ServiceRequest.expected_on < today,
            ServiceRequest.escalated < len(ESCALATIONS),
            ServiceRequest.id > after,
        )
        .order_by(ServiceRequest.id)
        .limit(AT_ONCE)
    ).all()
    taken = 0
    for case in cases:
        late = services.calendar.between(case.expected_on, today)
        for step in range(case.escalated, steps_due(late, case.priority)):
            taken += _take(session, case, step, now)
    return taken, cases[-1].id if len(cases) == AT_ONCE else ""


def _take(session: Session, case: ServiceRequest, step: int, now: datetime) -> bool:
    # Not through the mapped object: that would count as a change under the eyes of an official.
    changed = session.execute(
        update(ServiceRequest)
        .where(
            ServiceRequest.id == case.id,
            ServiceRequest.escalated == step,
            ServiceRequest.expected_on == case.expected_on,
        )
        .values(escalated=step + 1)
        .execution_options(synchronize_session=False)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        return False
    to = ESCALATIONS[step].to
    key = f"late:{case.expected_on.isoformat()}:{step + 1}"
    if not alerts.alert(session, case, alerts.Kind.LATE, key, now, to):
        return False
    record(
        session,
        "system",
        "system:escalate:service_request",
        case.id,
        {"number": case.service_request_id, "step": step + 1, "to": to.value},
        now,
    )
    return True
