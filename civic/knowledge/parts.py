"""What this feature needs from the composition root."""

from __future__ import annotations

from civic.encoder import SentenceEncoder
from civic.kit.services import Services
from civic.knowledge.live import LiveIndex


def provide(services: Services) -> None:
    """Registers the index that a process answers from; the encoder is loaded when it is first needed."""
    services.provide(LiveIndex, lambda s: LiveIndex(s.get(SentenceEncoder)))
