"""What changes knowledge and what is noted about questions; none of it commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civic.audit.commands import HasId, record
from civic.conversation.types import Turn
from civic.kit.ids import new_id
from civic.knowledge import queries, rules
from civic.knowledge.errors import AlreadyOver, InForceAlready, NameTaken, UnknownDocument, UnknownQuestion
from civic.knowledge.importing import ImportedDocument
from civic.knowledge.index import Encoder
from civic.knowledge.models import Document, KnowledgeState, Passage, Question
from civic.knowledge.passages import indexed_text
from civic.knowledge.prepare import PreparedDocument, pack


@dataclass(frozen=True)
class Stored:
    """What became of a document: `added`, `replaced` an older version, or `unchanged`."""

    outcome: Literal["added", "replaced", "unchanged"]
    document: Document


def store(session: Session, prepared: PreparedDocument, *, source: str, now: datetime) -> Stored:
    """Puts a document into force; an older version of it stays readable under its own id.

    What expired stays expired until its content changes: a folder that is imported every night must not
    bring it back. Raises `NameTaken` when the key belongs to a document from another file that still exists.
    """
    found = prepared.document
    old = queries.current(session, found.key)
    if old is None and (expired := queries.expired_version(session, found.key, found.content_hash)):
        return Stored("unchanged", expired)
    if old is not None:
        if is_same(old, found.content_hash, prepared.encoder):
            return Stored("unchanged", old)
        refuse_other_source(old, found, source)
        _end(session, old, "replaced", now)
    document = _put(session, prepared, source, now)
    return Stored("replaced" if old is not None else "added", document)


def _put(session: Session, prepared: PreparedDocument, source: str, now: datetime) -> Document:
    """The next version of a document, in force."""
    found = prepared.document
    document = Document(
        id=new_id(now),
        key=found.key,
        version=queries.last_version(session, found.key) + 1,
        state="current",
        title=found.title[:300],
        section=found.section and found.section[:120],
        date=found.date,
        valid_until=found.valid_until,
        author=found.author and found.author[:120],
        url=found.url and found.url[:500],
        language=found.language[:16],
        format=found.format,
        source=source[:1000],
        content_hash=found.content_hash,
        encoder=prepared.encoder,
        passage_count=len(prepared.passages),
        imported_at=now,
    )
    session.add(document)
    session.flush()
    session.execute(
        insert(Passage),
        [
            {
                "id": new_id(now),
                "document_id": document.id,
                "ordinal": ordinal,
                "heading": list(passage.heading),
                "page": passage.page,
                "text": passage.text,
                "vector": vector,
            }
            for ordinal, (passage, vector) in enumerate(
                zip(prepared.passages, prepared.vectors, strict=True), start=1
            )
        ],
    )
    touch(session)
    return document


def is_same(old: Document, content_hash: str, encoder: str) -> bool:
    """Whether a stored version has this content and vectors of this encoder."""
    return old.content_hash == content_hash and old.encoder == encoder


def refuse_other_source(old: Document, new: ImportedDocument, source: str) -> None:
    """Raises `NameTaken` when two files that both exist have the same name by chance."""
    # A document that says its own id is meant; a file that was moved is no longer at its old place.
    if not new.named and old.source != source and Path(old.source).exists():
        raise NameTaken(
            f"A document with the id {old.key!r} came from {old.source}.",
            remedy="Rename the file, give it an id of its own (--id), or remove the other document first.",
        )


def remove(
    session: Session, name: str, now: datetime, *, reason: str | None = None, actor: HasId | str = "system"
) -> Document:
    """Withdraws a document: it is found no more; what was quoted from it can still be read."""
    document = in_force(session, name)
    _end(session, document, "removed", now)
    document.reason = reason and reason[:300]
    record(session, actor, f"{_who(actor)}:withdraw:document", document.id, None, now)
    touch(session)
    return document


def expire(session: Session, today: date, now: datetime) -> list[Document]:
    """Ends every document whose last day is over; says so in the audit."""
    ended = list(queries.over(session, today))
    for document in ended:
        _end(session, document, "expired", now)
        record(session, "system", "system:expire:document", document.id, None, now)
    if ended:
        touch(session)
    return ended


def set_last_day(
    session: Session, official: HasId, name: str, last: date | None, today: date, now: datetime
) -> Document:
    """Changes until when a document is in force; raises `AlreadyOver` for a day that is past."""
    document = in_force(session, name)
    refuse_past(last, today)
    document.valid_until = last
    details = {"valid_until": last.isoformat() if last else None}
    record(session, official, "official:set_validity:document", document.id, details, now)
    touch(session)
    return document


def refuse_past(last: date | None, today: date) -> None:
    """Raises `AlreadyOver` when a document with this last day could never be found."""
    if last is not None and last < today:
        raise AlreadyOver(
            f"{last.isoformat()} is before today, {today.isoformat()}.",
            remedy="Choose a later day, or none; to end a document now, withdraw it.",
        )


def restore(
    session: Session, actor: HasId | str, old_id: str, prepared: PreparedDocument, today: date, now: datetime
) -> Document:
    """Puts the text of an earlier version into force again, as the next version."""
    old = session.get(Document, old_id)
    if old is None:
        raise UnknownDocument
    if old.state == "current":
        raise InForceAlready(remedy="Choose an earlier version.")
    refuse_past(prepared.document.valid_until, today)
    current = queries.current(session, old.key)
    if current is not None:
        _end(session, current, "replaced", now)
    document = _put(session, prepared, old.source, now)
    record(session, actor, f"{_who(actor)}:restore:document", document.id, {"from": old.id}, now)
    return document


def in_force(session: Session, name: str) -> Document:
    """The document in force with this key or id; raises `UnknownDocument`."""
    document = queries.document(session, name)
    if document is None or document.state != "current":
        raise UnknownDocument(remedy="`folkmoot knowledge list` shows every document with its id.")
    return document


def _who(actor: HasId | str) -> str:
    return actor if isinstance(actor, str) else "official"


def encode_again(session: Session, document_id: str, encoder: Encoder) -> None:
    """Gives a document in force the vectors of another encoder."""
    document = session.get(Document, document_id)
    if document is None or document.state != "current":
        return
    passages = queries.passages(session, document.id)
    vectors = encoder.encode([indexed_text(document.title, one.heading, one.text) for one in passages])
    for passage, vector in zip(passages, vectors, strict=True):
        passage.vector = pack(vector)
    document.encoder = encoder.digest
    touch(session)


def _end(session: Session, document: Document, state: str, now: datetime) -> None:
    document.state = state
    document.ended_at = now
    session.execute(update(Passage).where(Passage.document_id == document.id).values(vector=None))
    session.flush()


def touch(session: Session) -> None:
    """Tells every process that knowledge changed."""
    grown = session.execute(
        update(KnowledgeState).where(KnowledgeState.id == 1).values(version=KnowledgeState.version + 1)
    )
    if grown.rowcount:  # type: ignore[attr-defined]
        return
    try:
        with session.begin_nested():
            session.add(KnowledgeState(id=1, version=1))
            session.flush()
    except IntegrityError:  # another first import was faster
        touch(session)


@dataclass(frozen=True)
class Outcome:
    """What is noted about an answer given, or not given."""

    status: str
    score: float | None = None
    document_id: str | None = None
    passage_ordinal: int | None = None
    quote: str | None = None
    detail: str | None = None
    topic: str | None = None
    alternatives: list[list[Any]] | None = None
    topics: list[list[Any]] | None = None
    clarifies: str | None = None


def note_question(
    session: Session,
    conversation_id: str,
    message_id: str,
    text: str,
    language: str,
    outcome: Outcome,
    now: datetime,
) -> Question:
    """Notes what was asked and what was answered."""
    question = Question(
        id=new_id(now),
        conversation_id=conversation_id,
        message_id=message_id,
        text=text,
        language=language,
        status=outcome.status,
        score=outcome.score,
        document_id=outcome.document_id,
        passage_ordinal=outcome.passage_ordinal,
        quote=outcome.quote,
        detail=outcome.detail,
        topic=outcome.topic and outcome.topic[:300],
        alternatives=outcome.alternatives,
        topics=outcome.topics,
        clarifies=outcome.clarifies,
        state="none",
        asked_at=now,
    )
    session.add(question)
    session.flush()
    return question


def note_complaint(session: Session, turn: Turn, words: str) -> str | None:
    """Notes that a question came with a complaint; returns the question's id."""
    question = queries.latest_question(session, turn.conversation_id)
    if question is None or question.message_id != turn.message_id:
        return None
    question.complaint = words
    return question.id


def rate(session: Session, conversation_id: str, question_id: str, helpful: bool, now: datetime) -> Question:
    """Notes whether an answer helped; one that did not is put before the officials."""
    question = _question(session, conversation_id, question_id)
    question.helpful = helpful
    question.state, question.reason = rules.after_rating(question.state, question.reason, helpful)
    if question.state == "open" and question.opened_at is None:
        question.opened_at = now
    return question


def pass_on(session: Session, conversation_id: str, question_id: str, now: datetime) -> Question:
    """Puts a question before the officials because its citizen asks for it; twice is once."""
    question = _question(session, conversation_id, question_id)
    question.state, question.reason = rules.after_passing_on(question.state)
    question.opened_at = question.opened_at or now
    return question


def _question(session: Session, conversation_id: str, question_id: str) -> Question:
    question = queries.question(session, conversation_id, question_id)
    if question is None:
        raise UnknownQuestion
    return question


def erase(session: Session, citizen_id: str, now: datetime) -> None:
    """Forgets every question of a citizen."""
    conversations = queries.conversations_of(session, citizen_id)
    session.execute(delete(Question).where(Question.conversation_id.in_(conversations)))
