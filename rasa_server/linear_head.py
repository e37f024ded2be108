"""Logistic regression over a sentence's vector and its tf-idf, and a score of how much at home it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rasa_server.tfidf import TfIdf

OUT_OF_SCOPE = "out_of_scope"
# Measured on public data: the largest logit plus about eight times the cosine to the nearest training
# sentence tells strangers from friends better than either alone.
COSINE_WEIGHT = 8.0
# Of the sentences that belong here, this share must pass. High, because a policy question nobody thought of
# is better looked up in vain than turned away.
KEEP_IN_SCOPE = 0.98
FOLDS = 3


@dataclass(frozen=True)
class Judgement:
    """What the head thinks of a message: intents from likely to unlikely, and its score of belonging."""

    ranking: list[tuple[str, float]]
    score: float


class LinearHead:
    """A trained head: two matrices, a bias, and the training sentences it measures nearness by."""

    def __init__(
        self,
        classes: Sequence[str],
        tfidf: TfIdf,
        dense: np.ndarray,
        sparse: np.ndarray,
        bias: np.ndarray,
        known: np.ndarray,
        threshold: float,
    ) -> None:
        self.classes = list(classes)
        self.tfidf = tfidf
        self.dense = dense.astype(np.float32)
        self.sparse = sparse.astype(np.float32)
        self.bias = bias.astype(np.float32)
        self.known = known.astype(np.float32)
        self.threshold = threshold
        self._at_home = np.array([name != OUT_OF_SCOPE for name in self.classes])

    def judge(self, text: str, vector: np.ndarray) -> Judgement:
        """Rank the intents for one text whose sentence vector is given."""
        row = self.tfidf.row(text)
        logits = self.bias + vector @ self.dense + row.values @ self.sparse[row.columns]
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        order = np.argsort(-shares, kind="stable")
        nearest = float((self.known @ vector).max(initial=0.0))
        score = float(logits[self._at_home].max()) + COSINE_WEIGHT * nearest
        return Judgement([(self.classes[i], float(shares[i])) for i in order], score)

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
        )

    @classmethod
    def load(cls, path: Path) -> LinearHead:
        with np.load(path, allow_pickle=False) as stored:
            tfidf = TfIdf(stored["vocabulary"].tolist(), stored["idf"], float(stored["weight"]))
            return cls(
                stored["classes"].tolist(),
                tfidf,
                stored["dense"],
                stored["sparse"],
                stored["bias"],
                stored["known"],
                float(stored["threshold"]),
            )


def train(
    texts: Sequence[str],
    vectors: np.ndarray,
    labels: Sequence[str],
    strength: float = 30.0,
    weight: float = 0.5,
) -> LinearHead:
    """Train a head and fit its threshold on held-out sentences; the same data give the same head."""
    head = _fit(texts, vectors, labels, strength, weight)
    head.threshold = _threshold(texts, vectors, labels, strength, weight)
    return head


def _fit(
    texts: Sequence[str], vectors: np.ndarray, labels: Sequence[str], strength: float, weight: float
) -> LinearHead:
    from sklearn.linear_model import LogisticRegression  # only training needs it; it takes a second to import

    tfidf = TfIdf.fit(texts, weight)
    rows = [tfidf.row(text) for text in texts]
    size = vectors.shape[1]
    features = np.zeros((len(texts), size + len(tfidf.vocabulary)))
    features[:, :size] = vectors
    for place, row in enumerate(rows):
        features[place, size + row.columns] = row.values
    points, back = _compact(features)
    model = LogisticRegression(C=strength, max_iter=400, tol=1e-4, class_weight="balanced", random_state=0)
    model.fit(points, np.asarray(labels))
    weights, bias = back @ model.coef_.T, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn gives one column for two classes
        weights, bias = np.hstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    known = vectors[np.asarray(labels) != OUT_OF_SCOPE]
    return LinearHead(model.classes_.tolist(), tfidf, weights[:size], weights[size:], bias, known, -np.inf)


def _compact(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same points in as many dimensions as there are points, and the way back.

    Ridge-penalised regression does not care which way the axes point, and a thousand sentences span no more
    than a thousand dimensions: the answer is the same and comes twenty times sooner.
    """
    values, axes = np.linalg.eigh(features @ features.T)
    kept = values > values.max() * 1e-10
    lengths = np.sqrt(values[kept])
    return axes[:, kept] * lengths, features.T @ (axes[:, kept] / lengths)


def _threshold(
    texts: Sequence[str], vectors: np.ndarray, labels: Sequence[str], strength: float, weight: float
) -> float:
    """The highest score that still keeps `KEEP_IN_SCOPE` of the held-out sentences that belong here."""
    names = np.asarray(labels)
    fold = np.zeros(len(names), dtype=int)
    for name in np.unique(names):  # every fold gets its share of every intent
        places = np.flatnonzero(names == name)
        fold[places] = np.arange(len(places)) % FOLDS
    scores: list[float] = []
    for number in range(FOLDS):
        learn = np.flatnonzero(fold != number).tolist()
        hold = np.flatnonzero((fold == number) & (names != OUT_OF_SCOPE)).tolist()
        if len(np.unique(names[learn])) < 2:
            return float("-inf")
        head = _fit([texts[i] for i in learn], vectors[learn], names[learn].tolist(), strength, weight)
        scores += [head.judge(texts[i], vectors[i]).score for i in hold]
    return float(np.quantile(scores, 1 - KEEP_IN_SCOPE)) if scores else float("-inf")
