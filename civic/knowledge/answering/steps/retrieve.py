"""The best passages for each part of the question."""

from __future__ import annotations

from civic.knowledge import queries
from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking, Part
from civic.knowledge.gate.features import WIDE

# The first few may be quoted; the others are topics to ask back with, and what "not what I meant" shows.
PASSAGES = 10


def retrieve(asking: Asking) -> Answer | None:
    """Notes the passages of each part, best first."""
    find(asking, asking.parts)
    return None


def find(asking: Asking, parts: list[Part]) -> None:
    """Looks each part up."""
    assert asking.index is not None
    behind = asking.live.is_behind(asking.session)
    for part in parts:
        assert part.query is not None
        part.wide = asking.index.search(part.query, top=WIDE)
        if (
            behind
        ):  # a large index is built anew in the background; what was withdrawn is not quoted meanwhile
            there = queries.in_force(asking.session, {hit.entry.document_id for hit in part.wide})
            part.wide = [hit for hit in part.wide if hit.entry.document_id in there]
        part.hits = part.wide[:PASSAGES]
