"""The pages that are nearest to a question which is not answered for certain: offered, never claimed."""

from __future__ import annotations

from civic.knowledge.answering.outcomes import Topic
from civic.knowledge.answering.state import Part
from civic.knowledge.answering.steps.vague import FAR_BEHIND, short
from civic.knowledge.words import stems

PAGES = 2
# Either is enough: that it may answer after all, or that it stands out from all other passages (in standard
# deviations of the rank score). Short questions ("rats in a restaurant") are found better than judged.
MAY_ANSWER = 0.1
STANDS_OUT = 4.2


def nearest(part: Part) -> tuple[Topic, ...]:
    """The documents of the best passages; none where nothing found is like the question."""
    if not part.hits:
        return ()
    if part.confidence < MAY_ANSWER and part.hits[0].score < STANDS_OUT and not _named(part):
        return ()
    near = [hit for hit in part.hits if hit.score >= part.hits[0].score - FAR_BEHIND]
    titles = dict.fromkeys((hit.entry.document_id, hit.entry.title) for hit in near)
    return tuple(Topic(short(title), document_id) for document_id, title in list(titles)[:PAGES])


def _named(part: Part) -> bool:
    """Whether the question has every telling word of the best page's title ("how much is an allotment")."""
    title = stems(part.hits[0].entry.title)
    return bool(title) and set(stems(part.text)).issuperset(title)
