"""Tables of service requests: the case, its thread, its history, its photos, and reports in the making."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Date,
    Enum,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from civic.kit.db import Base, UtcDateTime
from civic.service_requests.rules import ENDED, OPEN, Priority, Status


def _status_type() -> Enum:
    return Enum(
        Status, native_enum=False, length=24, values_callable=lambda kinds: [kind.value for kind in kinds]
    )


def _priority_type() -> Enum:
    return Enum(
        Priority, native_enum=False, length=12, values_callable=lambda kinds: [kind.value for kind in kinds]
    )


def _of_open(name: str, *columns: str) -> Index:
    """An index of open cases alone: they are few, however many there ever were.

    It is used where a SELECT says `queries.is_open`, in these very words.
    """
    return _of(OPEN, f"open_{name}", *columns)


def _of(statuses: Iterable[Status], name: str, *columns: str) -> Index:
    where = text(f"status IN ({', '.join(repr(status.value) for status in statuses)})")
    return Index(f"ix_service_requests_{name}", *columns, sqlite_where=where, postgresql_where=where)


class ServiceRequest(Base):
    """One case. `service_request_id` is its tracking number; `version` goes up with every change."""

    __tablename__ = "service_requests"
    __table_args__ = (
        # What a list filters by is read from the index, however deep the page.
        Index("ix_service_requests_requested_at", "requested_at", "id", "status", "service_code"),
        Index("ix_service_requests_updated_at", "updated_at", "id"),
        Index("ix_service_requests_expected_on", "expected_on", "id"),
        Index("ix_service_requests_status_requested_at", "status", "requested_at"),
        Index(
            "ix_service_requests_service_code_requested_at", "service_code", "requested_at", "id", "status"
        ),
        Index("ix_service_requests_agency_requested_at", "agency", "requested_at", "id"),
        Index("ix_service_requests_area", "area", "requested_at", "id"),
        Index("ix_service_requests_assignee_id_requested_at", "assignee_id", "requested_at"),
        Index("ix_service_requests_place", "lat", "long", "requested_at"),
        # Covers what the overview counts.
        Index("ix_service_requests_counts", "status", "agency", "service_code", "expected_on"),
        _of_open("expected", "expected_on", "id", "status"),
        _of_open("requested", "requested_at", "id"),
        _of_open("agency", "agency", "expected_on", "id", "status"),
        _of_open("agency_requested", "agency", "requested_at", "id"),
        _of_open("assignee", "assignee_id", "expected_on", "id", "agency"),
        _of_open("area", "area", "expected_on", "id", "agency"),
        _of_open("place", "lat", "long"),
        # A late page of closed ones counts its way there, and looks at nobody's status meanwhile.
        _of(ENDED, "ended_requested", "requested_at", "id"),
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
    # The name of the area that the place lies in; none without a place, or where no area was drawn.
    area: Mapped[str | None] = mapped_column(String(80))
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
    # What the expected day follows from: how urgent it is, since when it counts (none: since it came), and
    # the working days for which it was the citizen's turn; `paused_at`: it is their turn since then.
    priority: Mapped[Priority] = mapped_column(_priority_type(), default=Priority.NORMAL)
    counted_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_days: Mapped[int] = mapped_column(default=0)
    # How many steps of escalation this expected day has had.
    escalated: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # SQLAlchemy's own form

    if TYPE_CHECKING:
        # How many citizens joined it; set below the table of those who did.
        joiners_count: Mapped[int]

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
    __table_args__ = (
        Index("ix_service_request_changes_target_created_at", "target", "created_at"),
        # With what a list asks of a case's history: when it ended.
        Index("ix_service_request_changes_request_id", "request_id", "target", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("service_requests.id", ondelete="CASCADE"))
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


# Read when it is asked for: lists do without it.
ServiceRequest.joiners_count = column_property(
    select(func.count())
    .select_from(ServiceRequestJoiner)
    .where(ServiceRequestJoiner.request_id == ServiceRequest.id)
    .correlate_except(ServiceRequestJoiner)
    .scalar_subquery(),
    deferred=True,
)


class ServiceRequestReceipt(Base):
    """The way back to a report that nobody is behind: a code, of which only a salted hash is kept."""

    __tablename__ = "service_request_receipts"

    request_id: Mapped[str] = mapped_column(
        ForeignKey("service_requests.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceRequestAlert(Base):
    """Something that an official must not miss: a flag in the inbox until somebody has seen it."""

    __tablename__ = "service_request_alerts"
    __table_args__ = (
        UniqueConstraint("request_id", "key"),
        Index("ix_service_request_alerts_seen_at", "seen_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("service_requests.id", ondelete="CASCADE"))
    # citizen_wrote, not_fixed or late.
    kind: Mapped[str] = mapped_column(String(16))
    # The same occasion is never told twice.
    key: Mapped[str] = mapped_column(String(64))
    # Whose role it waits for, and the official who had the case then; none: whoever of the department.
    role: Mapped[str] = mapped_column(String(16))
    official_id: Mapped[str | None] = mapped_column(String(26))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by: Mapped[str | None] = mapped_column(String(26))


class ServiceRequestVerdict(Base):
    """What a citizen says of a solution: asked with it, answered later or never; then 1 to 5, and why."""

    __tablename__ = "service_request_verdicts"
    __table_args__ = (
        UniqueConstraint("change_id", "conversation_id"),
        Index("ix_service_request_verdicts_rated_at", "rated_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("service_requests.id", ondelete="CASCADE"), index=True)
    # The step that solved it.
    change_id: Mapped[str] = mapped_column(String(26))
    citizen_id: Mapped[str | None] = mapped_column(ForeignKey("citizens.id", ondelete="SET NULL"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # fixed, not_fixed, different; none while there is no answer.
    verdict: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rating: Mapped[int | None] = mapped_column()
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    why: Mapped[str | None] = mapped_column(Text)


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
