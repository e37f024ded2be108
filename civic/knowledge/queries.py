"""Every SELECT about documents, passages and questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from civic.conversation.models import Conversation
from civic.knowledge.models import Document, KnowledgeState, Passage, Question


def version(session: Session) -> int:
    """The number that grows with every change of knowledge."""
    return session.scalar(select(KnowledgeState.version).where(KnowledgeState.id == 1)) or 0


def document(session: Session, name: str) -> Document | None:
    """The document version with this id, or the current version of the document with this key."""
    found = session.get(Document, name)
    return found if found is not None else current(session, name)


def current(session: Session, key: str) -> Document | None:
    """The version that is in force of the document with this key."""
    return session.scalar(select(Document).where(Document.key == key, Document.state == "current"))


def last_version(session: Session, key: str) -> int:
    """The highest version number that a key ever had; 0 for a new one."""
    return session.scalar(select(func.max(Document.version)).where(Document.key == key)) or 0


def current_documents(session: Session, search: str | None = None) -> Sequence[Document]:
    """The documents in force, by department and title; `search` narrows them to titles that contain it."""
    wanted = select(Document).where(Document.state == "current")
    if search:
        wanted = wanted.where(Document.title.icontains(search, autoescape=True))
    return session.scalars(wanted.order_by(Document.section, Document.title, Document.key)).all()


def passages(session: Session, document_id: str) -> Sequence[Passage]:
    """The passages of a document, in order."""
    return session.scalars(
        select(Passage).where(Passage.document_id == document_id).order_by(Passage.ordinal)
    ).all()


@dataclass(frozen=True)
class SearchablePassage:
    """A passage in force with what the index needs of it and of its document."""

    document_id: str
    title: str
    encoder: str
    ordinal: int
    heading: tuple[str, ...]
    page: int | None
    text: str
    vector: bytes


def searchable(session: Session) -> list[SearchablePassage]:
    """Every passage in force."""
    rows = session.execute(
        select(
            Document.id,
            Document.title,
            Document.encoder,
            Passage.ordinal,
            Passage.heading,
            Passage.page,
            Passage.text,
            Passage.vector,
        )
        .join(Passage, Passage.document_id == Document.id)
        .where(Document.state == "current", Passage.vector.is_not(None))
        .order_by(Document.id, Passage.ordinal)
    )
    return [
        SearchablePassage(document, title, encoder, ordinal, tuple(heading), page, text, vector or b"")
        for document, title, encoder, ordinal, heading, page, text, vector in rows
    ]


def question(session: Session, conversation_id: str, question_id: str) -> Question | None:
    """A question of this conversation."""
    found = session.get(Question, question_id)
    return found if found is not None and found.conversation_id == conversation_id else None


def any_question(session: Session, question_id: str) -> Question | None:
    """A question of any conversation, for officials."""
    return session.get(Question, question_id)


def latest_question(session: Session, conversation_id: str) -> Question | None:
    """What was last asked in a conversation."""
    return session.scalar(
        select(Question)
        .where(Question.conversation_id == conversation_id)
        .order_by(Question.id.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class QuestionFilter:
    """Which questions officials want to see; what is None is not narrowed."""

    state: str | None = "open"
    reason: str | None = None
    status: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None


def questions(
    session: Session, wanted: QuestionFilter, *, limit: int, offset: int = 0
) -> tuple[Sequence[Question], int]:
    """The newest questions that pass the filter, and how many there are."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.state:
        conditions.append(Question.state == wanted.state)
    if wanted.reason:
        conditions.append(Question.reason == wanted.reason)
    if wanted.status:
        conditions.append(Question.status == wanted.status)
    if wanted.since:
        conditions.append(Question.asked_at >= wanted.since)
    if wanted.until:
        conditions.append(Question.asked_at < wanted.until)
    if wanted.search:
        conditions.append(
            or_(
                Question.text.icontains(wanted.search, autoescape=True),
                Question.quote.icontains(wanted.search, autoescape=True),
            )
        )
    total = session.scalar(select(func.count()).select_from(Question).where(*conditions)) or 0
    rows = session.scalars(
        select(Question).where(*conditions).order_by(Question.id.desc()).limit(limit).offset(offset)
    ).all()
    return rows, total


def conversations_of(session: Session, citizen_id: str) -> Sequence[str]:
    """The ids of a citizen's conversations."""
    return session.scalars(select(Conversation.id).where(Conversation.citizen_id == citizen_id)).all()
