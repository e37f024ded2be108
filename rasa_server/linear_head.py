"""Logistic regression over a sentence's vector and its tf-idf, and a score of how much at home it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rasa_server import softmax_regression
from rasa_server.tfidf import TfIdf
from rasa_server.thresholds import OUT_OF_SCOPE, STRANGERS, UNKNOWN_STRANGERS, Held, least_lead, least_score

# Measured on public data: the largest logit plus about eight times the mean cosine to the nearest training
# sentences tells strangers from friends better than either alone; the logit of the examples that do not
# belong here counts a little against.
COSINE_WEIGHT = 8.0
STRANGER_WEIGHT = 0.25
NEAREST = 5
FOLDS = 4
# With so many examples one part held out says as much as every part in turn.
MANY = softmax_regression.MANY
ONE_IN = 10


@dataclass(frozen=True)
class Judgement:
    """What the head thinks of a message: intents from likely to unlikely, and its score of belonging."""

    ranking: list[tuple[str, float]]
    score: float


class LinearHead:
    """A trained head: its weights, the sentences it measures nearness by, and what it learned to doubt."""

    def __init__(
        self,
        classes: Sequence[str],
        tfidf: TfIdf,
        dense: np.ndarray,
        sparse: np.ndarray,
        bias: np.ndarray,
        known: np.ndarray,
        threshold: float = -np.inf,
        margin: float = 0.0,
    ) -> None:
        self.classes = list(classes)
        self.tfidf = tfidf
        self.dense = dense.astype(np.float32)
        self.sparse = sparse.astype(np.float32)
        self.bias = bias.astype(np.float32)
        self.known = known.astype(np.float32)
        self.threshold = threshold
        self.margin = margin
        self._at_home = np.array([name != OUT_OF_SCOPE for name in self.classes])

    def judge(self, text: str, vector: np.ndarray) -> Judgement:
        """Rank the intents for one text whose sentence vector is given."""
        row = self.tfidf.row(text)
        logits = self.bias + vector @ self.dense + row.values @ self.sparse[row.columns]
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        return Judgement([(self.classes[i], float(shares[i])) for i in order], self._score(logits, vector))

    def at_home(self, judgement: Judgement) -> str:
        """The likeliest intent among those that belong here."""
        return next((name for name, _ in judgement.ranking if name != OUT_OF_SCOPE), OUT_OF_SCOPE)

    def _score(self, logits: np.ndarray, vector: np.ndarray) -> float:
        score = float(logits[self._at_home].max(initial=-1e6))
        if not self._at_home.all():
            score -= STRANGER_WEIGHT * float(logits[~self._at_home].max())
        cosines = self.known @ vector
        if len(cosines) > NEAREST:
            cosines = np.partition(cosines, -NEAREST)[-NEAREST:]
        return score + COSINE_WEIGHT * (float(cosines.mean()) if len(cosines) else 0.0)

    def save(self, path: Path) -> None:
        """Write plain arrays: reading them back runs no code and scans no library."""
        np.savez_compressed(
            path,
            classes=np.array(self.classes, dtype=np.str_),
            vocabulary=np.array(self.tfidf.vocabulary, dtype=np.str_),
            idf=self.tfidf.idf,
            weight=np.float32(self.tfidf.weight),
            dense=self.dense,
            sparse=self.sparse,
            bias=self.bias,
            known=self.known.astype(np.float16),
            threshold=np.float64(self.threshold),
            margin=np.float64(self.margin),
        )

    @classmethod
    def load(cls, path: Path) -> LinearHead:
        with np.load(path, allow_pickle=False) as stored:
            tfidf = TfIdf(stored["vocabulary"].tolist(), stored["idf"], float(stored["weight"]))
            return cls(
                stored["classes"].tolist(),
                tfidf,
                *(stored[name] for name in ("dense", "sparse", "bias", "known")),
                threshold=float(stored["threshold"]),
                margin=float(stored["margin"]),
            )


def train(
    texts: Sequence[str],
    vectors: np.ndarray,
    labels: Sequence[str],
    strength: float = 30.0,
    weight: float = 0.5,
    strangers: float = STRANGERS,
) -> LinearHead:
    """Train a head and fit what it doubts on held-out sentences; the same data give the same head."""
    names = np.asarray(labels, dtype=np.str_)
    if len(names) > MANY:
        head, judged = _train_many(texts, vectors, names, strength, weight)
    else:
        head = fit(texts, vectors, names, strength, weight)
        judged = held_out(texts, vectors, names, strength, weight)
    held = [Held.of(judgement.ranking, judgement.score, label) for judgement, label in judged]
    share = strangers if OUT_OF_SCOPE in names else UNKNOWN_STRANGERS
    head.threshold, head.margin = least_score(held, share), least_lead(held)
    return head


def fit(
    texts: Sequence[str],
    vectors: np.ndarray,
    names: np.ndarray,
    strength: float,
    weight: float,
    like: LinearHead | None = None,
) -> LinearHead:
    """Train without any doubt: nothing is below its threshold. `like`: a head to go on from."""
    tfidf = like.tfidf if like else TfIdf.fit(texts, weight, 2 if len(texts) <= MANY else 3)
    classes, target = np.unique(names, return_inverse=True)
    start = np.vstack([like.dense, like.sparse, like.bias]) if like else None
    if start is not None and start.shape[1] != len(classes):
        start = None
    weights = softmax_regression.fit(vectors, matrix(tfidf, texts), target, len(classes), strength, start)
    size = vectors.shape[1]
    known = vectors[names != OUT_OF_SCOPE]
    return LinearHead(classes.tolist(), tfidf, weights[:size], weights[size:-1], weights[-1], known)


def _train_many(
    texts: Sequence[str], vectors: np.ndarray, names: np.ndarray, strength: float, weight: float
) -> tuple[LinearHead, list[tuple[Judgement, str]]]:
    """With many examples: hold one part out, judge it, and go on from there with all of them."""
    hold = np.zeros(len(names), dtype=bool)
    for name in np.unique(names):
        places = np.flatnonzero(names == name)
        # Of strangers, who are few and must say where the threshold lies, every other one.
        hold[places[1 :: 2 if name == OUT_OF_SCOPE else ONE_IN]] = True
    strange = np.zeros(len(names), dtype=bool)
    if OUT_OF_SCOPE not in names:
        strange = np.isin(names, np.unique(names)[::ONE_IN])
    learn = ~(hold | strange)
    first = fit([texts[i] for i in np.flatnonzero(learn)], vectors[learn], names[learn], strength, weight)
    judged = [
        (first.judge(texts[i], vectors[i]), OUT_OF_SCOPE if strange[i] else str(names[i]))
        for i in np.flatnonzero(hold)
    ]
    return fit(texts, vectors, names, strength, weight, like=first), judged


def matrix(tfidf: TfIdf, texts: Sequence[str]) -> Any:
    """The tf-idf rows of many texts as one sparse matrix."""
    from scipy.sparse import csr_matrix

    rows = [tfidf.row(text) for text in texts]
    ends = np.cumsum([0] + [len(row.columns) for row in rows])
    values = np.concatenate([row.values for row in rows])
    columns = np.concatenate([row.columns for row in rows])
    return csr_matrix((values, columns, ends), shape=(len(rows), len(tfidf.vocabulary)))


def held_out(
    texts: Sequence[str], vectors: np.ndarray, names: np.ndarray, strength: float, weight: float
) -> Iterator[tuple[Judgement, str]]:
    """Judge each example by a head that has not seen it, with what it should have been taken for.

    Examples of `out_of_scope` are the strangers. Where there are none, every head is also kept from a part
    of the intents, whose sentences then are strangers to it.
    """
    parts = np.zeros(len(names), dtype=int)
    has_strangers = OUT_OF_SCOPE in names
    for name in np.unique(names):  # every part gets its share of every intent
        places = np.flatnonzero(names == name)
        parts[places] = np.arange(len(places)) % FOLDS
    # Dealt out by turns, so that neighbours in name are not strangers together.
    group = {name: place % FOLDS for place, name in enumerate(np.unique(names))}
    for number in range(FOLDS):
        strange = np.array([not has_strangers and group[name] == number for name in names])
        hold = np.flatnonzero((parts == number) | strange)
        learn = np.flatnonzero((parts != number) & ~strange)
        if len(np.unique(names[learn])) < 2:
            continue
        head = fit([texts[i] for i in learn], vectors[learn], names[learn], strength, weight)
        for i in hold:
            yield head.judge(texts[i], vectors[i]), OUT_OF_SCOPE if strange[i] else str(names[i])
