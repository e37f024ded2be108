"""How near a text's meaning is to labels: by the sentence encoder, where this process has one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from civic.encoder import SentenceEncoder
from civic.encoder.errors import EncoderMissing
from civic.kit.services import Services
from civic.understanding.read import Meaning

# Labels are asked for with every answer that words alone do not explain: their vectors are kept.
_VECTORS: dict[str, np.ndarray] = {}
MOST_KEPT = 4000


def meaning_of(services: Services) -> Meaning:
    """The meaning of a house with an encoder; without one nothing is near to anything."""

    def meaning(text: str, labels: Sequence[str]) -> Sequence[float]:
        try:
            encoder = services.get(SentenceEncoder)
        except (LookupError, EncoderMissing):
            return [0.0] * len(labels)
        return near(encoder, text, labels)

    return meaning


def near(encoder: SentenceEncoder, text: str, labels: Sequence[str]) -> list[float]:
    """For each label, how near the text's meaning is to it, from -1 to 1."""
    fresh = [label for label in dict.fromkeys(labels) if label not in _VECTORS]
    vectors = encoder.encode([text, *fresh])
    if len(_VECTORS) + len(fresh) > MOST_KEPT:
        _VECTORS.clear()
        return near(encoder, text, labels)
    _VECTORS.update(zip(fresh, vectors[1:], strict=True))
    return [float(_VECTORS[label] @ vectors[0]) for label in labels]
