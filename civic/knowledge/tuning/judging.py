"""Judges an encoder by what it finds for pairs that it was not trained on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civic.knowledge.index import Encoder, Entry
from civic.knowledge.tuning.pairs import Pair, without_name

# An encoder must be this much better to be worth the change.
MARGIN = 0.002


@dataclass(frozen=True)
class Judgement:
    """Shares of held-back questions whose passage came first and among five, and the mean of 1/rank."""

    first: float
    among_five: float
    mrr: float
    questions: int

    def is_better_than(self, other: Judgement) -> bool:
        """Whether it is worth changing from the other one."""
        return self.mrr > other.mrr + MARGIN


def judge(encoder: Encoder, entries: Sequence[Entry], held_back: Sequence[Pair]) -> Judgement:
    """Looks for each question among all passages, each without the name that the question was made of."""
    ranks: list[int] = []
    for kind in sorted({pair.kind for pair in held_back}):
        pairs = [pair for pair in held_back if pair.kind == kind]
        passages = encoder.encode([without_name(kind, entry) for entry in entries])
        right: dict[str, set[int]] = defaultdict(set)  # a section may be cut into several passages
        for pair in pairs:
            right[pair.question].add(pair.passage)
        asked = list(right)
        scores = encoder.encode(asked) @ passages.T
        order = np.argsort(-scores, axis=1, kind="stable")
        ranks += [
            int(np.flatnonzero(np.isin(row, list(right[question])))[0])
            for row, question in zip(order, asked, strict=True)
        ]
    found = np.array(ranks) if ranks else np.array([0])
    return Judgement(
        first=round(float(np.mean(found < 1)), 4),
        among_five=round(float(np.mean(found < 5)), 4),
        mrr=round(float(np.mean(1 / (1 + found))), 4),
        questions=len(ranks),
    )
