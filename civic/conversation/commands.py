"""What changes a conversation: receiving once, answering in order, forgetting."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Table, bindparam, exists, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.conversation import queries, rules
from civic.conversation.errors import TooManyMessages, UnknownConversation
from civic.conversation.models import (
    ActionResult,
    Attachment,
    ChannelAddress,
    ChoiceToken,
    Citizen,
    Conversation,
    InboundRecord,
    OutboundRecord,
)
from civic.conversation.types import InboundMessage, Reply
from civic.kit.db import insert_once
from civic.kit.ids import new_id
from civic.kit.images import CleanImage

# A turn that has neither an answer nor a failure after this time was cut off by a crash.
TURN_LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Received:
    """A stored message; `fresh` is False when it had been received before."""

    conversation: Conversation
    record: InboundRecord
    fresh: bool


def open_conversation(
    session: Session, channel: str, address: str, language: str, now: datetime
) -> Conversation:
    """The conversation at an address, made with its citizen when somebody writes for the first time."""
    found = queries.conversation_at(session, channel, address)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            citizen = Citizen(id=new_id(now), created_at=now, language=language)
            session.add(citizen)
            session.flush()
            row = ChannelAddress(
                id=new_id(now), citizen_id=citizen.id, channel=channel, address=address, state="active"
            )
            session.add(row)
            session.flush()
            conversation = Conversation(
                id=new_id(now),
                address_id=row.id,
                citizen_id=citizen.id,
                created_at=now,
                last_active_at=now,
                last_seq=0,
            )
            session.add(conversation)
            session.flush()
        return conversation
    except IntegrityError:  # two first messages at once: the other one made it
        found = queries.conversation_at(session, channel, address)
        if found is None:
            raise
        return found


def receive(
    session: Session,
    message: InboundMessage,
    *,
    at: Conversation | None = None,
    language: str,
    per_minute: int,
    now: datetime,
) -> Received:
    """Stores a message once; the same channel message id again gives the stored one.

    `at` is its conversation, where the caller has looked for it already.
    Raises `TooManyMessages` when the citizen sends more than `per_minute`.
    """
    conversation = at or open_conversation(session, message.channel, message.address, language, now)
    record = InboundRecord(
        id=new_id(now),
        conversation_id=conversation.id,
        message_id=message.message_id,
        payload=message.model_dump(mode="json", exclude_none=True, exclude={"address"}),
        state="received",
        attempts=0,
        received_at=now,
        due_at=now + TURN_LEASE,
    )
    values = {column.key: getattr(record, column.key) for column in InboundRecord.__mapper__.column_attrs}
    if not insert_once(session, InboundRecord, **values):
        known = queries.inbound(session, conversation.id, message.message_id)
        assert known is not None
        return Received(conversation, known, fresh=False)
    # Counted with this one: what is over the limit is rolled back by the caller.
    if queries.received_since(session, conversation.id, now - timedelta(minutes=1)) > per_minute:
        raise TooManyMessages(retry_after=60)
    return Received(conversation, record, fresh=True)


def append(
    session: Session,
    conversation_id: str,
    replies: Sequence[Reply],
    *,
    now: datetime,
    in_reply_to: str | None = None,
) -> list[OutboundRecord]:
    """Adds messages to the citizen under the next numbers, with a fresh token for each button."""
    if not replies:
        return []
    return _append(session, conversation_id, replies, now, in_reply_to, {})


def _append(
    session: Session,
    conversation_id: str,
    replies: Sequence[Reply],
    now: datetime,
    in_reply_to: str | None,
    also: dict[str, Any],
) -> list[OutboundRecord]:
    """Adds messages, changing `also` of the conversation in the same statement."""
    last = session.scalar(
        update(Conversation)
        .where(Conversation.id == conversation_id)
        .values(last_seq=Conversation.last_seq + len(replies), **also)
        .returning(Conversation.last_seq)
        .execution_options(synchronize_session=False)
    )
    if last is None:
        raise UnknownConversation
    buttons: list[dict[str, Any]] = []
    rows = [
        OutboundRecord(
            id=new_id(now),
            conversation_id=conversation_id,
            seq=seq,
            in_reply_to=in_reply_to,
            payload=_payload(conversation_id, reply, now, buttons),
            created_at=now,
        )
        for seq, reply in enumerate(replies, start=last - len(replies) + 1)
    ]
    if buttons:
        session.execute(insert(ChoiceToken), buttons)
    if rows:
        names = [column.key for column in OutboundRecord.__mapper__.column_attrs]
        session.execute(
            insert(OutboundRecord), [{name: getattr(row, name) for name in names} for row in rows]
        )
    return rows


def _payload(
    conversation_id: str, reply: Reply, now: datetime, buttons: list[dict[str, Any]]
) -> dict[str, Any]:
    """What is stored of a reply; what its buttons stand for is added to `buttons`."""
    payload = reply.model_dump(mode="json", exclude={"choices"})
    payload["choices"] = []
    for choice in reply.choices:
        token = secrets.token_urlsafe(9)
        buttons.append(
            {
                "token": token,
                "conversation_id": conversation_id,
                "label": choice.label,
                "intent": choice.intent,
                "value": choice.value,
                "created_at": now,
            }
        )
        payload["choices"].append({"label": choice.label, "token": token})
    return payload


def answer(
    session: Session,
    record_id: str,
    replies: Sequence[Reply],
    *,
    loop: str | None,
    now: datetime,
) -> list[OutboundRecord]:
    """Marks a message answered and appends its replies; a message answered already stays as it is."""
    conversation_id = session.scalar(
        update(InboundRecord)
        .where(InboundRecord.id == record_id, InboundRecord.state != "answered")
        .values(state="answered")
        .returning(InboundRecord.conversation_id)
        .execution_options(synchronize_session=False)
    )
    if conversation_id is None:  # answered before, or its citizen deleted everything in this very turn
        return list(queries.replies_to(session, record_id))
    also = {"active_loop": loop, "last_active_at": now}
    return _append(session, conversation_id, replies, now, record_id, also)


def fail(
    session: Session, record_id: str, apology: Reply, *, now: datetime
) -> tuple[list[OutboundRecord], Literal["failed", "given_up"]]:
    """Keeps a message whose turn failed to be tried again; the first failure is told to the citizen."""
    record = session.get(InboundRecord, record_id)
    if record is None:
        return [], "given_up"
    record.attempts += 1
    wait = rules.retry_after(record.attempts)
    if wait is None:
        record.state = "given_up"
        return [], "given_up"
    record.state = "failed"
    record.due_at = now + wait
    if record.attempts > 1:
        return [], "failed"
    return append(session, record.conversation_id, [apology], now=now, in_reply_to=record_id), "failed"


def claim(session: Session, record: InboundRecord, now: datetime) -> bool:
    """Takes a message for another try; False when somebody else has it."""
    taken = session.execute(
        update(InboundRecord)
        .where(
            InboundRecord.id == record.id,
            InboundRecord.state.in_(("received", "failed")),
            InboundRecord.due_at == record.due_at,
        )
        .values(due_at=now + TURN_LEASE)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


_RESULTS = cast(Table, ActionResult.__table__)
_NOTE = _RESULTS.insert().from_select(
    _RESULTS.columns.keys(),
    select(*(bindparam(column.key, type_=column.type) for column in _RESULTS.columns)).where(
        exists().where(Conversation.id == bindparam("conversation_id"))
    ),
)


def remember_result(
    session: Session,
    conversation_id: str,
    message_id: str,
    action: str,
    ordinal: int,
    result: dict[str, Any],
    now: datetime,
) -> None:
    """Writes down what an action did, in the action's own transaction.

    Of a conversation that the action itself deleted nothing is written.
    """
    session.execute(
        _NOTE,
        {
            "conversation_id": conversation_id,
            "message_id": message_id,
            "action": action,
            "ordinal": ordinal,
            "result": result,
            "created_at": now,
        },
    )


def set_reachable(session: Session, channel: str, address: str, reachable: bool, now: datetime) -> None:
    """Remembers that a citizen shut us out, or let us in again."""
    row = queries.address_of(session, channel, address)
    if row is not None:
        row.state = "active" if reachable else "blocked"
        row.state_changed_at = now


def add_attachment(
    session: Session, conversation_id: str, attachment_id: str, image: CleanImage, now: datetime
) -> Attachment:
    """Notes a cleaned photo; its bytes are stored under `attachment_id` by the caller."""
    row = Attachment(
        id=attachment_id,
        conversation_id=conversation_id,
        media_type=image.media_type,
        size=len(image.data),
        width=image.width,
        height=image.height,
        lat=image.taken_at[0] if image.taken_at else None,
        long=image.taken_at[1] if image.taken_at else None,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row
