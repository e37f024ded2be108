"""What citizens say of a solution, as it is asked, kept and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from civic.conversation.types import Choice
from civic.kit.ids import new_id
from civic.service_requests.models import ServiceRequest, ServiceRequestVerdict
from civic.service_requests.queries import Subscriber
from civic.service_requests.rules import Status

# The first part of the buttons' values.
VERDICT, RATING, SKIP = "verdict", "rating", "skip"
# How the questions are marked; the words that answer them may be typed.
ASKED_VERDICT, ASKED_RATING, ASKED_WHY = (
    "service_request_verdict",
    "service_request_rating",
    "service_request_why",
)
ANSWERS_FOR = timedelta(days=30)


class Answer(StrEnum):
    """What a citizen can say of a solution."""

    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    DIFFERENT = "different"


def question(
    session: Session,
    case: ServiceRequest,
    change_id: str,
    one: Subscriber,
    say: Callable[..., str],
    now: datetime,
) -> list[Choice]:
    """The buttons that ask one follower, whose answer is kept under a row of its own."""
    row = ServiceRequestVerdict(
        id=new_id(now),
        request_id=case.id,
        change_id=change_id,
        citizen_id=one.citizen_id,
        conversation_id=one.conversation_id,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    return [
        Choice(
            label=say(f"service-requests-button-verdict-{answer.value.replace('_', '-')}", one.language),
            # What begins a report is a report's beginning, whatever button it was.
            intent="report_problem" if answer is Answer.DIFFERENT else "choose",
            value=f"{VERDICT}:{row.id}:{answer.value}",
        )
        for answer in Answer
    ]


def waiting(session: Session, conversation_id: str, now: datetime) -> ServiceRequestVerdict | None:
    """The question that a conversation heard last and has not answered; old ones are let go."""
    return session.scalar(
        select(ServiceRequestVerdict)
        .where(
            ServiceRequestVerdict.conversation_id == conversation_id,
            ServiceRequestVerdict.verdict.is_(None),
            ServiceRequestVerdict.asked_at > now - ANSWERS_FOR,
        )
        .order_by(ServiceRequestVerdict.asked_at.desc(), ServiceRequestVerdict.id.desc())
        .limit(1)
    )


def ratings_of(session: Session, case: ServiceRequest) -> Sequence[ServiceRequestVerdict]:
    """What citizens said of the solutions of a case, oldest first."""
    if not any(change.target is Status.RESOLVED for change in case.changes):
        return []
    return session.scalars(
        select(ServiceRequestVerdict)
        .where(ServiceRequestVerdict.request_id == case.id, ServiceRequestVerdict.verdict.is_not(None))
        .order_by(ServiceRequestVerdict.answered_at, ServiceRequestVerdict.id)
    ).all()


def erase_citizen(session: Session, citizen_id: str) -> None:
    """Forgets a citizen's verdicts; a rating stays as a number that nobody is behind."""
    own = ServiceRequestVerdict.citizen_id == citizen_id
    session.execute(delete(ServiceRequestVerdict).where(own, ServiceRequestVerdict.rating.is_(None)))
    session.execute(
        update(ServiceRequestVerdict).where(own).values(citizen_id=None, conversation_id=None, why=None)
    )
