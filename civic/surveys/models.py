"""Tables of surveys: files as last read, published versions that never change, sessions and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
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
    """A survey under its lasting id; `withdrawn_at` is set while its file is gone from the folder."""

    __tablename__ = "surveys"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    current: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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

    `state`: `open`, `paused`, `completed`, `declined` or `stopped`. `respondent` is set while the session
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
        Index("ix_survey_sessions_survey_id_state", "survey_id", "state"),
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


class SurveyAnswer(Base):
    """One answer of a session; a skipped question has the value null."""

    __tablename__ = "survey_answers"

    session_id: Mapped[str] = mapped_column(
        ForeignKey("survey_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(64), primary_key=True)
    ordinal: Mapped[int] = mapped_column()
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveyParticipation(Base):
    """Somebody has answered a survey: a keyed hash of who, kept apart from what.

    Without a row id, so that not even the order of rows says which answers came with it.
    """

    __tablename__ = "survey_participations"
    __table_args__ = {"sqlite_with_rowid": False}

    survey_id: Mapped[str] = mapped_column(ForeignKey("surveys.id", ondelete="CASCADE"), primary_key=True)
    respondent: Mapped[str] = mapped_column(String(64), primary_key=True)
