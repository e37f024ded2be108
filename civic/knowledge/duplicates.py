"""Passages that say nearly the same in nearly the same words: one of them will be out of date first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from civic.knowledge.index import Vectors
from civic.knowledge.prepare import unpack
from civic.knowledge.queries import SearchablePassage
from civic.knowledge.words import words

# Both must hold; measured, see docs/features/knowledge.md.
LEAST_COSINE = 0.75
LEAST_OVERLAP = 0.60
SHINGLE = 3
# Fewer words than this are a heading or an address, which may stand in many places.
LEAST_WORDS = 12
_ROWS = 512

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Pair:
    """Two passages that are nearly the same."""

    one: SearchablePassage
    other: SearchablePassage
    cosine: float
    overlap: float

    @property
    def same_document(self) -> bool:
        return self.one.document_id == self.other.document_id


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Every three words in a row."""
    said = words(text)
    return frozenset(tuple(said[at : at + SHINGLE]) for at in range(max(1, len(said) - SHINGLE + 1)))


def overlap(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    """Which share of the shorter text stands in the longer one."""
    return len(one & other) / max(1, min(len(one), len(other)))


def pairs(
    passages: Sequence[SearchablePassage],
    documents: Collection[str] | None = None,
    progress: Progress | None = None,
) -> list[Pair]:
    """The near-identical passages, the likest first; with `documents` only those with a part in them.

    Passages of which the vectors come from another encoder are left out: they cannot be compared.
    """
    kept = [one for one in passages if len(words(one.text)) >= LEAST_WORDS]
    encoders = {one.encoder for one in kept}
    if len(encoders) > 1:
        most = max(encoders, key=lambda name: sum(one.encoder == name for one in kept))
        kept = [one for one in kept if one.encoder == most]
    matrix = unpack([one.vector for one in kept])
    wanted = [at for at, one in enumerate(kept) if documents is None or one.document_id in documents]
    known: dict[int, frozenset[tuple[str, ...]]] = {}

    def of(at: int) -> frozenset[tuple[str, ...]]:
        if at not in known:
            known[at] = shingles(kept[at].text)
        return known[at]

    found: dict[tuple[int, int], Pair] = {}
    for one, other, cosine in _near(matrix, wanted, progress):
        pair = (min(one, other), max(one, other))
        if one != other and pair not in found and (shared := overlap(of(one), of(other))) >= LEAST_OVERLAP:
            found[pair] = Pair(kept[pair[0]], kept[pair[1]], cosine, shared)
    return sorted(found.values(), key=lambda pair: (-pair.overlap, -pair.cosine))


def _near(matrix: Vectors, wanted: list[int], progress: Progress | None) -> Iterator[tuple[int, int, float]]:
    """Positions whose vectors are near each other; some rows at a time, so that memory stays small."""
    for start in range(0, len(wanted), _ROWS):
        rows = wanted[start : start + _ROWS]
        scores = matrix[rows] @ matrix.T
        for row, other in np.argwhere(scores >= LEAST_COSINE):
            yield rows[row], int(other), float(scores[row, other])
        if progress:
            progress(min(start + _ROWS, len(wanted)), len(wanted))
