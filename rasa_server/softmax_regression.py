"""Multinomial logistic regression over dense and sparse features, for a hundred or many thousand examples.

Its time and memory grow with the examples, not with their square; only training loads SciPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

# Past this many examples the last digits of the weights cost minutes and change no decision.
MANY = 5000


def fit(
    dense: np.ndarray,
    sparse: Any,
    target: np.ndarray,
    classes: int,
    strength: float,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Weights of shape (dense + sparse + 1, classes), the last row being the bias.

    Every class has the same say, however many examples it has. The penalty is ridge, as scikit-learn's
    `LogisticRegression(C=strength, class_weight="balanced")` has it, and so are the weights.
    """
    from scipy.optimize import minimize

    count, width = dense.shape
    size = (width + sparse.shape[1] + 1, classes)
    share = (1.0 / (classes * np.bincount(target, minlength=classes)))[target].astype(np.float32)
    penalty = 1.0 / (strength * count)
    dense, sparse = dense.astype(np.float32), sparse.astype(np.float32)
    sparse_back = sparse.T.tocsr()
    every = np.arange(count)

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(size)
        small = weights.astype(np.float32)
        logits = dense @ small[:width] + sparse @ small[width:-1] + small[-1]
        logits -= logits.max(axis=1, keepdims=True)
        gaps = np.exp(logits)
        sums = gaps.sum(axis=1, keepdims=True)
        value = float((share * (np.log(sums[:, 0]) - logits[every, target])).sum(dtype=np.float64))
        gaps /= sums
        gaps[every, target] -= 1
        gaps *= share[:, None]
        slope = np.empty(size)
        slope[:width] = dense.T @ gaps
        slope[width:-1] = sparse_back @ gaps
        slope[-1] = gaps.sum(axis=0)
        slope[:-1] += penalty * weights[:-1]
        return value + 0.5 * penalty * float((weights[:-1] ** 2).sum()), slope.ravel()

    patience = {"maxiter": 60, "maxcor": 6} if count > MANY else {"maxiter": 400, "maxcor": 10}
    first = np.zeros(size) if start is None else start.astype(np.float64)
    found = minimize(
        loss, first.ravel(), jac=True, method="L-BFGS-B", options={**patience, "ftol": 1e-7, "gtol": 1e-6}
    )
    weights: np.ndarray = found.x.reshape(size)
    return weights
