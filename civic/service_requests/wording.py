"""How much two short texts share: word, word-pair and letter features weighted by how telling they are."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

WORD = re.compile(r"[^\W\d_]+")


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, without numbers and punctuation."""
    return WORD.findall(text.lower())


def features(text: str) -> list[str]:
    """Words, pairs of neighbours, and three or four letters in a row, which survive a misspelling."""
    words = words_of(text)
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    letters = [
        f"<{word}>"[start : start + size]
        for word in words
        for size in (3, 4)
        for start in range(len(word) + 3 - size)
    ]
    return words + pairs + letters


class Wording:
    """Unit tf-idf vectors over the features that at least so many of the given texts have."""

    def __init__(self, texts: Iterable[str], at_least: int = 1) -> None:
        seen: Counter[str] = Counter()
        count = 0
        for text in texts:
            count += 1
            seen.update(set(features(text)))
        if at_least > 1:
            seen = Counter({feature: often for feature, often in seen.items() if often >= at_least})
        self._column = {feature: column for column, feature in enumerate(seen)}
        self._weight = np.array(
            [math.log((1 + count) / (1 + often)) + 1 for often in seen.values()], dtype=np.float32
        )

    def vectors(self, texts: Sequence[str]) -> Matrix:
        """One unit vector a text; a text without a known feature is all zeros."""
        matrix = np.zeros((len(texts), len(self._column)), dtype=np.float32)
        for row, text in enumerate(texts):
            for feature, often in Counter(features(text)).items():
                column = self._column.get(feature)
                if column is not None:
                    matrix[row, column] = math.log1p(often) * self._weight[column]
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        lengths[lengths == 0] = 1
        unit: Matrix = matrix / lengths
        return unit
