"""A question with personal data is asked for again without it."""

from __future__ import annotations

from civic.knowledge.answering.outcomes import Answer, Status
from civic.knowledge.answering.state import Asking


def personal_data(asking: Asking) -> Answer | None:
    """Ends a message from which personal data was taken out."""
    if not asking.around.personal_data:
        return None
    return Answer(Status.PERSONAL_DATA_REFUSED, detail=",".join(asking.around.personal_data))
