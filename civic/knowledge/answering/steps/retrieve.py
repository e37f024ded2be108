"""The best passages for each part of the question."""

from __future__ import annotations

from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking, Part

# The first few may be quoted; the others are topics to ask back with, and what "not what I meant" shows.
PASSAGES = 10


def retrieve(asking: Asking) -> Answer | None:
    """Notes the passages of each part, best first."""
    find(asking, asking.parts)
    return None


def find(asking: Asking, parts: list[Part]) -> None:
    """Looks each part up."""
    assert asking.index is not None
    for part in parts:
        assert part.query is not None
        part.hits = asking.index.search(part.query, top=PASSAGES)
