"""Tables of surveys: files as last read, published versions that never change, sessions and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime


class SurveyFile(Base):
    """A file of the surveys folder as it was last read: its content's hash, and what is wrong with it."""

    __tablename__ = "survey_files"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    survey_id: Mapped[str | None] = mapped_column(String(60))
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Survey(Base):
    """A survey under its lasting id; `withdrawn_at` is set while its file is gone from the folder.

    `origin` says who keeps it: `folder` (a file of the surveys folder) or `desk` (the officials' pages).
    `opens` and `closes` were set by an official and go before those of the file.
    """

    __tablename__ = "surveys"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    current: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    origin: Mapped[str] = mapped_column(String(8), default="folder", server_default="folder")
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opens: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closes: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SurveyVersion(Base):
    """A definition as published under a number; it is never changed, so running sessions keep theirs."""

    __tablename__ = "survey_versions"

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_hash: Mapped[str] = mapped_column(String(64))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveySession(Base):
    """One citizen's way through one version.

    `state`: `open`, `paused`, `completed`, `declined`, `stopped`, `expired` or
    `screened` (a quota was full). `respondent` is set while the session
    can go on, so that nobody has two of them. A completed session of an anonymous survey has no citizen,
    no conversation, no telling id and no time of day; until then, `messages` names the messages in which
    it was answered, which are blanked in the end.
    """

    __tablename__ = "survey_sessions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["survey_id", "version"],
            ["survey_versions.survey_id", "survey_versions.number"],
            name="fk_survey_sessions_survey_id_version",
        ),
        UniqueConstraint("survey_id", "respondent"),
        Index("ix_survey_sessions_survey_id_state", "survey_id", "state", "last_question"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    survey_id: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    citizen_id: Mapped[str | None] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), index=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    respondent: Mapped[str | None] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    position: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    last_question: Mapped[str | None] = mapped_column(String(64))
    messages: Mapped[list[str]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The completed session whose answers are being gone through again; it counts until this one is complete.
    edits: Mapped[str | None] = mapped_column(String(26))


class SurveyAnswer(Base):
    """One answer of a session; a skipped question has the value null."""

    __tablename__ = "survey_answers"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("survey_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    ordinal: Mapped[int] = mapped_column()
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    # The citizen's own words beside the choice Other.
    other: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveyParticipation(Base):
    """Somebody has answered a survey: a keyed hash of who, kept apart from what.

    Without a row id, so that not even the order of rows says which answers came with it.
    """

    __tablename__ = "survey_participations"
    __table_args__ = {"sqlite_with_rowid": False}

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    respondent: Mapped[str] = mapped_column(String(64), primary_key=True)


class SurveySubscription(Base):
    """A citizen who wants to be told of new surveys, and the conversation in which they said so."""

    __tablename__ = "survey_subscriptions"

    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveyInvitation(Base):
    """A subscriber who is (`sent_at`) or will be invited to a survey, once; it says nothing of answers."""

    __tablename__ = "survey_invitations"
    __table_args__ = (Index("ix_survey_invitations_sent_at", "sent_at"),)

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizens.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Why nothing was sent: `answered`, `closed`, `unwanted` or `unsubscribed`.
    skipped: Mapped[str | None] = mapped_column(String(16))


class SurveyQuota(Base):
    """How many completed sessions with an answer are wanted, and how many there are."""

    __tablename__ = "survey_quotas"

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[str] = mapped_column(String(64), primary_key=True)
    wanted: Mapped[int] = mapped_column()
    reached: Mapped[int] = mapped_column(default=0)
