"""How little is too little: when a message is refused, and when two readings are a toss-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

OUT_OF_SCOPE = "out_of_scope"
# What part of the messages is taken to be strangers when the threshold is fitted: one in five, where the
# examples say what strangers are like; about half, where nobody said, since live bots hear that many.
STRANGERS = 0.2
UNKNOWN_STRANGERS = 0.4
STEPS = 200


@dataclass(frozen=True)
class Held:
    """A held-out example: what it is, what it was taken for among what belongs here, and how surely."""

    label: str
    guess: str
    score: float
    lead: float

    @classmethod
    def of(cls, ranking: Sequence[tuple[str, float]], score: float, label: str) -> Held:
        home = [name for name, _ in ranking if name != OUT_OF_SCOPE]
        lead = ranking[0][1] - (ranking[1][1] if len(ranking) > 1 else 0.0)
        return cls(label, home[0] if home else OUT_OF_SCOPE, score, lead)


def least_score(held: Sequence[Held], strangers: float = STRANGERS) -> float:
    """The threshold at which held-out examples give the best Matthews correlation."""
    labels = np.array([one.label for one in held])
    guesses = np.array([one.guess for one in held])
    scores = np.array([one.score for one in held])
    strange = labels == OUT_OF_SCOPE
    if not len(held) or not strange.any() or strange.all():
        return float("-inf")
    weights = np.where(strange, strangers / strange.sum(), (1 - strangers) / (~strange).sum())
    tried = np.unique(np.quantile(scores, np.linspace(0, 1, STEPS)))
    found = [matthews(labels, np.where(scores >= at, guesses, OUT_OF_SCOPE), weights) for at in tried]
    return float(tried[int(np.argmax(found))])


def least_lead(held: Sequence[Held]) -> float:
    """The lead below which the first reading of a friend was wrong in three cases of five."""
    friends = sorted((one for one in held if one.label != OUT_OF_SCOPE), key=lambda one: one.lead)
    least, gain, best = 0.0, 0.0, 0.0
    for one in friends:
        gain += 1.0 if one.guess != one.label else -1.5
        if gain > best:
            least, best = one.lead, gain
    return least


def matthews(labels: np.ndarray, guesses: np.ndarray, weights: np.ndarray | None = None) -> float:
    """The Matthews correlation over all classes, from -1 to 1; 0 where it is not defined."""
    each = np.ones(len(labels)) if weights is None else weights
    names, places = np.unique(np.concatenate([labels, guesses]), return_inverse=True)
    true, taken = places[: len(labels)], places[len(labels) :]
    size = each.sum()
    right = each[true == taken].sum()
    is_ = np.bincount(true, each, len(names))
    said = np.bincount(taken, each, len(names))
    scale = np.sqrt((size**2 - (said**2).sum()) * (size**2 - (is_**2).sum()))
    return float((right * size - (is_ * said).sum()) / scale) if scale > 1e-12 else 0.0
