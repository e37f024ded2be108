"""Words and looks of cases that several pages share."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from api.pages.shell import pages
from civic.service_requests.desk import queries as desk
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import ENDED, OPEN, RUNNING, Priority, Status

STATUS_WORDS = {
    Status.SUBMITTED: "New",
    Status.ACKNOWLEDGED: "Acknowledged",
    Status.IN_PROGRESS: "In progress",
    Status.WAITING_FOR_CITIZEN: "Waiting for citizen",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
    Status.REJECTED: "Rejected",
    Status.DUPLICATE: "Duplicate",
    Status.REOPENED: "Reopened",
}
STEP_WORDS = {
    Status.ACKNOWLEDGED: "Acknowledge",
    Status.IN_PROGRESS: "Start work",
    Status.WAITING_FOR_CITIZEN: "Ask the citizen",
    Status.RESOLVED: "Resolve",
    Status.CLOSED: "Close the file",
    Status.REJECTED: "Reject",
    Status.DUPLICATE: "Mark as duplicate",
    Status.REOPENED: "Reopen",
}
PRIORITY_WORDS = {Priority.NORMAL: "Normal", Priority.HIGH: "High", Priority.EMERGENCY: "Emergency"}
ALERT_WORDS = {"citizen_wrote": "Citizen wrote", "not_fixed": "Not fixed", "late": "Escalated"}
VERDICT_WORDS = {"fixed": "fixed", "not_fixed": "not fixed", "different": "a different problem"}
_LOOKS: dict[Status, str] = {
    Status.SUBMITTED: "",
    Status.REOPENED: "warm",
    Status.WAITING_FOR_CITIZEN: "warm",
    Status.RESOLVED: "good",
    **{status: "done" for status in ENDED if status is not Status.RESOLVED},
}


def names_of(session: Session) -> dict[str, str]:
    """The name of every official, by id."""
    return desk.names(session)


def days_late(case: ServiceRequest, today: date) -> int:
    """How many days the expected day is over; 0 when it is not, or while nobody here is to act."""
    return max(0, (today - case.expected_on).days) if case.status in RUNNING else 0


pages.globals.update(
    days_late=days_late,
    status_look=lambda status: _LOOKS.get(status, ""),
    is_open=OPEN,
    priority_words=PRIORITY_WORDS,
    alert_words=ALERT_WORDS,
    verdict_words=VERDICT_WORDS,
)
