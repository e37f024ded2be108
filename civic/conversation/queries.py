"""Every SELECT about conversations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from civic.conversation.models import (
    ActionResult,
    Attachment,
    ChannelAddress,
    ChoiceToken,
    Conversation,
    InboundRecord,
    OutboundRecord,
)


def address_of(session: Session, channel: str, address: str) -> ChannelAddress | None:
    """The row of a channel's address."""
    return session.scalar(
        select(ChannelAddress).where(ChannelAddress.channel == channel, ChannelAddress.address == address)
    )


def conversation_at(session: Session, channel: str, address: str) -> Conversation | None:
    """The conversation at a channel's address."""
    return session.scalar(
        select(Conversation)
        .join(ChannelAddress, ChannelAddress.id == Conversation.address_id)
        .where(ChannelAddress.channel == channel, ChannelAddress.address == address)
    )


def conversation(session: Session, conversation_id: str) -> Conversation | None:
    """The conversation with an id."""
    return session.get(Conversation, conversation_id)


def successor(session: Session, address_id: str | None) -> Conversation | None:
    """The conversation that now takes place at an address."""
    return session.scalar(select(Conversation).where(Conversation.address_id == address_id))


def address_for(session: Session, conversation_id: str) -> ChannelAddress | None:
    """The address at which a conversation takes place."""
    return session.scalar(
        select(ChannelAddress)
        .join(Conversation, Conversation.address_id == ChannelAddress.id)
        .where(Conversation.id == conversation_id)
    )


def inbound(session: Session, conversation_id: str, message_id: str) -> InboundRecord | None:
    """The stored message with a channel's message id."""
    return session.scalar(
        select(InboundRecord).where(
            InboundRecord.conversation_id == conversation_id, InboundRecord.message_id == message_id
        )
    )


def received_since(session: Session, conversation_id: str, since: datetime) -> int:
    """How many messages came in since a time."""
    count = session.scalar(
        select(func.count())
        .select_from(InboundRecord)
        .where(InboundRecord.conversation_id == conversation_id, InboundRecord.received_at > since)
    )
    return count or 0


_THIS = (
    select(InboundRecord.id)
    .where(
        InboundRecord.conversation_id == bindparam("conversation_id"),
        InboundRecord.message_id == bindparam("message_id"),
    )
    .scalar_subquery()
)
_BEFORE = (
    select(InboundRecord.payload)
    .where(InboundRecord.conversation_id == bindparam("conversation_id"), InboundRecord.id < _THIS)
    .order_by(InboundRecord.id.desc())
    .limit(bindparam("most"))
)


def texts_before(session: Session, conversation_id: str, message_id: str, most: int) -> list[str]:
    """What was typed in up to `most` messages before the one with a channel's message id, oldest first.

    None before one that is not stored.
    """
    asked = {"conversation_id": conversation_id, "message_id": message_id, "most": most}
    payloads = session.scalars(_BEFORE, asked).all()
    return [str(payload["text"]) for payload in reversed(payloads) if payload.get("text")]


def unanswered(session: Session, now: datetime, limit: int = 50) -> Sequence[InboundRecord]:
    """Messages whose turn failed or was cut off, and whose time to be tried again has come."""
    return session.scalars(
        select(InboundRecord)
        .where(InboundRecord.state.in_(("received", "failed")), InboundRecord.due_at <= now)
        .order_by(InboundRecord.due_at)
        .limit(limit)
    ).all()


def replies_to(session: Session, inbound_id: str) -> Sequence[OutboundRecord]:
    """What was answered to a message, in order."""
    return session.scalars(
        select(OutboundRecord).where(OutboundRecord.in_reply_to == inbound_id).order_by(OutboundRecord.seq)
    ).all()


def messages_since(
    session: Session, conversation_id: str, seq: int, limit: int = 200
) -> Sequence[OutboundRecord]:
    """Messages to the citizen after number `seq`, in order; at most `limit`, the newest ones."""
    rows = session.scalars(
        select(OutboundRecord)
        .where(OutboundRecord.conversation_id == conversation_id, OutboundRecord.seq > seq)
        .order_by(OutboundRecord.seq.desc())
        .limit(limit)
    ).all()
    return rows[::-1]


def last_seqs(session: Session, conversation_ids: Iterable[str]) -> dict[str, int]:
    """The number of the last message of each conversation that still exists."""
    rows = session.execute(
        select(Conversation.id, Conversation.last_seq).where(Conversation.id.in_(list(conversation_ids)))
    )
    return dict(rows.all())


def transcript(
    session: Session, conversation_id: str, limit: int = 200
) -> tuple[Sequence[InboundRecord], Sequence[OutboundRecord]]:
    """Both sides of a conversation, the newest `limit` of each, oldest first."""
    incoming = session.scalars(
        select(InboundRecord)
        .where(InboundRecord.conversation_id == conversation_id)
        .order_by(InboundRecord.id.desc())
        .limit(limit)
    ).all()
    return incoming[::-1], messages_since(session, conversation_id, 0, limit)


def choice(session: Session, conversation_id: str, token: str) -> ChoiceToken | None:
    """What a token stands for in this conversation."""
    return session.scalar(
        select(ChoiceToken).where(ChoiceToken.token == token, ChoiceToken.conversation_id == conversation_id)
    )


def action_result(
    session: Session, conversation_id: str, message_id: str, action: str, ordinal: int
) -> ActionResult | None:
    """What an action already did for a message."""
    return session.get(ActionResult, (conversation_id, message_id, action, ordinal))


def attachment(session: Session, conversation_id: str, attachment_id: str) -> Attachment | None:
    """An attachment of this conversation."""
    row = session.get(Attachment, attachment_id)
    return row if row is not None and row.conversation_id == conversation_id else None


def attachments_of(session: Session, citizen_id: str) -> Sequence[Attachment]:
    """Every attachment that a citizen sent."""
    return session.scalars(
        select(Attachment)
        .join(Conversation, Conversation.id == Attachment.conversation_id)
        .where(Conversation.citizen_id == citizen_id)
    ).all()


def last_seqs_at(session: Session, channel: str, addresses: Iterable[str]) -> dict[str, int]:
    """The number of the last message at each address of a channel where somebody has written."""
    rows = session.execute(
        select(ChannelAddress.address, Conversation.last_seq)
        .join(Conversation, Conversation.address_id == ChannelAddress.id)
        .where(ChannelAddress.channel == channel, ChannelAddress.address.in_(list(addresses)))
    )
    return dict(rows.all())


def inbound_with_ids(session: Session, ids: Iterable[str]) -> Sequence[InboundRecord]:
    """The stored messages with these row ids, oldest first."""
    return session.scalars(
        select(InboundRecord).where(InboundRecord.id.in_(list(ids))).order_by(InboundRecord.id)
    ).all()


def choice_labels(session: Session, conversation_id: str, tokens: Iterable[str]) -> dict[str, str]:
    """What the buttons with these tokens said."""
    rows = session.execute(
        select(ChoiceToken.token, ChoiceToken.label).where(
            ChoiceToken.conversation_id == conversation_id, ChoiceToken.token.in_(list(tokens))
        )
    )
    return dict(rows.all())


def attachments_since(session: Session, conversation_id: str, since: datetime) -> int:
    """How many attachments a conversation has got since a time."""
    count = session.scalar(
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.conversation_id == conversation_id, Attachment.created_at > since)
    )
    return count or 0
