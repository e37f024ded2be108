"""Files what other systems send, takes their updates, forgets who is behind them. Never commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from random import Random

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.conversation.commands import add_attachment, open_conversation
from civic.conversation.models import Conversation
from civic.kit.ids import fingerprint, new_id, new_secret
from civic.kit.images import CleanImage
from civic.service_requests import commands as cases
from civic.service_requests import deadlines
from civic.service_requests.calendar import Calendar
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAttachment,
    ServiceRequestChange,
    ServiceRequestMessage,
)
from civic.service_requests.open311 import queries, rules, updates
from civic.service_requests.open311.errors import refuse
from civic.service_requests.open311.models import (
    Open311Key,
    Open311Request,
    Open311Update,
    ServiceRequestContact,
)
from civic.service_requests.open311.submission import Submission
from civic.service_requests.rules import Status


def file_submission(
    session: Session,
    key: Open311Key,
    sent: Submission,
    photos: Sequence[tuple[str, CleanImage]],
    *,
    public: str,
    language: str,
    calendar: Calendar,
    now: datetime,
    random: Random,
) -> tuple[ServiceRequest, bool]:
    """Makes a case of what another system sent, and says whether it is new.

    The same token with the same key again gives the same case, so that a lost reply can be asked for again.
    `public` is the description without personal data, which is what everybody sees of it.
    """
    if sent.token and (found := queries.sent_as(session, sent.token)):
        earlier, sending = found
        if sending.key_id != key.id:
            raise refuse(400, "This token was used by another system.")
        return earlier, False
    conversation = _open(session, key, sent, language, now)
    case = cases.add_case(
        session,
        random,
        id=new_id(now),
        draft_id=None,
        service_code=sent.service.service_code,
        agency=sent.agency,
        status=Status.SUBMITTED,
        description=sent.description,
        address=sent.address,
        lat=sent.lat,
        long=sent.long,
        area=sent.area,
        attributes=dict(sent.attributes),
        name=sent.name,
        citizen_id=conversation.citizen_id,
        conversation_id=conversation.id,
        language=language,
        source=rules.SOURCE,
        # Who sends to a public interface knows that it is public; a private type is hidden all the same.
        shown=rules.Shown.WORDS.value,
        requested_at=now,
        updated_at=now,
        expected_on=deadlines.promised(sent.service, calendar, now),
    )
    for position, (attachment_id, image) in enumerate(photos):
        add_attachment(session, conversation.id, attachment_id, image, now)
        case.attachments.append(ServiceRequestAttachment(attachment_id=attachment_id, position=position))
    case.changes.append(
        ServiceRequestChange(
            id=new_id(now), source=None, target=Status.SUBMITTED, actor="citizen", created_at=now
        )
    )
    session.add(
        Open311Request(
            request_id=case.id,
            key_id=key.id,
            token=sent.token or new_secret(24),
            description=public,
            address_id=sent.address_id,
            media_url=sent.media_url,
        )
    )
    if any(sent.contact.values()):
        session.add(ServiceRequestContact(request_id=case.id, **sent.contact))
    session.flush()
    record(
        session,
        "citizen",
        "citizen:file:service_request",
        case.id,
        {"number": case.service_request_id, "service_code": case.service_code, "open_key": key.id},
        now,
    )
    return case, True


def _open(session: Session, key: Open311Key, sent: Submission, language: str, now: datetime) -> Conversation:
    """The conversation with who reports: replies are kept in it until the other system fetches them.

    Whoever comes again with the same account, address or number is the same person, so that deleting their
    data finds all of it. Who says nothing about themselves is somebody new each time.
    """
    told = sent.contact.get("account_id") or sent.contact.get("email") or sent.contact.get("phone")
    person = fingerprint(told.casefold()) if told else new_secret(24)
    return open_conversation(session, rules.CHANNEL, f"{key.id}:{person}", language, now)


def add_update(
    session: Session, key: Open311Key, number: str, text: str, external_id: str | None, now: datetime
) -> tuple[str, bool]:
    """Adds what a citizen wrote elsewhere to the thread of their request; the same update counts once.

    Returns the update's id, and whether it is new. Only the system that sent a request may add to it.
    """
    found = queries.sent_with(session, number)
    if found is None:
        raise refuse(404, "There is no request with this service_request_id.")
    case, sent_with = found
    if sent_with != key.id:
        raise refuse(403, "This request did not come with this api_key.")
    if external_id and (known := updates.update_sent(session, key.id, external_id)):
        return known, False
    message = ServiceRequestMessage(
        id=new_id(now),
        request_id=case.id,
        author="citizen",
        internal=False,
        text=text,
        told=False,
        created_at=now,
    )
    session.add(message)
    case.updated_at = max(now, case.updated_at)
    session.flush()
    if external_id:
        session.add(Open311Update(message_id=message.id, key_id=key.id, external_id=external_id))
        session.flush()
    record(
        session,
        "citizen",
        "citizen:update:service_request",
        case.id,
        {"number": case.service_request_id, "message_id": message.id},
        now,
    )
    return message.id, True


def erase_citizen(session: Session, citizen_id: str, now: datetime) -> None:
    """Deletes contact details, public words and links to media of a citizen's requests.

    It runs before the cases themselves forget whose they were.
    """
    own = select(ServiceRequest.id).where(ServiceRequest.citizen_id == citizen_id)
    session.execute(delete(ServiceRequestContact).where(ServiceRequestContact.request_id.in_(own)))
    session.execute(
        update(Open311Request)
        .where(Open311Request.request_id.in_(own))
        .values(description=None, media_url=None, address_id=None)
        .execution_options(synchronize_session=False)
    )
