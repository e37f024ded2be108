"""Questions that are refused whatever the documents say, by `content/refusals.yml`."""

from __future__ import annotations

from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking


def refuse(asking: Asking) -> Answer | None:
    """Ends a question that falls under a refusal."""
    return refused(asking, "always")


def refused(asking: Asking, when: str) -> Answer | None:
    """The refusal for this moment, if the question falls under one."""
    for part in asking.parts:
        assert part.query is not None
        found = asking.around.refusals.fitting(part.text, part.query.vectors[0], asking.live.encoder, when)
        if found is not None:
            return Answer(found.status, asking.confidence or None, about=asking.about)
    return None
