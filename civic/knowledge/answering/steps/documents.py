"""The index of the documents in force."""

from __future__ import annotations

from civic.knowledge.answering.outcomes import Answer, Status
from civic.knowledge.answering.state import Asking


def documents(asking: Asking) -> Answer | None:
    """Takes the index; ends the question where there are no documents."""
    asking.index = asking.live.current(asking.session)
    return None if len(asking.index) else Answer(Status.ERROR_NO_DOCUMENTS)
