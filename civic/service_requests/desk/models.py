"""Tables of the desk: saved filters, reply templates, requests that were sent twice, webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class SavedFilter(Base):
    """A filter of the inbox that an official keeps under a name."""

    __tablename__ = "service_request_filters"
    __table_args__ = (UniqueConstraint("official_id", "name"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("officials.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    # As it stands in the address of the inbox.
    query: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReplyTemplate(Base):
    """Words that are written often. With a status they are sent with that step if nothing else is said."""

    __tablename__ = "service_request_templates"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    text: Mapped[str] = mapped_column(Text)
    # Empty: for every department, every type, no step.
    agency: Mapped[str | None] = mapped_column(String(50))
    service_code: Mapped[str | None] = mapped_column(String(50))
    status: Mapped[str | None] = mapped_column(String(24))
    created_by: Mapped[str] = mapped_column(String(26))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IdempotencyKey(Base):
    """A request that a program may send twice, and the answer it got."""

    __tablename__ = "idempotency_keys"

    official_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Of method, address and body: the same key for something else is a mistake.
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column()
    headers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    body: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Webhook(Base):
    """An address of another system that hears of changes; its deliveries are signed with the secret."""

    __tablename__ = "service_request_webhooks"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(64))
    # Empty: every department's cases.
    agency: Mapped[str | None] = mapped_column(String(50))
    created_by: Mapped[str] = mapped_column(String(26))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookDelivery(Base):
    """One event on its way to one webhook; sent until it is taken, or given up after a day."""

    __tablename__ = "service_request_webhook_deliveries"
    __table_args__ = (Index("ix_service_request_webhook_deliveries_due", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    webhook_id: Mapped[str] = mapped_column(
        ForeignKey("service_request_webhooks.id", ondelete="CASCADE"), index=True
    )
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    # pending, sent or failed.
    state: Mapped[str] = mapped_column(String(8), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The status of the last answer; none where nobody answered.
    answered: Mapped[int | None] = mapped_column()
