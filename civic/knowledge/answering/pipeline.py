"""The steps from a question to an answer, in order; each returns what the next one needs, or ends it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from civic.knowledge import rules
from civic.knowledge.answering import quote
from civic.knowledge.answering.outcomes import Answer, Status
from civic.knowledge.index import Encoder, Hit, PassageIndex, Query
from civic.knowledge.live import LiveIndex
from civic.knowledge.sentences import Span
from civic.knowledge.words import words

TURNS_OF_CONTEXT = 2
# The second best passage is quoted when it scores nearly as well and holds the better sentence: often the
# best one is the introduction of a page, and the next one its very section.
CANDIDATES = 2
NEARLY_AS_GOOD = 1.5


def answer(
    session: Session,
    live: LiveIndex,
    question: str,
    *,
    history: Sequence[str] = (),
    threshold: float = 0.0,
) -> Answer:
    """Answers from the documents in force, or says why not; `threshold` 0 means the measured one."""
    if not is_a_question(question):
        return Answer(Status.UNANSWERABLE_NO_QUESTION)
    index = live.current(session)
    if not len(index):
        return Answer(Status.ERROR_NO_DOCUMENTS)
    query = understand(live.encoder, question, history)
    hits = retrieve(index, query)
    confidence = rules.confidence(hits[0].cosine, hits[0].bm25, len(index))
    if confidence < (threshold or rules.MEASURED_THRESHOLD):
        return Answer(Status.UNANSWERABLE_NO_SOURCE, confidence)
    hit, quoted = cite(live, query, hits)
    return Answer(Status.ANSWERED, confidence, hit, quoted)


def is_a_question(question: str) -> bool:
    """Whether there is a word in it at all."""
    return any(len(word) > 1 for word in words(question))


def understand(encoder: Encoder, question: str, history: Sequence[str]) -> Query:
    """What to look for: the question, and where it leans on the turns before it, those as well."""
    context = "\n".join(history[-TURNS_OF_CONTEXT:]) if rules.leans_on_context(question) else ""
    return Query.of(encoder, question, context)


def retrieve(index: PassageIndex, query: Query) -> list[Hit]:
    """The best passages, best first."""
    return index.search(query, top=CANDIDATES)


def cite(live: LiveIndex, query: Query, hits: Sequence[Hit]) -> tuple[Hit, Span]:
    """The exact words that answer, and the passage in which they stand."""
    candidates = [
        quote.Candidate(hit, live.sentence_vectors(hit.entry))
        for hit in hits
        if hit.score >= hits[0].score - NEARLY_AS_GOOD
    ]
    return quote.choose(candidates, query.texts[0], query.vectors[0])
