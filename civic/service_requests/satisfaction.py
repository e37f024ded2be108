"""After a solution: is it fixed? Not fixed opens it again; fixed asks for 1 to 5, and then why."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.conversation.types import Choice, Reply, Turn
from civic.kit.services import Services
from civic.service_requests import commands, rules, telling
from civic.service_requests.commands.parts import naming
from civic.service_requests.models import ServiceRequest, ServiceRequestVerdict
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList
from civic.service_requests.verdicts import ASKED_RATING, ASKED_WHY, RATING, SKIP, Answer

LONGEST_WHY = 1000


def said(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Takes "Fixed", "Not fixed" or "Different problem", pressed or typed, today or days later."""
    _, _, rest = (turn.choice or "").partition(":")
    row_id, _, answer = rest.partition(":")
    found = _own(session, turn, row_id)
    if found is None or answer not in list(Answer):
        return [_reply(services, turn, "verdict-gone")]
    row, case = found
    number = case.service_request_id
    if Answer(answer) is not Answer.DIFFERENT and _overtaken(session, row, case):
        now = _text(services, turn, f"status-{case.status.value}")
        return [_reply(services, turn, "verdict-overtaken", number=number, stands=now)]
    row.verdict, row.answered_at = answer, turn.now
    session.flush()
    record(
        session,
        "citizen",
        "citizen:judge:service_request",
        case.id,
        {"number": number, "verdict": answer},
        turn.now,
    )
    if answer == Answer.DIFFERENT:
        return [_reply(services, turn, "verdict-different", number=number)]
    if answer == Answer.NOT_FIXED:
        commands.reopen_by_citizen(session, case, turn.conversation_id, services, turn.now)
        return [_reply(services, turn, "verdict-not-fixed", telling.QUESTION, case=case)]
    if row.rating is not None:
        return [_reply(services, turn, "rating-known", number=number)]
    return [_ask_rating(services, turn, row, number)]


def rated(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Takes 1 to 5 and asks why, or takes the why."""
    _, _, rest = (turn.choice or "").partition(":")
    row_id, _, answer = rest.partition(":")
    found = _own(session, turn, row_id)
    if found is None:
        return [_reply(services, turn, "verdict-gone")]
    row, case = found
    number = case.service_request_id
    if answer in ("1", "2", "3", "4", "5"):
        row.rating, row.rated_at = int(answer), turn.now
        session.flush()
        record(
            session,
            "citizen",
            "citizen:rate:service_request",
            case.id,
            {"number": number, "rating": row.rating},
            turn.now,
        )
        skip = Choice(label=_text(services, turn, "button-skip-why"), value=f"{RATING}:{row.id}:{SKIP}")
        text = _text(services, turn, "ask-why", number=number)
        return [Reply(text=text, choices=[skip], status=ASKED_WHY)]
    if answer == "why" and turn.text and rules.says_something(turn.text):
        row.why = rules.cut(turn.text.strip(), LONGEST_WHY)[0]
        session.flush()
    return [_reply(services, turn, "rating-thanks", number=number)]


def _ask_rating(services: Services, turn: Turn, row: ServiceRequestVerdict, number: str) -> Reply:
    choices = [Choice(label=str(stars), value=f"{RATING}:{row.id}:{stars}") for stars in range(1, 6)]
    choices.append(
        Choice(label=_text(services, turn, "button-skip-rating"), value=f"{RATING}:{row.id}:{SKIP}")
    )
    return Reply(
        text=_text(services, turn, "ask-rating", number=number), choices=choices, status=ASKED_RATING
    )


def _own(session: Session, turn: Turn, row_id: str) -> tuple[ServiceRequestVerdict, ServiceRequest] | None:
    """The row, if it is this citizen's; and the case, held until the transaction ends."""
    row = session.get(ServiceRequestVerdict, row_id)
    if row is None or row.conversation_id != turn.conversation_id:
        return None
    case = session.get(ServiceRequest, row.request_id, with_for_update=True, populate_existing=True)
    return (row, case) if case is not None else None


def _overtaken(session: Session, row: ServiceRequestVerdict, case: ServiceRequest) -> bool:
    """Whether the case has moved on since: what is said of an earlier solution changes nothing any more."""
    latest = next((one.id for one in reversed(case.changes) if one.target is Status.RESOLVED), None)
    return case.status not in (Status.RESOLVED, Status.CLOSED) or latest != row.change_id


def _text(services: Services, turn: Turn, key: str, **args: object) -> str:
    return services.text(f"service-requests-{key}", turn.language, **args)


def _reply(
    services: Services,
    turn: Turn,
    key: str,
    status: str | None = None,
    case: ServiceRequest | None = None,
    **args: object,
) -> Reply:
    if case is not None:
        args |= naming(case, services.get(ServiceList))
    return Reply(text=_text(services, turn, key, **args), status=status)
