"""Every SELECT about documents, passages and questions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

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


def expired_version(session: Session, key: str, content_hash: str) -> Document | None:
    """The last version of a document, if it expired and had this very content."""
    last = session.scalar(
        select(Document).where(Document.key == key).order_by(Document.version.desc()).limit(1)
    )
    return last if last and last.state == "expired" and last.content_hash == content_hash else None


def over(session: Session, today: date) -> Sequence[Document]:
    """The documents in force whose last day is past."""
    return session.scalars(
        select(Document).where(Document.state == "current", Document.valid_until < today)
    ).all()


def next_last_day(session: Session, today: date) -> date | None:
    """The first last day, from today on, of any document in force."""
    return session.scalar(
        select(func.min(Document.valid_until)).where(
            Document.state == "current", Document.valid_until >= today
        )
    )


def versions(session: Session, key: str) -> Sequence[Document]:
    """All versions of a document, the newest first."""
    return session.scalars(
        select(Document).where(Document.key == key).order_by(Document.version.desc())
    ).all()


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


def searchable(session: Session, today: date | None = None) -> list[SearchablePassage]:
    """Every passage in force; with `today` none of a document whose last day is past."""
    return [one for batch in searchable_batches(session, today=today) for one in batch]


def searchable_batches(
    session: Session, size: int = 5000, today: date | None = None
) -> Iterator[list[SearchablePassage]]:
    """Every passage in force, so many at a time, so that not all are in memory at once."""
    still = [] if today is None else [or_(Document.valid_until.is_(None), Document.valid_until >= today)]
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
        .where(Document.state == "current", Passage.vector.is_not(None), *still)
        .order_by(Document.id, Passage.ordinal)
        .execution_options(yield_per=size)
    )
    for batch in rows.partitions():
        yield [
            SearchablePassage(document, title, encoder, ordinal, tuple(heading), page, text, vector or b"")
            for document, title, encoder, ordinal, heading, page, text, vector in batch
        ]


def in_force(session: Session, document_ids: Collection[str]) -> set[str]:
    """Those of the documents that may be quoted now."""
    return set(
        session.scalars(select(Document.id).where(Document.id.in_(document_ids), Document.state == "current"))
    )


def documents_in_force(session: Session) -> list[tuple[str, int]]:
    """The id of each document in force, with the number of its passages; in a fixed order."""
    rows = session.execute(
        select(Document.id, Document.passage_count).where(Document.state == "current").order_by(Document.id)
    )
    return [(document, count) for document, count in rows]


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


def is_published(session: Session, words: str) -> bool:
    """Whether a document in force holds these very words, such as an office's phone number."""
    held = select(Passage.id).join(Document, Passage.document_id == Document.id)
    wanted = (Document.state == "current", Passage.text.icontains(words.strip(), autoescape=True))
    return session.scalar(held.where(*wanted).limit(1)) is not None


def quoted(session: Session, document_ids: Sequence[str]) -> dict[str, dict[int, int]]:
    """How often each passage of these documents was quoted as an answer: by document, by ordinal."""
    rows = session.execute(
        select(Question.document_id, Question.passage_ordinal, func.count())
        .where(Question.document_id.in_(document_ids), Question.quote.is_not(None))
        .group_by(Question.document_id, Question.passage_ordinal)
    )
    found: dict[str, dict[int, int]] = {}
    for document_id, ordinal, many in rows:
        found.setdefault(str(document_id), {})[ordinal or 0] = many
    return found


@dataclass(frozen=True)
class DocumentFilter:
    """Which documents officials want to see; what is None is not narrowed."""

    state: str | None = "current"
    search: str | None = None
    format: str | None = None
    ends_before: date | None = None


def documents(
    session: Session, wanted: DocumentFilter, *, limit: int, offset: int = 0
) -> tuple[Sequence[Document], int]:
    """Documents by department and title, those that end soon first where that is asked; and how many."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.state:
        conditions.append(Document.state == wanted.state)
    if wanted.format:
        conditions.append(Document.format == wanted.format)
    if wanted.search:
        conditions.append(Document.title.icontains(wanted.search, autoescape=True))
    if wanted.ends_before:
        conditions.append(Document.valid_until <= wanted.ends_before)
    total = session.scalar(select(func.count()).select_from(Document).where(*conditions)) or 0
    first = Document.valid_until if wanted.ends_before else Document.section
    rows = session.scalars(
        select(Document)
        .where(*conditions)
        .order_by(first, Document.title, Document.key, Document.version)
        .limit(limit)
        .offset(offset)
    ).all()
    return rows, total
