"""Danger comes before everything: its words are the answer."""

from __future__ import annotations

from civic.knowledge.answering.outcomes import Answer, Status
from civic.knowledge.answering.state import Asking


def emergency(asking: Asking) -> Answer | None:
    """Ends a message in which danger was noticed."""
    if asking.around.danger is None:
        return None
    return Answer(Status.EMERGENCY_SIGNPOSTED, detail=asking.around.danger)
