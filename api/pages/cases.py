"""Words and looks of cases that several pages share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from markupsafe import Markup
from sqlalchemy.orm import Session

from api.pages.shell import pages
from civic.service_requests.desk import queries as desk
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


_STATUS_TAGS = {
    status: f'<span class="tag {_LOOKS.get(status, "")}">{words}</span>'
    for status, words in STATUS_WORDS.items()
}


class Tagged(Protocol):
    """A case, or a line of a list."""

    @property
    def status(self) -> Status: ...
    @property
    def priority(self) -> Priority: ...
    @property
    def expected_on(self) -> date: ...


def names_of(session: Session) -> dict[str, str]:
    """The name of every official, by id."""
    return desk.names(session)


def tags(case: Tagged, today: date, kinds: Sequence[str]) -> Markup:
    """The marks of a case: what it is flagged for, its priority, its status, how late it is.

    Words of ours alone, so nothing in it has to be escaped; a macro takes ten times as long.
    """
    found = [f'<span class="tag late">{ALERT_WORDS[kind]}</span>' for kind in kinds]
    if case.priority is not Priority.NORMAL:
        found.append(f'<span class="tag warm">{PRIORITY_WORDS[case.priority]}</span>')
    found.append(_STATUS_TAGS[case.status])
    if late := days_late(case, today):
        found.append(f'<span class="tag late">{late} day{"s" if late != 1 else ""} late</span>')
    return Markup(" ".join(found))


def days_late(case: Tagged, today: date) -> int:
    """How many days the expected day is over; 0 when it is not, or while nobody here is to act."""
    return max(0, (today - case.expected_on).days) if case.status in RUNNING else 0


pages.globals.update(
    tags=tags,
    is_open=OPEN,
    verdict_words=VERDICT_WORDS,
)
