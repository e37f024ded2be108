"""By when a case should be solved: working days of the town, by type and priority, without the pauses."""

from __future__ import annotations

from datetime import date, datetime

from civic.service_requests.calendar import Calendar
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import Priority, Status
from civic.service_requests.services import Service, ServiceList


def days_for(service: Service, priority: Priority) -> int:
    """How many working days a case of this type and priority may take.

    Where the type does not say: half of the usual time when it is urgent, one day in an emergency.
    """
    match priority:
        case Priority.NORMAL:
            return service.expected_days
        case Priority.HIGH:
            return service.high_days or max(1, service.expected_days // 2)
        case Priority.EMERGENCY:
            return service.emergency_days or 1


def promised(service: Service, calendar: Calendar, now: datetime) -> date:
    """The day that a citizen is told who reports something now."""
    return calendar.after(calendar.day(now), days_for(service, Priority.NORMAL))


def note_step(case: ServiceRequest, target: Status, calendar: Calendar, now: datetime) -> None:
    """What a step means for the clock: it stops for the citizen's turn, and begins anew when reopened."""
    if case.paused_at is not None and target is not Status.WAITING_FOR_CITIZEN:
        case.paused_days += calendar.between(calendar.day(case.paused_at), calendar.day(now))
        case.paused_at = None
    if target is Status.WAITING_FOR_CITIZEN and case.paused_at is None:
        case.paused_at = now
    if target is Status.REOPENED:
        case.counted_from, case.paused_days = now, 0


def recompute(case: ServiceRequest, services: ServiceList) -> bool:
    """Sets the expected day anew, and says whether it changed; a new day has had no escalation yet.

    A type that left the list leaves the day as it is.
    """
    service = services.find(case.service_code)
    if service is None:
        return False
    days, calendar = days_for(service, case.priority) + case.paused_days, services.calendar
    due = calendar.after(calendar.day(case.counted_from or case.requested_at), days)
    if due == case.expected_on:
        return False
    case.expected_on, case.escalated = due, 0
    return True
