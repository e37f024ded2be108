"""The slow part of an import, done before the database is touched: cutting and encoding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from civic.knowledge.importing.types import ImportedDocument
from civic.knowledge.index import Encoder, Vectors
from civic.knowledge.passages import PassageText, indexed_text, split

Progress = Callable[[int, int], None]
"""Told after each step: how many passages are done, and how many there are."""

_STEP = 64


@dataclass(frozen=True)
class PreparedDocument:
    """A document with its passages and their vectors, ready to be stored at once."""

    document: ImportedDocument
    passages: list[PassageText]
    vectors: list[bytes]
    encoder: str


def prepare(
    document: ImportedDocument, encoder: Encoder, progress: Progress | None = None
) -> PreparedDocument:
    """Cuts a document into passages and encodes each with its title and headings in front."""
    passages = split(document.blocks)
    texts = [indexed_text(document.title, passage.heading, passage.text) for passage in passages]
    vectors: list[bytes] = []
    for start in range(0, len(texts), _STEP):
        vectors += [pack(vector) for vector in encoder.encode(texts[start : start + _STEP])]
        if progress:
            progress(len(vectors), len(texts))
    return PreparedDocument(document, passages, vectors, encoder.digest)


def pack(vector: Vectors) -> bytes:
    """A vector as it is stored: float16, half the room and no measurable loss."""
    return vector.astype("<f2").tobytes()


def unpack(stored: list[bytes]) -> Vectors:
    """Stored vectors as one float32 matrix."""
    if not stored:
        return np.zeros((0, 0), dtype=np.float32)
    flat = np.frombuffer(b"".join(stored), dtype="<f2").astype(np.float32)
    return flat.reshape(len(stored), -1)
