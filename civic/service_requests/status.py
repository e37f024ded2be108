"""Tells citizens how their reports stand: all of it to whoever reported, the status alone to others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Reply, Turn
from civic.kit.services import Services
from civic.service_requests import queries, receipts, rules
from civic.service_requests.models import ServiceRequest
from civic.service_requests.services import ServiceList

PREFIX = "service-requests-"
BUTTON = "report_status"
SHOWN = 8
LONGEST_QUOTE = 300


def check(session: Session, turn: Turn, services: Services) -> Reply:
    """Answers "what about FM-7K3Q9" and "my reports"."""
    number = rules.find_tracking_number(turn.text or "", bare=True)
    if number is not None:
        return of_number(session, services, turn, number)
    cases, count = queries.own(session, turn.citizen_id, SHOWN)
    if count == 1:
        return of_number(session, services, turn, cases[0].service_request_id)
    return _mine(services, turn.language, cases, count)


def pressed(session: Session, turn: Turn, services: Services) -> Reply:
    """Answers a button of the list of one's own reports."""
    return of_number(session, services, turn, (turn.choice or "").partition(":")[2])


def of_number(session: Session, services: Services, turn: Turn, number: str) -> Reply:
    """How the report with a number stands."""
    case = queries.by_number(session, number)
    if case is None:
        return Reply(text=_text(services, turn.language, "status-unknown", number=number), status="unknown")
    if case.citizen_id is not None and case.citizen_id == turn.citizen_id:
        return _own(session, services, turn.language, case)
    if queries.joiner(session, case, turn.citizen_id) is not None:
        return _joined(services, turn.language, case)
    found = receipts.find(turn.text or turn.choice or "")
    kept = queries.receipt(session, case) if found and found[0] == case.service_request_id else None
    if found and kept and receipts.fits(found[1], case.id, kept.code_hash):
        return _own(session, services, turn.language, case, receipts.written(number, found[1]))
    if found and kept:
        text = _text(services, turn.language, "receipt-wrong", number=number)
        return Reply(text=text, status="unknown")
    return _public(services, turn.language, case)


def day(moment: date) -> date:
    """The day of a moment; the catalogue writes it as people of the language do."""
    return date(moment.year, moment.month, moment.day)


def _text(services: Services, language: str, key: str, **args: object) -> str:
    return services.text(PREFIX + key, language, **args)


def _named(services: Services, case: ServiceRequest) -> str:
    return services.get(ServiceList).name_of(case.service_code)


def _own(
    session: Session, services: Services, language: str, case: ServiceRequest, receipt: str = ""
) -> Reply:
    details = []
    if case.address:
        details.append(_text(services, language, "status-own-place", place=case.address))
    if case.status in rules.OPEN:
        details.append(_text(services, language, "status-own-expected", date=day(case.expected_on)))
    message = queries.last_public_message(session, case)
    if message is not None:
        details.append(
            _text(
                services,
                language,
                "status-own-message",
                agency=services.get(ServiceList).agency_name(case.agency),
                date=day(message.created_at),
                text=rules.cut(message.text, LONGEST_QUOTE)[0],
            )
        )
    text = _text(
        services,
        language,
        "status-own",
        number=case.service_request_id,
        type=_named(services, case),
        status=_text(services, language, f"status-{case.status.value}"),
        since=day(case.changes[-1].created_at if case.changes else case.requested_at),
        details="\n".join(details),
    )
    others = queries.joiner_counts(session, [case.id]).get(case.id, 0)
    if others:
        text = f"{text.strip()}\n{_text(services, language, 'status-joiners', others=others)}"
    # With a receipt the buttons carry it: there is no other proof that the case is theirs.
    named = receipt or case.service_request_id
    choices = [Choice(label=_text(services, language, "button-comment"), value=f"{BUTTON}:comment:{named}")]
    if case.status in rules.OPEN:
        label = _text(services, language, "button-withdraw")
        choices.append(Choice(label=label, value=f"{BUTTON}:withdraw:{named}"))
    return Reply(text=text.strip(), choices=choices, status="service_request_status")


def _joined(services: Services, language: str, case: ServiceRequest) -> Reply:
    reply = _public(services, language, case, "status-joined")
    number = case.service_request_id
    choices = [
        Choice(label=_text(services, language, f"button-{what}"), value=f"{BUTTON}:{what}:{number}")
        for what in ("comment", "leave")
    ]
    return reply.model_copy(update={"choices": choices})


def _public(
    services: Services, language: str, case: ServiceRequest, sentence: str = "status-public"
) -> Reply:
    waiting = case.status is rules.Status.WAITING_FOR_CITIZEN
    key = "status-waiting-public" if waiting else f"status-{case.status.value}"
    text = _text(
        services,
        language,
        sentence,
        number=case.service_request_id,
        type=_named(services, case),
        status=_text(services, language, key),
        date=day(case.requested_at),
    )
    return Reply(text=text, status="service_request_status")


def _mine(services: Services, language: str, cases: Sequence[ServiceRequest], count: int) -> Reply:
    if not cases:
        return Reply(text=_text(services, language, "no-reports"))
    lines = [
        _text(
            services,
            language,
            "my-reports-line",
            number=case.service_request_id,
            type=_named(services, case),
            status=_text(services, language, f"status-{case.status.value}"),
        )
        for case in cases
    ]
    key = "my-reports" if count <= len(cases) else "my-reports-more"
    head = _text(services, language, key, count=count)
    choices = [
        Choice(label=case.service_request_id, value=f"{BUTTON}:{case.service_request_id}") for case in cases
    ]
    return Reply(text="\n".join([head, *lines]), choices=choices)
