"""Officials' work on a case: the legal steps, replies to the citizen, notes among officials."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.audit.commands import record
from civic.conversation.types import Choice
from civic.delivery.rules import News
from civic.service_requests import alerts, deadlines, queries, rules, telling, verdicts
from civic.service_requests.commands.parts import (
    Say,
    add_message,
    naming,
    note_step,
    open_case,
    original_of,
    touch,
)
from civic.service_requests.desk.webhooks import announce
from civic.service_requests.errors import NobodyToTell, SaidAlready
from civic.service_requests.models import ServiceRequest, ServiceRequestMessage
from civic.service_requests.queries import Subscriber
from civic.service_requests.rules import Status, Transition
from civic.service_requests.services import ServiceList


def change_status(
    session: Session,
    official: Official,
    service_request_id: str,
    target: Status,
    *,
    services: ServiceList,
    say: Say,
    now: datetime,
    message: str | None = None,
    duplicate_of: str | None = None,
    expected_version: int | None = None,
) -> ServiceRequest:
    """Takes one legal step, tells the citizen what the table of steps says, and notes who did it."""
    case = open_case(session, official, service_request_id, expected_version)
    original = original_of(session, official, case, duplicate_of) if target is Status.DUPLICATE else None
    source = case.status
    step = rules.move(source, target, official.role, message=message, original=original is not None)
    case.status = target
    case.duplicate_of = (
        original.id if original else (None if target is Status.REOPENED else case.duplicate_of)
    )
    deadlines.note_step(case, target, services.calendar, now)
    deadlines.recompute(case, services)
    change = note_step(case, source, target, official.id, now)
    touch(case, now)
    session.flush()
    text = (message or "").strip()
    reached = bool(step.told) and _tell_step(
        session, case, step, change.id, text, original, services, say, now
    )
    if text:
        add_message(case, official, text, internal=not step.told, told=reached, now=now)
    alerts.see(session, official, case, now, worked=True)
    record(
        session,
        official,
        "official:move:service_request",
        case.id,
        {"number": case.service_request_id, "from": source.value, "to": target.value},
        now,
    )
    announce(session, case, "status_changed", now)
    session.flush()
    return case


def _tell_step(
    session: Session,
    case: ServiceRequest,
    step: Transition,
    change_id: str,
    text: str,
    original: ServiceRequest | None,
    services: ServiceList,
    say: Say,
    now: datetime,
) -> bool:
    """Tells everybody who follows the case what the table of steps says; a solution is asked about."""

    def words(one: Subscriber) -> str:
        reporter = telling.is_reporter(case, one)
        key = step.told or ""
        if step.target is Status.WAITING_FOR_CITIZEN and not reporter:
            return say("service-requests-told-waiting-for-reporter", one.language, **naming(case, services))
        told = say(
            key,
            one.language,
            **naming(case, services),
            original=original.service_request_id if original else "",
        )
        if text and (reporter or not telling.names_the_reporter(case, text)):
            told = say("service-requests-told-message", one.language, told=told, message=text)
        if step.target is Status.RESOLVED:
            told = say("service-requests-told-ask-verdict", one.language, told=told)
        return told

    def choices(one: Subscriber) -> list[Choice]:
        if step.target is not Status.RESOLVED:
            return []
        return verdicts.question(session, case, change_id, one, say, now)

    return telling.tell_followers(
        session,
        case,
        words,
        f"service-request-step:{change_id}",
        telling.NEWS.get(step.target, News.STEP),
        now,
        choices=choices,
        status={
            Status.WAITING_FOR_CITIZEN: telling.QUESTION,
            Status.RESOLVED: verdicts.ASKED_VERDICT,
        }.get(step.target, telling.UPDATE),
    )


def reply(
    session: Session,
    official: Official,
    service_request_id: str,
    text: str,
    *,
    services: ServiceList,
    say: Say,
    now: datetime,
    expected_version: int | None = None,
) -> ServiceRequestMessage:
    """Writes to the citizen in the channel they used; refused when nobody is left to read it."""
    case = open_case(session, official, service_request_id, expected_version)
    if case.conversation_id is None:
        raise NobodyToTell(
            "The citizen's data was deleted, so a reply would reach nobody.", remedy="Write a note instead."
        )
    last = queries.last_public_message(session, case)
    if last is not None and last.text == text.strip():
        raise SaidAlready("This is word for word the last message in the thread.")
    message = add_message(case, official, text, internal=False, told=True, now=now)
    touch(case, now)
    session.flush()
    message.told = telling.tell_followers(
        session,
        case,
        lambda one: say(
            "service-requests-told-reply", one.language, **naming(case, services), message=message.text
        ),
        f"service-request-reply:{message.id}",
        News.QUESTION,
        now,
        status=telling.QUESTION,
        only_reporter=True,
    )
    alerts.see(session, official, case, now, worked=True)
    record(
        session,
        official,
        "official:answer:service_request",
        case.id,
        {"number": case.service_request_id, "message_id": message.id},
        now,
    )
    announce(session, case, "answered", now)
    session.flush()
    return message


def add_note(
    session: Session, official: Official, service_request_id: str, text: str, now: datetime
) -> ServiceRequestMessage:
    """Keeps a note that only officials see."""
    case = open_case(session, official, service_request_id, None)
    note = add_message(case, official, text, internal=True, told=False, now=now)
    touch(case, now)
    session.flush()
    record(
        session,
        official,
        "official:note:service_request",
        case.id,
        {"number": case.service_request_id, "message_id": note.id},
        now,
    )
    return note
