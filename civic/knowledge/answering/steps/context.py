"""A question that leans on what was said before it is looked for together with that."""

from __future__ import annotations

from civic.knowledge import rules
from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.reading import as_meant
from civic.knowledge.answering.state import Asking, Part
from civic.knowledge.index import Query


def context(asking: Asking) -> Answer | None:
    """Adds the turns before, and makes the vectors of all wordings in one go."""
    turns = rules.context_of(asking.question, asking.history)
    read = [as_meant(turn, asking.index, asking.live.encoder) for turn in turns]
    asking.parts[0].context = "\n".join(read)
    encode(asking, asking.parts)
    return None


def encode(asking: Asking, parts: list[Part]) -> None:
    """Gives each part its query; one call of the encoder for all."""
    wordings = [_wordings(part) for part in parts]
    vectors = asking.live.encoder.encode([text for texts in wordings for text in texts])
    start = 0
    for part, texts in zip(parts, wordings, strict=True):
        part.query = Query(texts, vectors[start : start + len(texts)])
        start += len(texts)


def _wordings(part: Part) -> tuple[str, ...]:
    """A question alone and together with what it leans on; "and for my husband?" alone asks nothing."""
    if not part.context:
        return (part.text,)
    alone = part.context if rules.is_for_somebody(part.text) else part.text
    return alone, f"{part.context}\n{part.text}"
