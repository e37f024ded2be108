"""Tables of knowledge: documents in versions, their passages, and what citizens asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    Date,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from civic.kit.db import Base, UtcDateTime

ONE_CURRENT = text("state = 'current'")


class Document(Base):
    """One version of a document; `state` is `current`, `replaced`, `removed` (withdrawn) or `expired`.

    `key` is the name that all versions share, `id` belongs to this version alone, so that a
    citation keeps showing the very text that was quoted.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        # Two imports of the same file at once: the database lets one of them win.
        Index(
            "uq_documents_current_key",
            "key",
            unique=True,
            sqlite_where=ONE_CURRENT,
            postgresql_where=ONE_CURRENT,
        ),
        Index("ix_documents_state_title", "state", "title"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    key: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(300))
    section: Mapped[str | None] = mapped_column(String(120))
    date: Mapped[dt.date | None] = mapped_column(Date)
    valid_until: Mapped[dt.date | None] = mapped_column(Date)
    author: Mapped[str | None] = mapped_column(String(120))
    url: Mapped[str | None] = mapped_column(String(500))
    language: Mapped[str] = mapped_column(String(16))
    format: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(1000))
    content_hash: Mapped[str] = mapped_column(String(64))
    encoder: Mapped[str] = mapped_column(String(64))
    passage_count: Mapped[int]
    imported_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # Why it was withdrawn, as the official or the import said it.
    reason: Mapped[str | None] = mapped_column(String(300))


class Passage(Base):
    """A piece of a document of about a hundred words: what is found, quoted and linked to."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("document_id", "ordinal"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    heading: Mapped[list[str]] = mapped_column(JSON)
    page: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    # float16 numbers of the unit vector; emptied when the document is no longer current.
    vector: Mapped[bytes | None] = mapped_column(LargeBinary)


class KnowledgeState(Base):
    """One row whose number grows with every change, so that each process knows when to look again."""

    __tablename__ = "knowledge_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class Question(Base):
    """What a citizen asked and what became of it.

    `status` is the outcome shown to the citizen; `state` is the officials' side: `none` (nothing
    to do), `open` (unhelpful or passed on), `answered` by an official; `reason` says why it was opened.
    """

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_state_asked", "state", "asked_at"),)

    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    message_id: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(40))
    score: Mapped[float | None] = mapped_column(Double)
    document_id: Mapped[str | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"))
    passage_ordinal: Mapped[int | None]
    quote: Mapped[str | None] = mapped_column(Text)
    helpful: Mapped[bool | None]
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(16))
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # The official's answer that closed it, which may have closed others with it (answers/models.py).
    answer_id: Mapped[str | None] = mapped_column(String(26), index=True)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    # More about the status: `conditions` or `part` of an answer given partly, the kind of a danger.
    detail: Mapped[str | None] = mapped_column(String(60))
    # The title of the best document, whether it answered or not.
    topic: Mapped[str | None] = mapped_column(String(300))
    # [document id, ordinal] of the next best passages that have not been shown.
    alternatives: Mapped[list[list[Any]] | None] = mapped_column(JSON(none_as_null=True))
    # [label, document id, ordinal or null] of the topics with which a vague message was asked back.
    topics: Mapped[list[list[Any]] | None] = mapped_column(JSON(none_as_null=True))
    # The vague question that this one makes clear.
    clarifies: Mapped[str | None] = mapped_column(String(26))
    # The part of the message that may be a complaint, for which the report form was offered.
    complaint: Mapped[str | None] = mapped_column(Text)
