"""What changes service requests: drafts, filing once, the legal steps, replies, forgetting. Never commits."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from random import Random

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from civic.accounts.models import Official
from civic.audit.commands import record
from civic.conversation.models import Attachment
from civic.conversation.types import Reply, Turn
from civic.delivery.commands import tell
from civic.kit.files import FileStore
from civic.kit.ids import new_id
from civic.service_requests import queries, rules
from civic.service_requests.errors import (
    ChangedMeanwhile,
    NobodyToTell,
    NotConfirmed,
    OriginalNeeded,
    SaidAlready,
    UnknownServiceRequest,
)
from civic.service_requests.intake.state import Report, Step
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAttachment,
    ServiceRequestChange,
    ServiceRequestDraft,
    ServiceRequestMessage,
)
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

Say = Callable[..., str]
CONFIRMABLE = (Step.SUMMARY, Step.NAME)
TRIES = 8


# ------------------------------------------------------------------------------------------------- drafts


def begin_draft(session: Session, turn: Turn, report: Report) -> ServiceRequestDraft:
    """Keeps what was said so far, for a day at most; an earlier draft of the conversation gives way."""
    session.execute(
        delete(ServiceRequestDraft).where(ServiceRequestDraft.conversation_id == turn.conversation_id)
    )
    draft = ServiceRequestDraft(
        id=new_id(turn.now),
        conversation_id=turn.conversation_id,
        citizen_id=turn.citizen_id,
        state=report.model_dump(mode="json"),
        created_at=turn.now,
        updated_at=turn.now,
        expires_at=turn.now + rules.DRAFT_LIVES,
    )
    session.add(draft)
    session.flush()
    return draft


def keep_draft(session: Session, draft: ServiceRequestDraft, report: Report, now: datetime) -> None:
    """Replaces what is kept of a report in the making."""
    draft.state = report.model_dump(mode="json")
    draft.updated_at = now
    draft.expires_at = now + rules.DRAFT_LIVES
    session.flush()


def drop_draft(session: Session, draft: ServiceRequestDraft, files: FileStore) -> None:
    """Forgets a report that was not sent, and the photos that came with it."""
    photos = Report.model_validate(draft.state).photos
    session.delete(draft)
    session.flush()
    discard_photos(session, photos, files)


def discard_photos(session: Session, attachment_ids: Iterable[str], files: FileStore) -> None:
    """Deletes photos that belong to no case; the file goes with the row."""
    for attachment_id in attachment_ids:
        if not queries.is_filed(session, attachment_id):
            session.execute(delete(Attachment).where(Attachment.id == attachment_id))
            files.delete(attachment_id)


def purge_drafts(session: Session, now: datetime, files: FileStore) -> int:
    """Deletes the drafts whose day is over, with their photos; returns how many."""
    expired = session.scalars(select(ServiceRequestDraft).where(ServiceRequestDraft.expires_at <= now)).all()
    for draft in expired:
        drop_draft(session, draft, files)
    return len(expired)


# ------------------------------------------------------------------------------------------------- filing


def file(
    session: Session,
    draft: ServiceRequestDraft,
    report: Report,
    services: ServiceList,
    *,
    language: str,
    now: datetime,
    random: Random,
) -> ServiceRequest:
    """Makes a case of a confirmed draft; the same draft again gives the same case. The draft is gone then."""
    filed = queries.by_draft(session, draft.id)
    if filed is not None:
        return filed
    service = services.find(report.service_code)
    if service is None or report.description is None or report.step not in CONFIRMABLE:
        raise NotConfirmed("Only a report that was shown in full can be sent.")
    case = add_case(
        session,
        random,
        id=new_id(now),
        draft_id=draft.id,
        service_code=service.service_code,
        agency=service.agency,
        status=Status.SUBMITTED,
        description=report.description,
        address=report.address,
        lat=report.location.lat if report.location else None,
        long=report.location.long if report.location else None,
        attributes=dict(report.attributes),
        name=report.name,
        citizen_id=draft.citizen_id,
        conversation_id=draft.conversation_id,
        language=language,
        source="chat",
        requested_at=now,
        updated_at=now,
        expected_on=rules.expected_by(now, service.expected_days),
    )
    for position, attachment_id in enumerate(report.photos):
        case.attachments.append(ServiceRequestAttachment(attachment_id=attachment_id, position=position))
    _note_step(case, None, Status.SUBMITTED, "citizen", now)
    session.flush()
    record(
        session,
        "citizen",
        "citizen:file:service_request",
        case.id,
        {"number": case.service_request_id, "service_code": case.service_code},
        now,
    )
    session.delete(draft)
    session.flush()
    return case


def add_case(session: Session, random: Random, **columns: object) -> ServiceRequest:
    """Adds a case under a number that nobody has; where numbers get scarce they grow by a letter."""
    for attempt in range(TRIES):
        number = rules.new_tracking_number(random, rules.LENGTH + (attempt >= TRIES // 2))
        if queries.by_number(session, number) is not None:
            continue
        case = ServiceRequest(service_request_id=number, **columns)
        try:
            with session.begin_nested():
                session.add(case)
                session.flush()
        except IntegrityError:
            # Either the number was taken this very moment, or the draft was filed by a second tap.
            if queries.by_draft(session, str(columns["draft_id"])) is not None:
                raise
            continue
        return case
    raise RuntimeError("no free tracking number was found")


# ---------------------------------------------------------------------------------------- officials' work


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
    case = _open(session, official, service_request_id, expected_version)
    original = _original(session, official, case, duplicate_of) if target is Status.DUPLICATE else None
    source = case.status
    step = rules.move(source, target, official.role, message=message, original=original is not None)
    case.status = target
    case.duplicate_of = (
        original.id if original else (None if target is Status.REOPENED else case.duplicate_of)
    )
    change = _note_step(case, source, target, official.id, now)
    _touch(case, now)
    session.flush()
    text = (message or "").strip()
    if step.told:
        told = say(
            step.told,
            case.language,
            **_naming(case, services),
            original=original.service_request_id if original else "",
        )
        if text:
            told = say("service-requests-told-message", case.language, told=told, message=text)
        reached = _tell(session, case, told, f"service-request-step:{change.id}", now)
    else:
        reached = False
    if text:
        _add_message(case, official, text, internal=not step.told, told=reached, now=now)
    record(
        session,
        official,
        "official:move:service_request",
        case.id,
        {"number": case.service_request_id, "from": source.value, "to": target.value},
        now,
    )
    session.flush()
    return case


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
    case = _open(session, official, service_request_id, expected_version)
    if case.conversation_id is None:
        raise NobodyToTell(
            "The citizen's data was deleted, so a reply would reach nobody.", remedy="Write a note instead."
        )
    last = queries.last_public_message(session, case)
    if last is not None and last.text == text.strip():
        raise SaidAlready("This is word for word the last message in the thread.")
    message = _add_message(case, official, text, internal=False, told=True, now=now)
    _touch(case, now)
    session.flush()
    words = say("service-requests-told-reply", case.language, **_naming(case, services), message=message.text)
    message.told = _tell(session, case, words, f"service-request-reply:{message.id}", now)
    record(
        session,
        official,
        "official:answer:service_request",
        case.id,
        {"number": case.service_request_id, "message_id": message.id},
        now,
    )
    session.flush()
    return message


def add_note(
    session: Session, official: Official, service_request_id: str, text: str, now: datetime
) -> ServiceRequestMessage:
    """Keeps a note that only officials see."""
    case = _open(session, official, service_request_id, None)
    note = _add_message(case, official, text, internal=True, told=False, now=now)
    _touch(case, now)
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


def _open(
    session: Session, official: Official, service_request_id: str, expected_version: int | None
) -> ServiceRequest:
    case = queries.read(session, official, service_request_id, for_update=True)
    if expected_version is not None and case.version != expected_version:
        raise ChangedMeanwhile(
            f"It is at version {case.version}, and you read version {expected_version}.",
            remedy="Read it again, then repeat the step if it still makes sense.",
        )
    return case


def _original(
    session: Session, official: Official, case: ServiceRequest, number: str | None
) -> ServiceRequest | None:
    if not number:
        return None
    found = rules.find_tracking_number(number, bare=True) or number
    if found == case.service_request_id:
        raise OriginalNeeded("It cannot be a duplicate of itself.", remedy="Give the earlier one.")
    try:
        original = queries.read(session, official, found)
    except UnknownServiceRequest as error:
        raise OriginalNeeded(
            f"There is no service request {number[:20]!r}.", remedy="Give the number of the earlier one."
        ) from error
    if original.duplicate_of is not None:
        raise OriginalNeeded("That one is a duplicate itself.", remedy="Give the one it repeats.")
    return original


def _naming(case: ServiceRequest, services: ServiceList) -> dict[str, str]:
    return {
        "number": case.service_request_id,
        "type": services.name_of(case.service_code),
        "agency": services.agency_name(case.agency),
    }


def _tell(session: Session, case: ServiceRequest, text: str, dedupe_key: str, now: datetime) -> bool:
    if case.conversation_id is None:
        return False
    said = Reply(text=text, status="service_request_update")
    return tell(session, case.conversation_id, said, dedupe_key=dedupe_key, now=now)


def _note_step(
    case: ServiceRequest, source: Status | None, target: Status, actor: str, now: datetime
) -> ServiceRequestChange:
    change = ServiceRequestChange(id=new_id(now), source=source, target=target, actor=actor, created_at=now)
    case.changes.append(change)
    return change


def _add_message(
    case: ServiceRequest, official: Official, text: str, *, internal: bool, told: bool, now: datetime
) -> ServiceRequestMessage:
    message = ServiceRequestMessage(
        id=new_id(now),
        author="official",
        official_id=official.id,
        internal=internal,
        text=text.strip(),
        told=told,
        created_at=now,
    )
    case.messages.append(message)
    return message


def _touch(case: ServiceRequest, now: datetime) -> None:
    case.updated_at = max(now, case.updated_at)
    # The clock may stand still between two changes; the version counts them all the same.
    flag_modified(case, "updated_at")


# ------------------------------------------------------------------------------------------------ erasure


def erase_citizen(session: Session, citizen_id: str, now: datetime) -> None:
    """Takes the person out of their cases: drafts, name, own words, photos and the thread go.

    Type and place stay, so that the problem can still be fixed. Officials' replies go as well: they repeat
    what they answer.
    """
    session.execute(delete(ServiceRequestDraft).where(ServiceRequestDraft.citizen_id == citizen_id))
    for case in session.scalars(select(ServiceRequest).where(ServiceRequest.citizen_id == citizen_id)):
        case.name = None
        case.citizen_id = None
        case.conversation_id = None
        case.draft_id = None
        case.description = ""
        case.attributes = {}
        case.erased_at = now
        case.updated_at = max(now, case.updated_at)
        for table in (ServiceRequestMessage, ServiceRequestAttachment):
            session.execute(delete(table).where(table.request_id == case.id))
        session.expire(case, ["messages", "attachments"])
    session.flush()
