"""The tables of enquiries and of officials' answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.contact.rules import State
from civic.kit.db import Base, UtcDateTime


class Enquiry(Base):
    """One message to the officials from somebody who asked for a person."""

    __tablename__ = "enquiries"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default=State.NEW.value, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    replies: Mapped[list[EnquiryReply]] = relationship(order_by="EnquiryReply.id", passive_deletes=True)


class EnquiryReply(Base):
    """What an official answered."""

    __tablename__ = "enquiry_replies"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    enquiry_id: Mapped[str] = mapped_column(ForeignKey("enquiries.id", ondelete="CASCADE"), index=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("officials.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
