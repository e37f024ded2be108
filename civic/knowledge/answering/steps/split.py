"""Two questions in one message are answered each with its own quote."""

from __future__ import annotations

from civic.knowledge import rules
from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking, Part


def split(asking: Asking) -> Answer | None:
    """Notes the parts of the question; a part that leans on the one before it gets that as context."""
    parts = rules.parts_of(asking.question)
    for position, text in enumerate(parts):
        leans = position > 0 and rules.leans_on_context(text)
        asking.parts.append(Part(text, context=parts[position - 1] if leans else ""))
    return None
