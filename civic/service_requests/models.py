"""Tables of service requests: the case, its thread, its history, its photos, and reports in the making."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Enum, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.kit.db import Base, UtcDateTime
from civic.service_requests.rules import Status


def _status_type() -> Enum:
    return Enum(
        Status, native_enum=False, length=24, values_callable=lambda kinds: [kind.value for kind in kinds]
    )


class ServiceRequest(Base):
    """One case. `service_request_id` is its tracking number; `version` goes up with every change."""

    __tablename__ = "service_requests"
    __table_args__ = (
        Index("ix_service_requests_requested_at", "requested_at", "id"),
        Index("ix_service_requests_updated_at", "updated_at", "id"),
        Index("ix_service_requests_expected_on", "expected_on", "id"),
        Index("ix_service_requests_status_requested_at", "status", "requested_at"),
        Index("ix_service_requests_service_code_requested_at", "service_code", "requested_at"),
        Index("ix_service_requests_agency_requested_at", "agency", "requested_at"),
        Index("ix_service_requests_assignee_id_requested_at", "assignee_id", "requested_at"),
        Index("ix_service_requests_place", "lat", "long"),
        # Covers what the overview counts.
        Index("ix_service_requests_counts", "status", "agency", "service_code", "expected_on"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    service_request_id: Mapped[str] = mapped_column(String(12), unique=True)
    # The draft it was made of: filing the same draft twice files it once. Drafts are gone by then, so no key.
    draft_id: Mapped[str | None] = mapped_column(String(26), unique=True)
    service_code: Mapped[str] = mapped_column(String(50))
    agency: Mapped[str] = mapped_column(String(50))
    status: Mapped[Status] = mapped_column(_status_type())
    description: Mapped[str] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(String(200))
    lat: Mapped[float | None] = mapped_column(Float)
    long: Mapped[float | None] = mapped_column(Float)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    name: Mapped[str | None] = mapped_column(String(80))
    citizen_id: Mapped[str | None] = mapped_column(ForeignKey("citizens.id", ondelete="SET NULL"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    language: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16), default="chat")
    # What anybody may see besides type, status and times: `nothing`, `place` or `words`.
    shown: Mapped[str] = mapped_column(String(8), default="place")
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expected_on: Mapped[date] = mapped_column(Date)
    # The official who deals with it; officials are disabled, never deleted.
    assignee_id: Mapped[str | None] = mapped_column(String(26))
    duplicate_of: Mapped[str | None] = mapped_column(
        ForeignKey("service_requests.id", ondelete="SET NULL"), index=True
    )
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own form

    messages: Mapped[list[ServiceRequestMessage]] = relationship(
        order_by="(ServiceRequestMessage.created_at, ServiceRequestMessage.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    changes: Mapped[list[ServiceRequestChange]] = relationship(
        order_by="(ServiceRequestChange.created_at, ServiceRequestChange.id)",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    attachments: Mapped[list[ServiceRequestAttachment]] = relationship(
        order_by="ServiceRequestAttachment.position", cascade="all, delete-orphan", passive_deletes=True
    )


class ServiceRequestMessage(Base):
    """One message of the thread. `author`: citizen or official. `internal`: the citizen never sees it."""

    __tablename__ = "service_request_messages"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("service_requests.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(16))
    # Which citizen wrote it: the one who reported, or one who joined. Their erasure takes it out.
    citizen_id: Mapped[str | None] = mapped_column(String(26), index=True)
    official_id: Mapped[str | None] = mapped_column(String(26))
    internal: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(Text)
    # Whether it was put into the outbox; False when nobody was left to tell.
    told: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceRequestChange(Base):
    """One step of the status; the first has no source."""

    __tablename__ = "service_request_changes"
    __table_args__ = (Index("ix_service_request_changes_target_created_at", "target", "created_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("service_requests.id", ondelete="CASCADE"), index=True)
    source: Mapped[Status | None] = mapped_column(_status_type())
    target: Mapped[Status] = mapped_column(_status_type())
    # An official's id, `citizen` or `system`.
    actor: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceRequestAttachment(Base):
    """A photo of a case; its bytes lie in the file store under `attachment_id`."""

    __tablename__ = "service_request_attachments"

    request_id: Mapped[str] = mapped_column(
        ForeignKey("service_requests.id", ondelete="CASCADE"), primary_key=True
    )
    attachment_id: Mapped[str] = mapped_column(
        ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column()


class ServiceRequestJoiner(Base):
    """A citizen who has the same problem: told what the one who reported it is told, counted, never named."""

    __tablename__ = "service_request_joiners"

    request_id: Mapped[str] = mapped_column(
        ForeignKey("service_requests.id", ondelete="CASCADE"), primary_key=True
    )
    citizen_id: Mapped[str] = mapped_column(
        ForeignKey("citizens.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str] = mapped_column(String(16))
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceRequestReceipt(Base):
    """The way back to a report that nobody is behind: a code, of which only a salted hash is kept."""

    __tablename__ = "service_request_receipts"

    request_id: Mapped[str] = mapped_column(
        ForeignKey("service_requests.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceRequestDraft(Base):
    """A report in the making, one a conversation: all that is kept before the citizen agrees, for a day."""

    __tablename__ = "service_request_drafts"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), unique=True
    )
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
