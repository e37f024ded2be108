"""The outbox: one row for each message that still has to leave, written with the decision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class Delivery(Base):
    """One copy of a message on its way to one address.

    `state`: `pending`, `sending` (claimed until `claimed_until`), `sent`, `undeliverable`.
    `lane`: `reply` (the citizen waits) goes before `push`; `urgent` is a push that goes with the replies.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("conversation_id", "dedupe_key"),
        Index("ix_deliveries_state_lane_due", "state", "lane", "due_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    message_id: Mapped[str] = mapped_column(
        ForeignKey("outbound_messages.id", ondelete="CASCADE"), unique=True
    )
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    address_id: Mapped[str] = mapped_column(
        ForeignKey("channel_addresses.id", ondelete="CASCADE"), index=True
    )
    dedupe_key: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(16))
    lane: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(64))


class NotificationPreference(Base):
    """What a citizen wants to be told unasked: `everything` (as without a row), `result`, `nothing`."""

    __tablename__ = "notification_preferences"

    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), primary_key=True)
    wish: Mapped[str] = mapped_column(String(12))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
