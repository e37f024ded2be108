"""Questions that mean the same are put together; small enough to be read at one glance."""

from __future__ import annotations

import numpy as np

from civic.knowledge.index import Vectors

# From this cosine on two questions ask the same, so that one answer serves both; measured, see
# docs/features/knowledge.md.
SAME = 0.80
# From this cosine on they are about the same thing, for the coverage.
ABOUT_THE_SAME = 0.55


def groups(vectors: Vectors, least: float) -> list[list[int]]:
    """Positions in groups, the largest first; in each the one that stands for it best comes first.

    Greedy: whoever has most neighbours that nobody took founds the next group, so that no group is
    a chain whose ends have nothing to do with each other.
    """
    count = len(vectors)
    if not count:
        return []
    near = (vectors @ vectors.T) >= least
    np.fill_diagonal(near, True)
    free = np.ones(count, dtype=bool)
    found: list[list[int]] = []
    while free.any():
        reach = (near & free).sum(axis=1) * free
        founder = int(np.argmax(reach))
        members = np.flatnonzero(near[founder] & free)
        inside = vectors[members] @ vectors[members].sum(axis=0)
        found.append([int(one) for one in members[np.argsort(-inside, kind="stable")]])
        free[members] = False
    return sorted(found, key=len, reverse=True)


def like(vectors: Vectors, vector: Vectors, least: float = SAME) -> list[int]:
    """The positions of what asks the same as `vector`, the likest first."""
    if not len(vectors):
        return []
    scores = vectors @ vector
    return [int(one) for one in np.argsort(-scores, kind="stable") if scores[one] >= least]
