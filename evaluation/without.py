"""An index as if one page had never been imported, without building it anew.

The same ranking and the same counts as an index of the other passages: only how rare a word is, and how long
a passage is on average, have to be worked out again.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from civic.knowledge.index import Entry, PassageIndex, Vectors
from civic.knowledge.index.types import K1, B
from civic.knowledge.words import stems

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Words:
    """For each stem its passages and how often it stands in each, and how long all passages are."""

    postings: Mapping[str, tuple[npt.NDArray[np.intp], Numbers]]
    lengths: Numbers

    @classmethod
    def of(cls, texts: Sequence[str]) -> Words:
        places: dict[str, list[tuple[int, int]]] = {}
        lengths = []
        for at, text in enumerate(texts):
            found = stems(text)
            lengths.append(len(found))
            for stem, times in Counter(found).items():
                places.setdefault(stem, []).append((at, times))
        postings = {
            stem: (np.array([at for at, _ in held]), np.array([float(times) for _, times in held]))
            for stem, held in places.items()
        }
        return cls(postings, np.array(lengths, dtype=float))


class Without(PassageIndex):
    """All passages of an index but those of one page, which stand together."""

    def __init__(self, index: PassageIndex, words: Words, page: str) -> None:
        places = [at for at, one in enumerate(index.entries) if one.document_id == page]
        self._start, self._end = (places[0], places[-1] + 1) if places else (0, 0)
        if len(places) != self._end - self._start:
            raise ValueError(f"the passages of {page} do not stand together")
        self.entries = _cut(index.entries, self._start, self._end)
        vectors = index.vectors_at(range(len(index)))
        self._vectors: Vectors = np.concatenate([vectors[: self._start], vectors[self._end :]])
        self._words = words
        self._lengths = np.delete(words.lengths, np.s_[self._start : self._end])
        self._spellings = Counter(index.spellings())

    def frequency(self, stem: str) -> int:
        """In how many passages a stem stands."""
        return len(self._places(stem)[0])

    def _places(self, stem: str) -> tuple[npt.NDArray[np.intp], Numbers]:
        places, times = self._words.postings.get(stem, (np.zeros(0, dtype=np.intp), np.zeros(0)))
        first, last = np.searchsorted(places, (self._start, self._end))
        left = np.concatenate([places[:first], places[last:] - (self._end - self._start)])
        return left, np.concatenate([times[:first], times[last:]])

    def _word_scores(self, text: str) -> Vectors:
        scores, count = np.zeros(len(self.entries)), len(self.entries)
        for stem, repeated in Counter(stems(text)).items():
            places, times = self._places(stem)
            if len(places):
                rarity = math.log(1 + (count - len(places) + 0.5) / (len(places) + 0.5))
                norm = 1 - B + B * self._lengths[places] / self._lengths.mean()
                scores[places] += repeated * rarity * times / (times + K1 * norm)
        return scores.astype(np.float32)


def _cut(entries: Sequence[Entry], start: int, end: int) -> list[Entry]:
    return [*entries[:start], *entries[end:]]
