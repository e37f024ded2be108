"""From signals to a probability: two logistic regressions whose numbers are in `weights.json`.

One tells questions that belong here from those of another world, the other tells questions whose page is
there from those of which only related pages are. What speaks for the one may speak against the other, so that
one regression for both does neither well. The smaller chance counts: an answer needs both.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from civic.knowledge.gate import features
from civic.knowledge.index import Hit, PassageIndex, Query

WEIGHTS = Path(__file__).with_name("weights.json")
# In standard deviations: what is farther from all that was seen in training says no more than this.
FARTHEST = 3.0

# Among so few passages, what stands out and what is rare says nothing: cosine and BM25 decide alone, by a
# logistic regression on cosine and BM25 over ln(1 + passages), and the point at which it answered.
FEW = 60
COSINE, WORDING, INTERCEPT, POINT = 7.5, 1.64, -4.9, 0.45


@dataclass(frozen=True)
class Signal:
    """How one feature is standardised, and what it weighs in each judgement."""

    mean: float
    spread: float
    belongs: float
    answers: float


@dataclass(frozen=True)
class Intercepts:
    """Where each judgement starts, in log-odds."""

    belongs: float
    answers: float


@dataclass(frozen=True)
class Gate:
    """Says how likely it is that the best hits answer a question."""

    signals: Mapping[str, Signal]
    intercepts: Intercepts
    threshold: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Gate:
        """Reads the numbers; a file that does not fit the features of this version is refused."""
        read = json.loads(path.read_text(encoding="utf-8"))
        signals = {name: Signal(**numbers) for name, numbers in read["signals"].items()}
        expected = [feature.__name__ for feature in features.FEATURES]
        if list(signals) != expected:
            raise ValueError(f"{path.name} is for other features; run `python -m evaluation.train_gate`")
        return cls(signals, Intercepts(**read["intercepts"]), float(read["threshold"]))

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
        """How likely it is that the question belongs here, and that what was found answers it."""
        belongs, answers = self.intercepts.belongs, self.intercepts.answers
        for name, signal in self.signals.items():
            distance = max(-FARTHEST, min(FARTHEST, (values[name] - signal.mean) / signal.spread))
            belongs += signal.belongs * distance
            answers += signal.answers * distance
        return _chance(belongs), _chance(answers)


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _odds(chance: float) -> float:
    return math.log(chance / (1 - chance))


# Read by itself, so that the features can change before their weights are fitted anew.
DEFAULT_THRESHOLD = float(json.loads(WEIGHTS.read_text(encoding="utf-8"))["threshold"])
