"""Passages shown besides the best one: "not what I meant", and a topic that was chosen."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from civic.knowledge import queries
from civic.knowledge.answering.outcomes import Answer, Cited, Status
from civic.knowledge.answering.state import Part
from civic.knowledge.answering.steps.cite import quoted
from civic.knowledge.answering.steps.conditions import with_conditions
from civic.knowledge.gate import Gate
from civic.knowledge.index import Entry, Hit, Query
from civic.knowledge.live import LiveIndex
from civic.knowledge.models import Document, Passage

KEPT = 6
SHOWN_AT_ONCE = 2


def quotes(
    session: Session, live: LiveIndex, question: str, passages: Sequence[tuple[str, int]]
) -> list[Cited]:
    """What these passages say to a question; those of documents no longer in force are left out."""
    found = []
    part = Part(question, query=Query.of(live.encoder, question))
    for document_id, ordinal in passages:
        document = session.get(Document, document_id)
        if document is None or document.state != "current":
            continue
        for passage in queries.passages(session, document_id):
            if passage.ordinal == ordinal:
                found.append(with_conditions(quoted(live, part, [_hit(document, passage)])))
    return found


def about_topic(
    session: Session, live: LiveIndex, question: str, document_id: str, ordinal: int | None
) -> Answer:
    """The answer from one passage, or from the passage of one document that fits best."""
    document = session.get(Document, document_id)
    if document is None or document.state != "current":
        return Answer(Status.UNANSWERABLE_NO_SOURCE)
    passages = queries.passages(session, document_id)
    chosen = [one for one in passages if ordinal is None or one.ordinal == ordinal]
    part = Part(question, query=Query.of(live.encoder, question))
    assert part.query is not None
    index = live.current(session)
    ranked = [hit for hit in index.search(part.query, top=20) if hit.entry.document_id == document_id]
    hits = [hit for hit in ranked if ordinal is None or hit.entry.ordinal == ordinal]
    hits = hits or [_hit(document, one) for one in chosen[:1]]
    if not hits:
        return Answer(Status.UNANSWERABLE_NO_SOURCE)
    cited = with_conditions(quoted(live, part, hits))
    status = Status.ANSWERED_PARTLY if cited.conditions else Status.ANSWERED
    return Answer(
        status,
        Gate.shipped().probability(part.query, hits, index) if hits[0].score else None,
        cited=(cited,),
        others=tuple(hit for hit in ranked if hit.entry != cited.hit.entry),
        about=document.title,
        detail="conditions" if cited.conditions else None,
    )


def _hit(document: Document, passage: Passage) -> Hit:
    entry = Entry(
        document.id, passage.ordinal, document.title, tuple(passage.heading), passage.text, passage.page
    )
    return Hit(entry, 0.0, 0.0, 0.0)
