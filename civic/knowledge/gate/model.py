"""From signals to a probability: the numbers of two judgements are in `weights.json`.

One, a logistic regression, tells questions that belong here from those of another world. The other tells
questions whose page is there from those of which only related pages are: half of it is such a regression too,
half a sum of small trees, which see what a sum of signals does not (how much a lead over other pages says
depends on how good the best one is). What speaks for the one may speak against the other, so that one
judgement for both does neither well. The smaller chance counts: an answer needs both.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from civic.knowledge.gate import features
from civic.knowledge.index import Hit, PassageIndex, Query

WEIGHTS = Path(__file__).with_name("weights.json")
# In standard deviations: what is farther from all that was seen in training says no more than this.
FARTHEST = 3.0

# Of the rarity of a question's words, the share that counts as all of it.
ALL = 0.999

# Among so few passages, what stands out and what is rare says nothing: cosine and BM25 decide alone, by a
# logistic regression on cosine and BM25 over ln(1 + passages), and the point at which it answered.
FEW = 60
COSINE, WORDING, INTERCEPT, POINT = 7.5, 1.64, -4.9, 0.45


@dataclass(frozen=True)
class Signal:
    """How one feature is standardised, and what it weighs."""

    mean: float
    spread: float
    weight: float


@dataclass(frozen=True)
class Regression:
    """Log-odds as a weighted sum of standardised signals."""

    start: float
    signals: Mapping[str, Signal]

    def odds(self, values: Mapping[str, float]) -> float:
        total = self.start
        for name, signal in self.signals.items():
            distance = (values[name] - signal.mean) / signal.spread
            total += signal.weight * max(-FARTHEST, min(FARTHEST, distance))
        return total


# What a tree adds to the log-odds; or the place of a feature, a number, and where to go on: first where the
# feature is at most that number, else second.
Tree = float | Sequence[Any]


@dataclass(frozen=True)
class Trees:
    """Log-odds as the sum of what small trees say."""

    start: float
    names: Sequence[str]
    trees: Sequence[Tree]

    def odds(self, values: Mapping[str, float]) -> float:
        placed = [values[name] for name in self.names]
        total = self.start
        for tree in self.trees:
            while not isinstance(tree, float):
                feature, least, below, above = tree
                tree = below if placed[feature] <= least else above
            total += tree
        return total


@dataclass(frozen=True)
class Gate:
    """Says how likely it is that the best hits answer a question."""

    belongs: Regression
    answers: Regression
    # What the trees say of the same; the middle of both is taken.
    trees: Trees
    threshold: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Gate:
        """Reads the numbers; a file that does not fit the features of this version is refused."""
        read = json.loads(path.read_text(encoding="utf-8"))
        belongs, answers = (_regression(read[name]) for name in ("belongs", "answers"))
        trees = Trees(**read["trees"])
        known = set(features.NAMES)
        if list(trees.names) != features.NAMES or not known.issuperset((*belongs.signals, *answers.signals)):
            raise ValueError(f"{path.name} is for other features; run `python -m evaluation.train_gate`")
        return cls(belongs, answers, trees, float(read["threshold"]))

    @classmethod
    @lru_cache(maxsize=1)
    def shipped(cls) -> Gate:
        """The gate with the numbers of this version, read once."""
        return cls.load()

    def probability(self, query: Query, hits: Sequence[Hit], index: PassageIndex) -> float:
        """How likely it is, from 0 to 1, that the best of these hits answers; 0 without any."""
        if not hits:
            return 0.0
        values = features.values(query, hits, index)
        return self.among_few(values) if len(index) < FEW else self.of(values)

    def among_few(self, values: Mapping[str, float]) -> float:
        """The same for a collection of a few passages, moved so that the same threshold serves."""
        total = COSINE * values["meaning"] + WORDING * values["wording"] + INTERCEPT
        return _chance(total - _odds(POINT) + _odds(self.threshold))

    def of(self, values: Mapping[str, float]) -> float:
        """The same from features computed before."""
        return min(self.judged(values))

    def judged(self, values: Mapping[str, float]) -> tuple[float, float]:
        """How likely it is that the question belongs here, and that what was found answers it.

        Who names a document by its whole title, and asks of nothing that the passage does not speak of,
        belongs here however little the encoder knows the words: "how much is an allotment".
        """
        answers = (self.answers.odds(values) + self.trees.odds(values)) / 2
        named = values["title_named"] > 0 and values["covered"] >= ALL
        return 1.0 if named else _chance(self.belongs.odds(values)), _chance(answers)


def _regression(read: Mapping[str, Any]) -> Regression:
    signals = {name: Signal(*numbers) for name, numbers in read["signals"].items()}
    return Regression(float(read["start"]), signals)


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


# Read by itself, so that the features can change before their weights are fitted anew.
DEFAULT_THRESHOLD = float(json.loads(WEIGHTS.read_text(encoding="utf-8"))["threshold"])
