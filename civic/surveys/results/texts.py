"""Free answers: how they sound, and which of them mean the same."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from civic.kit.personal_data import find, redact
from civic.kit.services import Services

Vectors = npt.NDArray[np.float32]

# From this cosine on two answers are about the same thing. Answers are a few words long, and less alike in
# numbers than whole questions are: at 0.55 nothing is found, at 0.35 benches and swings become one.
SAME = 0.40
MOST_TEXTS = 2000  # of more answers as many are drawn by lot
QUOTES = 3
# As the makers of VADER advise: C. Hutto and E. Gilbert, "VADER: a parsimonious rule-based model for
# sentiment analysis of social media text", ICWSM 2014.
POSITIVE, NEGATIVE = 0.05, -0.05


class Encoder(Protocol):
    """What turns texts into vectors of length one."""

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """One vector a text."""


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def feeling(text: str, language: str) -> float | None:
    """How a text sounds, from -1 to 1; None in languages that the word list does not know."""
    if language.split("-")[0] != "en":
        return None
    return float(_analyzer().polarity_scores(text)["compound"])


@dataclass(frozen=True)
class Group:
    """Answers that mean the same: how many, and those that say it best."""

    size: int
    quotes: list[str]


def drawn(texts: Sequence[str], seed: str) -> list[str]:
    """All of the texts or, of too many, some drawn by lot; the same ones for the same seed."""
    if len(texts) <= MOST_TEXTS:
        return list(texts)
    return random.Random(seed).sample(list(texts), MOST_TEXTS)


def grouped(texts: Sequence[str], encoder: Encoder, least: int) -> tuple[list[Group], int]:
    """The texts in groups of the same meaning, the largest first, and how many are in none.

    Whoever has most neighbours that nobody took founds the next group; then every text goes to the group
    whose middle is nearest. A group of fewer than `least` is none: nobody's words stand alone.
    """
    if not texts:
        return [], 0
    vectors = encoder.encode(texts)
    members = [group for group in _found(vectors, least) if len(group) >= least]
    if not members:
        return [], len(texts)
    middles = np.stack([_middle(vectors, group) for group in members])
    scores = vectors @ middles.T
    nearest, best = scores.argmax(axis=1), scores.max(axis=1)
    groups = []
    taken = 0
    for number in range(len(members)):
        mine = np.flatnonzero((nearest == number) & (best >= SAME))
        if len(mine) < least:
            continue
        taken += len(mine)
        order = mine[np.argsort(-scores[mine, number], kind="stable")]
        groups.append(Group(len(mine), _different([texts[at] for at in order])))
    return sorted(groups, key=lambda one: -one.size), len(texts) - taken


def _found(vectors: Vectors, least: int) -> list[list[int]]:
    near = (vectors @ vectors.T) >= SAME
    np.fill_diagonal(near, True)
    free = np.ones(len(vectors), dtype=bool)
    reach = near.sum(axis=1)
    groups: list[list[int]] = []
    while free.any():
        founder = int(np.argmax(np.where(free, reach, -1)))
        if reach[founder] < least:
            break  # nobody has enough neighbours left
        members = np.flatnonzero(near[founder] & free)
        free[members] = False
        reach = reach - near[:, members].sum(axis=1)
        groups.append([int(one) for one in members])
    return groups


def _middle(vectors: Vectors, group: list[int]) -> Vectors:
    middle = vectors[group].mean(axis=0)
    return np.asarray(middle / np.linalg.norm(middle), dtype=np.float32)


def _different(texts: Sequence[str]) -> list[str]:
    """The first few that are not the same words again."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(" ".join(text.lower().split()).strip(" .!?"), " ".join(text.split()))
        if len(found) == QUOTES:
            break
    return list(found.values())


def without_personal_data(services: Services) -> Callable[[str], str]:
    """What puts the kind of a phone number, a mail address and the like in its place."""

    def clean(text: str) -> str:
        seen = find(text, services.settings.region, (services.settings.council_phone,))
        return redact(text, seen, lambda kind: services.text(f"personal-data-{kind}"))

    return clean
