"""The exact index: every passage is scored for every query; right for a town, too slow for a nation."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from civic.knowledge.index.types import DENSE_WEIGHT, K1, B, Entry, Hit, Query, Vectors
from civic.knowledge.words import stems, words

# Of a very long document, what stands this near to a passage is looked at with it.
AROUND = 30


class PassageIndex:
    """Ranks passages for a query; safe to use from many threads."""

    entries: Sequence[Entry]
    _spellings: Counter[str] | None = None

    def __init__(self, entries: Sequence[Entry], vectors: Vectors, texts: Sequence[str]) -> None:
        """`texts` are what is searched: each passage with its title and headings in front."""
        if not len(entries) == len(vectors) == len(texts):
            raise ValueError("each passage needs one vector and one text")
        self.entries = list(entries)
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        self._wording = _wording([stems(text) for text in texts]) if entries else None

    def __len__(self) -> int:
        return len(self.entries)

    def search(self, query: Query, top: int = 10) -> list[Hit]:
        """The best `top` passages, best first."""
        if not self.entries:
            return []
        dense, sparse = self.scores(query)
        score = _together(dense, sparse)
        order = np.argsort(-score, kind="stable")[:top]
        return [
            Hit(self.entries[i], float(score[i]), float(dense[i]), float(sparse[i]), i)
            for i in map(int, order)
        ]

    def document_around(self, hit: Hit, most: int = AROUND) -> range:
        """The positions of the hit's document; of a long one at most `most` before the hit and after it.

        The passages of a document stand together. A hit that was not searched for has none.
        """
        if hit.position < 0:
            return range(0)
        first = last = hit.position
        while first and hit.position - first < most and self._is_of(first - 1, hit):
            first -= 1
        while last + 1 < len(self) and last - hit.position < most and self._is_of(last + 1, hit):
            last += 1
        return range(first, last + 1)

    def _is_of(self, position: int, hit: Hit) -> bool:
        return self.entries[position].document_id == hit.entry.document_id

    def vectors_at(self, positions: range) -> Vectors:
        """The vectors of passages that stand together."""
        return self._vectors[positions.start : positions.stop]

    def order(self, query: Query) -> npt.NDArray[np.intp]:
        """The positions of all passages, best first; for measuring."""
        return np.argsort(-_together(*self.scores(query)), kind="stable")

    def scores(self, query: Query) -> tuple[Vectors, Vectors]:
        """Cosine and BM25 score of every passage, averaged over the query's wordings."""
        dense = (self._vectors @ query.vectors.T).mean(axis=1)
        sparse = np.mean([self._word_scores(text) for text in query.texts], axis=0)
        return dense, sparse.astype(np.float32)

    def frequency(self, stem: str) -> int:
        """In how many passages a stem stands."""
        column = None if self._wording is None else self._wording.vocab_dict.get(stem)
        if not stem or column is None or self._wording is None:
            return 0
        ends = self._wording.scores["indptr"]
        return int(ends[column + 1] - ends[column])

    def spellings(self) -> Mapping[str, int]:
        """The words of titles and passages as they are written, in lower case, and how often each occurs."""
        if self._spellings is None:
            counted: Counter[str] = Counter()
            for entry in self.entries:
                counted.update(words(f"{entry.title} {entry.text}"))
            self._spellings = counted
        return self._spellings

    def _word_scores(self, text: str) -> Vectors:
        known = (
            []
            if self._wording is None
            else [word for word in stems(text) if word in self._wording.vocab_dict]
        )
        if not known or self._wording is None:
            return np.zeros(len(self.entries), dtype=np.float32)
        found: Vectors = self._wording.get_scores(known)
        return found


def _together(dense: Vectors, sparse: Vectors) -> Vectors:
    score: Vectors = DENSE_WEIGHT * _standard(dense) + (1 - DENSE_WEIGHT) * _standard(sparse)
    return score


def _standard(scores: Vectors) -> Vectors:
    spread = float(scores.std())
    result: Vectors = (scores - scores.mean()) / spread if spread > 1e-6 else np.zeros_like(scores)
    return result


def _wording(words: list[list[str]]) -> Any:
    if not any(words):
        return None
    retriever = _bm25s().BM25(k1=K1, b=B, csc_backend="numpy")
    retriever.index(words, show_progress=False)
    return retriever


@lru_cache(maxsize=1)
def _bm25s() -> Any:
    """The library, imported without scipy: it tries to import it, does not need it, and it takes seconds."""
    hidden = "scipy" not in sys.modules
    if hidden:
        sys.modules["scipy"] = None  # type: ignore[assignment]
    try:
        import bm25s
    finally:
        if hidden:
            del sys.modules["scipy"]
    logging.getLogger("bm25s").setLevel(logging.WARNING)  # it asks for DEBUG itself
    return bm25s
