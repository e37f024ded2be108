"""Learning: the weights are those of logistic regression, and what is doubted is fitted, not typed in."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from rasa_server import linear_head, softmax_regression
from rasa_server.linear_head import LinearHead, matrix, train
from rasa_server.tfidf import TfIdf
from rasa_server.thresholds import OUT_OF_SCOPE, Held, least_lead, least_score, matthews

WORDS = {
    "bins": ["bin", "rubbish", "collect", "waste", "truck"],
    "tax": ["tax", "bill", "pay", "band", "council"],
    "parks": ["park", "swing", "bench", "pond", "tree"],
    OUT_OF_SCOPE: ["pizza", "song", "joke", "film", "robot"],
}


def made(classes: list[str], each: int, seed: int = 0) -> tuple[list[str], np.ndarray, list[str]]:
    """Sentences of a few words, with vectors that lie near a centre of their class."""
    chance = np.random.RandomState(seed)
    texts, vectors, labels = [], [], []
    for place, name in enumerate(classes):
        centre = np.eye(16)[place]
        for _ in range(each):
            texts.append(" ".join(chance.choice(WORDS[name], 3)))
            vector = centre + 0.25 * chance.randn(16)
            vectors.append(vector / np.linalg.norm(vector))
            labels.append(name)
    return texts, np.array(vectors, dtype=np.float32), labels


def test_the_weights_are_those_of_scikit_learn() -> None:
    texts, vectors, labels = made(["bins", "tax", "parks"], 20)
    texts, vectors, labels = texts[:-8], vectors[:-8], labels[:-8]  # one class is rarer than the others
    sparse = matrix(TfIdf.fit(texts), texts)
    names, target = np.unique(labels, return_inverse=True)
    weights = softmax_regression.fit(vectors, sparse, target, len(names), 30.0)
    features = np.hstack([vectors, sparse.toarray()])
    exact = LogisticRegression(C=30.0, class_weight="balanced", max_iter=5000, tol=1e-8).fit(features, target)
    ours = features @ weights[:-1] + weights[-1]
    theirs = features @ exact.coef_.T + exact.intercept_
    ours, theirs = (logits - logits.mean(axis=1, keepdims=True) for logits in (ours, theirs))
    np.testing.assert_allclose(ours, theirs, atol=0.05)


def test_many_examples_are_learned_like_few(monkeypatch: pytest.MonkeyPatch) -> None:
    examples = made(list(WORDS), 60)
    few = train(*examples)
    for module in (linear_head, softmax_regression):
        monkeypatch.setattr(module, "MANY", 100)
    many = train(*examples)
    texts, vectors, labels = made(list(WORDS), 40, seed=1)
    judged = [
        [head.judge(text, vector) for text, vector in zip(texts, vectors, strict=True)]
        for head in (few, many)
    ]
    tops = np.array([[one.ranking[0][0] for one in judgements] for judgements in judged])
    assert np.mean(tops[0] == tops[1]) > 0.97
    assert np.mean(tops[1] == np.array(labels)) > 0.95
    assert np.isfinite(many.threshold)
    friends = np.array(labels) != OUT_OF_SCOPE
    for judgements, head in zip(judged, (few, many), strict=True):
        kept = np.array([one.score >= head.threshold for one in judgements])
        assert np.mean(kept[friends]) > 0.9


def test_without_examples_of_strangers_left_out_intents_set_the_threshold() -> None:
    head = train(*made(["bins", "tax", "parks"], 40))
    texts, vectors, _ = made([*WORDS], 40, seed=2)
    scores = [head.judge(text, vector).score for text, vector in zip(texts, vectors, strict=True)]
    friends, strangers = np.array(scores[:120]), np.array(scores[120:])
    assert np.isfinite(head.threshold)
    assert np.mean(friends >= head.threshold) > 0.85
    assert np.mean(strangers < head.threshold) > 0.85


def test_one_intent_beside_strangers_is_enough() -> None:
    head = train(*made(["bins", OUT_OF_SCOPE], 12))
    assert isinstance(head, LinearHead)
    assert np.isfinite(head.threshold)


def held(label: str, guess: str, score: float, lead: float = 1.0) -> Held:
    return Held(label, guess, score, lead)


def test_the_threshold_lies_between_friends_and_strangers() -> None:
    seen = [held("a", "a", 5.0 + n / 10) for n in range(20)] + [held("b", "b", 6.0) for _ in range(20)]
    seen += [held(OUT_OF_SCOPE, "a", 1.0 + n / 10) for n in range(10)]
    assert 1.9 < least_score(seen) <= 5.0


def test_the_more_strangers_are_expected_the_higher_the_threshold() -> None:
    chance = np.random.RandomState(3)
    seen = [held("ab"[n % 2], "ab"[n % 2], chance.normal(6, 2)) for n in range(400)]
    seen += [held(OUT_OF_SCOPE, "a", chance.normal(3, 2)) for _ in range(100)]
    found = [least_score(seen, share) for share in (0.05, 0.2, 0.6)]
    assert found[0] < found[1] < found[2]


def test_without_strangers_nothing_is_refused() -> None:
    assert least_score([held("a", "a", 1.0), held("b", "b", 2.0)]) == float("-inf")
    assert least_score([]) == float("-inf")


def test_a_lead_is_too_small_where_the_first_reading_was_mostly_wrong() -> None:
    wrong = [held("a", "b", 9.0, lead=0.01 * n) for n in range(1, 6)]
    right = [held("a", "a", 9.0, lead=0.2 + 0.01 * n) for n in range(50)]
    assert least_lead(wrong + right) == pytest.approx(0.05)
    assert least_lead(right) == 0.0


def test_matthews_is_one_for_truth_and_nothing_for_a_constant() -> None:
    labels = np.array(["a", "b", "c", "a"])
    assert matthews(labels, labels) == pytest.approx(1)
    assert matthews(labels, np.array(["a"] * 4)) == 0
    assert matthews(labels, np.array(["b", "c", "a", "b"])) < 0
