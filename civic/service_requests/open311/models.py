"""Tables of the doors for other systems: keys, what came through them, and who is behind it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime
from civic.service_requests.models import ServiceRequestChange, ServiceRequestMessage


class Open311Key(Base):
    """A key by which another system may send requests; the key itself is kept nowhere."""

    __tablename__ = "open311_keys"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    key_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The minute that is being counted, and how many calls it has seen.
    minute: Mapped[datetime | None] = mapped_column(UtcDateTime)
    calls: Mapped[int] = mapped_column(default=0)


class Open311Request(Base):
    """What only the standard knows of a request: its token, the sender's key, what is public of it."""

    __tablename__ = "open311_requests"
    __table_args__ = (UniqueConstraint("token"),)

    request_id: Mapped[str] = mapped_column(
        ForeignKey("service_requests.id", ondelete="CASCADE"), primary_key=True
    )
    key_id: Mapped[str | None] = mapped_column(ForeignKey("open311_keys.id", ondelete="SET NULL"), index=True)
    token: Mapped[str] = mapped_column(String(64))
    # The words for everybody: personal data was taken out when they came, since looking for it takes long.
    description: Mapped[str | None] = mapped_column(Text)
    address_id: Mapped[str | None] = mapped_column(String(100))
    media_url: Mapped[str | None] = mapped_column(Text)


class Open311Update(Base):
    """Another system's own id of an update that it sent, so that sending it again adds nothing."""

    __tablename__ = "open311_updates"
    __table_args__ = (UniqueConstraint("key_id", "external_id"),)

    message_id: Mapped[str] = mapped_column(
        ForeignKey("service_request_messages.id", ondelete="CASCADE"), primary_key=True
    )
    key_id: Mapped[str] = mapped_column(ForeignKey("open311_keys.id", ondelete="CASCADE"))
    external_id: Mapped[str] = mapped_column(String(100))


class ServiceRequestContact(Base):
    """Who reported, as another system told us: for the responsible department and nobody else."""

    __tablename__ = "service_request_contacts"

    request_id: Mapped[str] = mapped_column(
        ForeignKey("service_requests.id", ondelete="CASCADE"), primary_key=True
    )
    first_name: Mapped[str | None] = mapped_column(String(80))
    last_name: Mapped[str | None] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(40))
    account_id: Mapped[str | None] = mapped_column(String(100))
    device_id: Mapped[str | None] = mapped_column(String(100))


# What the lists of the standard search by, beside the desk's own indexes.
Index("ix_service_request_changes_created_at", ServiceRequestChange.created_at, ServiceRequestChange.id)
Index("ix_service_request_messages_created_at", ServiceRequestMessage.created_at, ServiceRequestMessage.id)
