"""The slow part of an import, done before the database is touched: cutting and encoding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from civic.knowledge.importing.types import ImportedDocument
from civic.knowledge.index import Encoder, Vectors
from civic.knowledge.models import Document, Passage
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
    vectors = _encoded(document.title, passages, encoder, progress)
    return PreparedDocument(document, passages, vectors, encoder.digest)


def prepare_again(
    old: Document, stored: Sequence[Passage], encoder: Encoder, valid_until: date | None
) -> PreparedDocument:
    """An earlier version as it was stored, with vectors of today's encoder."""
    document = ImportedDocument(
        key=old.key,
        title=old.title,
        blocks=(),
        format=old.format,
        content_hash=old.content_hash,
        section=old.section,
        date=old.date,
        valid_until=valid_until,
        author=old.author,
        url=old.url,
        language=old.language,
        named=True,
    )
    passages = [PassageText(one.text, tuple(one.heading), one.page) for one in stored]
    return PreparedDocument(document, passages, _encoded(old.title, passages, encoder), encoder.digest)


def _encoded(
    title: str, passages: list[PassageText], encoder: Encoder, progress: Progress | None = None
) -> list[bytes]:
    texts = [indexed_text(title, passage.heading, passage.text) for passage in passages]
    vectors: list[bytes] = []
    for start in range(0, len(texts), _STEP):
        vectors += [pack(vector) for vector in encoder.encode(texts[start : start + _STEP])]
        if progress:
            progress(len(vectors), len(texts))
    return vectors


def pack(vector: Vectors) -> bytes:
    """A vector as it is stored: float16, half the room and no measurable loss."""
    return vector.astype("<f2").tobytes()


def unpack(stored: list[bytes]) -> Vectors:
    """Stored vectors as one float32 matrix."""
    if not stored:
        return np.zeros((0, 0), dtype=np.float32)
    flat = np.frombuffer(b"".join(stored), dtype="<f2").astype(np.float32)
    return flat.reshape(len(stored), -1)
