"""Synthetic passages and questions about them: the same ones each time, with the word skew of real texts.

Words: the town's own words by how often they stand in its documents, then made-up ones, drawn with
Zipf's law; a third of a passage comes from the few hundred words of its topic. Vectors: each topic lies
near the encoded passage of a real document, each passage near its topic, each question near its passage,
at the distances (cosine about 0.6 within a topic, 0.7 from a question to its passage) that encoded texts
have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from civic.encoder import SentenceEncoder
from civic.knowledge.importing import find_files, parse
from civic.knowledge.index import Entry, Query, Vectors
from civic.knowledge.index.stored import Batch
from civic.knowledge.passages import indexed_text, split
from civic.knowledge.words import COMMON, words

BATCH = 5_000
WORDS_A_PASSAGE = 55
VOCABULARY = 150_000
TOPIC_WORDS = 300
PASSAGES_A_TOPIC = 60
# Lengths of the noise that is added to unit vectors.
TOPIC_NOISE, PASSAGE_NOISE, QUESTION_NOISE = 0.9, 0.8, 1.0


@dataclass(frozen=True)
class Seeds:
    """What is taken from real documents."""

    vectors: Vectors
    words: list[str]


def seeds(policies: Path, encoder: SentenceEncoder) -> Seeds:
    """The encoded passages of the town's documents, and their words by frequency."""
    texts = []
    for path in find_files([policies]):
        for document in parse(path).documents:
            texts += [indexed_text(document.title, one.heading, one.text) for one in split(document.blocks)]
    counted = Counter(word for text in texts for word in words(text) if word not in COMMON)
    return Seeds(encoder.encode(texts), [word for word, _ in counted.most_common()])


class Collection:
    """So many passages, made batch by batch; each batch from its own seed, in any order, in any process."""

    def __init__(self, size: int, found: Seeds) -> None:
        self.size = size
        self._words = np.array(found.words + [_made_up(n) for n in range(VOCABULARY - len(found.words))])
        chance = 1 / (np.arange(1, VOCABULARY + 1) + 2.7) ** 1.05
        self._upto = np.cumsum(chance / chance.sum())
        topics = max(1, size // PASSAGES_A_TOPIC)
        self._random = np.random.default_rng(size)
        real = found.vectors[self._random.integers(len(found.vectors), size=topics)]
        self._topics = _near(real, TOPIC_NOISE, self._random)
        self._topic_words = self._draw(self._random, (topics, TOPIC_WORDS), rarest=True)

    def batches(self) -> Iterator[Batch]:
        """Every passage, in order."""
        for start in range(0, self.size, BATCH):
            yield self.batch(start)

    def batch(self, start: int) -> Batch:
        """The passages from this one on."""
        count = min(BATCH, self.size - start)
        random = np.random.default_rng([self.size, start])
        topic = random.integers(len(self._topics), size=count)
        numbers = self._draw(random, (count, WORDS_A_PASSAGE))
        own = random.random((count, WORDS_A_PASSAGE)) < 1 / 3
        picked = self._topic_words[topic[:, None], random.integers(TOPIC_WORDS, size=own.shape)]
        texts = [" ".join(row) for row in self._words[np.where(own, picked, numbers)].tolist()]
        # As they come out of the database: rounded to sixteen bits.
        vectors = _near(self._topics[topic], PASSAGE_NOISE, random).astype("<f2").astype(np.float32)
        entries = [Entry(f"{start + n:09d}", 1, "", (), text) for n, text in enumerate(texts)]
        return Batch(entries, vectors, texts)

    def questions(self, count: int) -> list[Query]:
        """Questions about passages drawn at random: six of its words, and a vector near its own."""
        random = np.random.default_rng([self.size, 7])
        asked = []
        for place in random.integers(self.size, size=count):
            batch = self.batch(int(place) // BATCH * BATCH)
            at = int(place) % BATCH
            text = " ".join(random.choice(batch.texts[at].split(), 6, replace=False))
            asked.append(Query((text,), _near(batch.vectors[at][None], QUESTION_NOISE, random)))
        return asked

    def _draw(
        self, random: np.random.Generator, shape: tuple[int, int], rarest: bool = False
    ) -> npt.NDArray[np.int64]:
        drawn = random.random(shape)
        if rarest:  # what a topic is about is not what every text says
            drawn = 0.5 + drawn / 2
        return np.minimum(np.searchsorted(self._upto, drawn), VOCABULARY - 1)


def _near(vectors: Vectors, length: float, random: np.random.Generator) -> Vectors:
    noise = random.standard_normal(vectors.shape, dtype=np.float32)
    moved = vectors + noise * np.float32(length / np.sqrt(vectors.shape[1]))
    near: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return near


def _made_up(number: int) -> str:
    """A word that nobody uses; its letters say its number, so that no two are alike."""
    letters = ""
    while True:
        number, syllable = divmod(number, 85)
        letters += "bcdfglmnprstvwxyz"[syllable % 17] + "aeiou"[syllable // 17]
        if not number:
            return letters + "q"
