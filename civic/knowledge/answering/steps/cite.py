"""The exact words that answer each part, and the passage in which they stand."""

from __future__ import annotations

from civic.knowledge.answering import quote
from civic.knowledge.answering.outcomes import Answer, Cited
from civic.knowledge.answering.state import Asking, Part
from civic.knowledge.answering.steps.judge import least
from civic.knowledge.index import Hit
from civic.knowledge.live import LiveIndex

# A further passage is quoted when it scores nearly as well and holds the better sentence: often the best one
# is the introduction of a page, and the next one its very section, or the one after that.
CANDIDATES, OF_ITS_DOCUMENT = 2, 3
NEARLY_AS_GOOD = 1.5
GOES_ON = 0.6
MORE = 2


def cite(asking: Asking) -> Answer | None:
    """Notes the quote of each part of which we are sure enough."""
    sure = [part for part in asking.parts if part.confidence >= least(asking)]
    documents = {part.hits[0].entry.document_id for part in sure}
    for part in asking.parts:
        # "And how long does it take?": in the document that answers the other part, less is enough.
        goes_on = bool(part.context) and part.hits[0].entry.document_id in documents
        if part in sure or (goes_on and part.confidence >= GOES_ON * least(asking)):
            part.cited = quoted(asking.live, part, part.hits)
    return None


def quoted(live: LiveIndex, part: Part, hits: list[Hit]) -> Cited:
    """The best quote for a part from these passages."""
    assert part.query is not None
    question = part.query.texts[0]
    document = hits[0].entry.document_id
    near = [
        hit
        for at, hit in enumerate(hits[:OF_ITS_DOCUMENT])
        if hit.score >= hits[0].score - NEARLY_AS_GOOD
        and (at < CANDIDATES or hit.entry.document_id == document)
    ]
    if quote.gives_nothing(question, near):
        # A price is asked for, and the best passages name none: the next of the same document may.
        more = [hit for hit in hits[len(near) :] if hit.entry.document_id == document]
        near = [*near, *[hit for hit in more if quote.holds(question, hit)][:MORE]]
    candidates = [quote.Candidate(hit, live.sentence_vectors(hit.entry)) for hit in near]
    hit, span = quote.choose(candidates, question, part.query.vectors[0])
    return Cited(hit, span)
