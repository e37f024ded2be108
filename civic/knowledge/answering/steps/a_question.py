"""Whether there is a word in the message at all."""

from __future__ import annotations

from civic.knowledge.answering.outcomes import Answer, Status
from civic.knowledge.answering.state import Asking
from civic.knowledge.words import words


def a_question(asking: Asking) -> Answer | None:
    """Ends a message of signs and pictures only."""
    if any(len(word) > 1 for word in words(asking.question)):
        return None
    return Answer(Status.UNANSWERABLE_NO_QUESTION)
