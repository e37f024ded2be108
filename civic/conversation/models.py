"""Tables of the conversation: who talks where, what came in once, what was said in order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class Citizen(Base):
    """A person as far as we know one: somebody who writes from one or more addresses."""

    __tablename__ = "citizens"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(String(16))


class ChannelAddress(Base):
    """Where a citizen can be reached; `state` is `active` or `blocked` (they shut us out)."""

    __tablename__ = "channel_addresses"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16), default="active")
    state_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Conversation(Base):
    """The talk at one address; its id is what Rasa knows as the sender."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    address_id: Mapped[str] = mapped_column(
        ForeignKey("channel_addresses.id", ondelete="CASCADE"), unique=True
    )
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_active_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seq: Mapped[int] = mapped_column(default=0)
    active_loop: Mapped[str | None] = mapped_column(String(64))


class InboundRecord(Base):
    """A message that came in, stored once.

    `state`: `received` (not answered yet), `failed` (a turn went wrong, will be tried again),
    `answered`, or `given_up`.
    """

    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_id"),
        Index("ix_inbound_messages_state_due", "state", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutboundRecord(Base):
    """A message to the citizen, numbered within its conversation from 1."""

    __tablename__ = "outbound_messages"
    __table_args__ = (UniqueConstraint("conversation_id", "seq"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column()
    in_reply_to: Mapped[str | None] = mapped_column(
        ForeignKey("inbound_messages.id", ondelete="CASCADE"), index=True
    )
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChoiceToken(Base):
    """What a button's token stands for; it works in its own conversation only."""

    __tablename__ = "choice_tokens"

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    label: Mapped[str] = mapped_column(Text)
    intent: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ActionResult(Base):
    """What an action did for a message, written in the action's own transaction.

    When Rasa forgets a turn (killed before it saved), the message is sent again and finds
    its result here instead of acting twice.
    """

    __tablename__ = "action_results"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    action: Mapped[str] = mapped_column(String(64), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Attachment(Base):
    """A photo that a citizen sent, cleaned; the bytes lie in the file store under `id`."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    media_type: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column()
    width: Mapped[int] = mapped_column()
    height: Mapped[int] = mapped_column()
    # Where the camera says it was, until the citizen has been asked; the file itself says nothing.
    lat: Mapped[float | None] = mapped_column(Float)
    long: Mapped[float | None] = mapped_column(Float)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TrackerSnapshot(Base):
    """What the dialogue server remembers of a conversation; only it reads and writes the events.

    It has no foreign key: the server saves once more after the turn in which a citizen was forgotten.
    """

    __tablename__ = "rasa_tracker_snapshots"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    events: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
