"""A question that leans on what was said before it is looked for together with that."""

from __future__ import annotations

from civic.knowledge import rules
from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking, Part
from civic.knowledge.index import Query


def context(asking: Asking) -> Answer | None:
    """Adds the turns before, and makes the vectors of all wordings in one go."""
    before = "\n".join(rules.context_of(asking.question, asking.history))
    asking.parts[0].context = before
    encode(asking, asking.parts)
    return None


def encode(asking: Asking, parts: list[Part]) -> None:
    """Gives each part its query; one call of the encoder for all."""
    wordings = [
        (part.text, f"{part.context}\n{part.text}") if part.context else (part.text,) for part in parts
    ]
    vectors = asking.live.encoder.encode([text for texts in wordings for text in texts])
    start = 0
    for part, texts in zip(parts, wordings, strict=True):
        part.query = Query(texts, vectors[start : start + len(texts)])
        start += len(texts)
