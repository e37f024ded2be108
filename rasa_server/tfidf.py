"""Word and character tf-idf in NumPy, which loads at once and is the same on every machine."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

WORD = re.compile(r"\w+|[^\w\s]", re.UNICODE)


def grams(text: str) -> Iterable[str]:
    """Words, pairs of words, and two to four characters inside each word; each kind has its prefix."""
    words = WORD.findall(text.lower())
    yield from (f"w:{word}" for word in words)
    yield from (f"p:{first} {second}" for first, second in pairwise(words))
    for word in words:
        padded = f" {word} "
        for size in (2, 3, 4):
            yield from (f"c:{padded[i : i + size]}" for i in range(len(padded) - size + 1))


@dataclass(frozen=True)
class Row:
    """A sparse vector: which columns, and how much."""

    columns: np.ndarray
    values: np.ndarray


class TfIdf:
    """Turns a text into a sparse vector of length `weight`, words and characters sharing it equally."""

    def __init__(self, vocabulary: Sequence[str], idf: np.ndarray, weight: float) -> None:
        self.vocabulary = list(vocabulary)
        self.idf = idf.astype(np.float32)
        self.weight = weight
        self._column = {gram: column for column, gram in enumerate(self.vocabulary)}
        self._is_word = np.array([not gram.startswith("c:") for gram in self.vocabulary], dtype=bool)

    @classmethod
    def fit(cls, texts: Sequence[str], weight: float = 0.5, at_least: int = 2) -> TfIdf:
        """Learn the grams that occur in `at_least` texts."""
        seen = Counter(gram for text in texts for gram in set(grams(text)))
        vocabulary = sorted(gram for gram, count in seen.items() if count >= at_least)
        counts = np.array([seen[gram] for gram in vocabulary], dtype=np.float32)
        idf = np.log((1 + len(texts)) / (1 + counts)) + 1
        return cls(vocabulary, idf, weight)

    def row(self, text: str) -> Row:
        """The vector of one text; a text of unknown grams gives an empty one."""
        counts = Counter(self._column[gram] for gram in grams(text) if gram in self._column)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.idf[
            columns
        ]
        words = self._is_word[columns]
        for part in (words, ~words):
            length = float(np.linalg.norm(values[part]))
            if length:
                values[part] *= self.weight / length
        return Row(columns, values.astype(np.float32))
