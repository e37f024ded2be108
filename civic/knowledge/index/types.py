"""What is looked for and what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]

# The share of meaning in the sum of both standardised scores; measured with `python -m evaluation.answers`.
DENSE_WEIGHT = 0.7
K1, B = 1.2, 0.75


class Encoder(Protocol):
    """Makes unit vectors of texts."""

    @property
    def digest(self) -> str: ...

    def encode(self, sentences: Sequence[str]) -> Vectors: ...


@dataclass(frozen=True)
class Entry:
    """A passage that can be found."""

    document_id: str
    ordinal: int
    title: str
    heading: tuple[str, ...]
    text: str
    page: int | None = None


@dataclass(frozen=True)
class Query:
    """What to look for: one or more wordings of it, whose scores are averaged.

    In a dialogue these are the last turn alone, and the last turn with what was said before it;
    one long text of both halves the hits.
    """

    texts: tuple[str, ...]
    vectors: Vectors

    @classmethod
    def of(cls, encoder: Encoder, text: str, context: str = "") -> Query:
        """A query for a text, and for the text after its context, if there is any."""
        texts = (text, f"{context}\n{text}") if context.strip() else (text,)
        return cls(texts, encoder.encode(texts))


@dataclass(frozen=True)
class Hit:
    """A passage found: its rank score, and the two scores that it comes from."""

    entry: Entry
    score: float
    cosine: float
    bm25: float
    # Where it stands in the index; -1 for one that was not searched for.
    position: int = -1
