"""How sure we are that the best passages answer, for each part of the question."""

from __future__ import annotations

from civic.knowledge import rules
from civic.knowledge.answering.nearest import nearest
from civic.knowledge.answering.outcomes import Answer, Status
from civic.knowledge.answering.state import Asking, Part
from civic.knowledge.answering.steps.context import encode
from civic.knowledge.answering.steps.refuse import refused
from civic.knowledge.answering.steps.retrieve import find
from civic.knowledge.answering.steps.vague import only_named
from civic.knowledge.gate import DEFAULT_THRESHOLD, Gate
from civic.knowledge.gate.features import WIDE
from civic.knowledge.index import Query
from civic.knowledge.places import without_street


def judge(asking: Asking) -> Answer | None:
    """Ends a question of which no part is answered for certain."""
    weigh(asking, asking.parts)
    asking.parts = [_anywhere(asking, part) for part in asking.parts]
    if len(asking.parts) > 1 and asking.confidence < least(asking):
        whole = Part(asking.question, asking.parts[0].context)
        encode(asking, [whole])
        find(asking, [whole])
        weigh(asking, [whole])
        asking.parts = [whole]
    if asking.confidence >= least(asking):
        return None
    declined = refused(asking, "unanswered") or only_named(asking)
    others = tuple(asking.best.hits)
    return declined or Answer(
        Status.UNANSWERABLE_NO_SOURCE,
        asking.confidence,
        others=others,
        topics=nearest(asking.best),
        about=asking.about,
    )


def _anywhere(asking: Asking, part: Part) -> Part:
    """A part that is not answered for certain, without its street: what holds everywhere holds there."""
    if part.confidence >= least(asking) or (text := without_street(part.text)) == part.text:
        return part
    general = Part(text, part.context)
    encode(asking, [general])
    find(asking, [general])
    weigh(asking, [general])
    return general if general.confidence > part.confidence else part


def weigh(asking: Asking, parts: list[Part]) -> None:
    """Notes for each part how sure we are."""
    assert asking.index is not None
    for part in parts:
        assert part.query is not None
        hit = part.hits[0]
        part.confidence = Gate.shipped().probability(part.query, part.wide, asking.index)
        if len(part.query.texts) > 1:
            # A bare follow-up ("how much is it?") is like nothing at all: with the turn before it counts.
            if rules.points_back(part.text):
                part.confidence = max(part.confidence, _of_wording(asking, part, 1, hit.entry.document_id))
            # "And for my husband?" is answered where the question before it was.
            if rules.is_for_somebody(part.text):
                part.confidence = max(part.confidence, _of_wording(asking, part, 0, hit.entry.document_id))


def _of_wording(asking: Asking, part: Part, which: int, document_id: str) -> float:
    """How sure we are of one of the two wordings of a follow-up, if it leads to the same document."""
    assert asking.index is not None
    assert part.query is not None
    query = Query(part.query.texts[which : which + 1], part.query.vectors[which : which + 1])
    hits = asking.index.search(query, top=WIDE)
    if hits[0].entry.document_id != document_id:
        return 0.0
    return Gate.shipped().probability(query, hits, asking.index)


def least(asking: Asking) -> float:
    """From where on we answer: the setting, or the measured point."""
    return asking.threshold or DEFAULT_THRESHOLD
