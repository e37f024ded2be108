"""The tables of feedback, of the talk in which it is given, and of officials' answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.feedback.rules import State
from civic.kit.db import Base, UtcDateTime


class Feedback(Base):
    """One citizen's opinion or suggestion."""

    __tablename__ = "feedback"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(String(16))
    rating: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(16), default=State.NEW.value, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    replies: Mapped[list[FeedbackReply]] = relationship(order_by="FeedbackReply.id", passive_deletes=True)


class FeedbackReply(Base):
    """What an official answered."""

    __tablename__ = "feedback_replies"

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    feedback_id: Mapped[str] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"), index=True)
    official_id: Mapped[str] = mapped_column(ForeignKey("officials.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FeedbackTalk(Base):
    """Where a citizen is in giving feedback; a conversation has at most one such talk."""

    __tablename__ = "feedback_talks"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[str] = mapped_column(String(16))
    # Set as soon as there is a text: leaving half-way does not lose it.
    feedback_id: Mapped[str | None] = mapped_column(ForeignKey("feedback.id", ondelete="CASCADE"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
