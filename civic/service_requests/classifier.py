"""Tells which of several types a short text is, from texts whose type is known, and how sure that is.

Kernel ridge regression (Rifkin, Yeo, Poggio 2003, "Regularized least-squares classification"): the kernel
adds the likeness of meaning, exp((cosine - 1) / NEARNESS), to that of wording, a tf-idf product. Solved in
closed form, the same solution yields every example's score as if it had been left out (Rifkin and Lippert
2007, "Notes on regularized least squares": target - solution / diagonal of the inverse). From these the
confidence is calibrated, so that no second set of sentences is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from civic.service_requests.wording import Matrix, Wording

Scores = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

# Chosen by leaving each example out in turn; see docs/features/service_requests.md for the figures.
NEARNESS = 0.4
WORDING_WEIGHT = 0.4
RIDGE = 0.3
TEMPERATURES = (0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15)

# Up to here the equations are solved exactly (a few seconds); beyond, so many examples stand for all.
EXACT = 4000
BATCH = 32
ROWS = 1000
# Where a set is too large to leave each example out, one in so many is held back for the calibration.
HELD_BACK = 10


class Encoder(Protocol):
    """Makes unit vectors of sentences."""

    def encode(self, sentences: Sequence[str]) -> Matrix: ...


class Classifier:
    """Learns from texts and their types; works on wording alone when there is no encoder."""

    def __init__(
        self,
        texts: Sequence[str],
        types: Sequence[str],
        encoder: Encoder | None,
        *,
        codes: Sequence[str] = (),
        known: Matrix | None = None,
        calibrate_on: Sequence[bool] | None = None,
        progress: Progress | None = None,
    ) -> None:
        """`codes` fixes the order of the columns, `known` are the texts' vectors where somebody kept them.

        `calibrate_on` marks the texts whose confidence shall be honest: all, if left out.
        """
        if len(texts) != len(types) or not texts:
            raise ValueError("each text needs one type, and there must be one at least")
        self.codes = list(codes) or sorted(set(types))
        self._encoder = encoder
        self._progress = progress
        place = {code: column for column, code in enumerate(self.codes)}
        truth = np.array([place[code] for code in types])
        wanted = np.ones(len(texts), bool) if calibrate_on is None else np.array(calibrate_on, bool)
        if len(texts) <= EXACT:
            self._learn(texts, known)
            self.left_out = self._solve(truth)[wanted]
            self.left_out_truth = truth[wanted]
        else:
            held = np.zeros(len(texts), bool)
            held[HELD_BACK - 1 :: HELD_BACK] = True
            self._learn(_at(texts, _spread(truth, ~held)), None)
            self._solve_many(_at(texts, np.flatnonzero(~held)), truth[~held])
            self.left_out = self.scores(_at(texts, np.flatnonzero(held)))
            self.left_out_truth = truth[held]
        self.temperature = _calibrate(self.left_out, self.left_out_truth)

    def scores(self, texts: Sequence[str]) -> Scores:
        """One row a text, one column a code: the higher, the likelier."""
        found = [self._likeness(texts[at : at + ROWS]) @ self._solution for at in range(0, len(texts), ROWS)]
        return np.concatenate(found) if found else np.zeros((0, len(self.codes)))

    def probabilities(self, texts: Sequence[str]) -> Scores:
        """The same as calibrated shares of one."""
        return softmax(self.scores(texts), self.temperature)

    def judge(self, text: str) -> tuple[Scores, float]:
        """Each code's share, and the likeness to the likest known text: by meaning, else by wording."""
        words = self._wording.vectors([text])
        meaning = None if self._encoder is None else self._encoder.encode([text])
        shares = softmax(self._kernel(words, meaning) @ self._solution, self.temperature)[0]
        if meaning is not None and self._meaning is not None:
            return shares, float((meaning @ self._meaning.T).max())
        return shares, float((words @ self._words.T).max())

    def _learn(self, texts: Sequence[str], known: Matrix | None) -> None:
        self._wording = Wording(texts, at_least=1 if len(texts) <= ROWS else 2)
        self._words = self._wording.vectors(texts)
        self._meaning: Matrix | None = None
        if self._encoder is not None:
            self._meaning = known if known is not None else self._encode(texts)

    def _solve(self, truth: npt.NDArray[np.intp]) -> Scores:
        """Finds the solution, and returns every score as if its example had been left out."""
        targets = np.eye(len(self.codes))[truth]
        kernel = self._kernel(self._words, self._meaning)
        inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(targets)))
        self._solution: Scores = inverse @ targets
        left_out: Scores = targets - self._solution / np.diag(inverse)[:, None]
        return left_out

    def _solve_many(self, texts: Sequence[str], truth: npt.NDArray[np.intp]) -> None:
        """The solution that fits all texts, spanned by the few that are kept (subset of regressors)."""
        size = len(self._words)
        left = RIDGE * self._kernel(self._words, self._meaning) + 1e-6 * np.eye(size)
        right = np.zeros((size, len(self.codes)))
        for at in range(0, len(texts), ROWS):
            likeness = self._likeness(texts[at : at + ROWS])
            left = left + likeness.T @ likeness
            right = right + likeness.T @ np.eye(len(self.codes))[truth[at : at + ROWS]]
            if self._progress:
                self._progress(min(at + ROWS, len(texts)), len(texts))
        solution: Scores = np.linalg.solve(left, right).astype(np.float64)
        self._solution = solution

    def _likeness(self, texts: Sequence[str]) -> Scores:
        meaning = None if self._encoder is None else self._encode(texts)
        return self._kernel(self._wording.vectors(texts), meaning)

    def _kernel(self, words: Matrix, meaning: Matrix | None) -> Scores:
        likeness: Scores = WORDING_WEIGHT * (words @ self._words.T).astype(np.float64)
        if meaning is not None and self._meaning is not None:
            cosine: Scores = (meaning @ self._meaning.T).astype(np.float64)
            likeness = likeness + np.exp((cosine - 1) / NEARNESS)
        result: Scores = likeness + RIDGE
        return result

    def _encode(self, texts: Sequence[str]) -> Matrix:
        assert self._encoder is not None
        if not texts:
            return self._encoder.encode(texts)
        batches = [self._encoder.encode(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(batches)


def _at(texts: Sequence[str], rows: npt.NDArray[np.intp]) -> list[str]:
    return [texts[row] for row in rows.tolist()]


def softmax(scores: Scores, temperature: float) -> Scores:
    """Scores as probabilities; the lower the temperature, the surer."""
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    result: Scores = powers / powers.sum(axis=1, keepdims=True)
    return result


def _spread(truth: npt.NDArray[np.intp], usable: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """Which examples stand for all: of each type a share, of a rare one all."""
    fair = max(1, EXACT // (int(truth.max()) + 1))
    chosen = np.zeros(len(truth), bool)
    for code in range(int(truth.max()) + 1):
        own = np.flatnonzero((truth == code) & usable)
        chosen[_evenly(own, fair)] = True
    others = np.flatnonzero(usable & ~chosen)
    chosen[_evenly(others, EXACT - int(chosen.sum()))] = True
    return np.flatnonzero(chosen)


def _evenly(rows: npt.NDArray[np.intp], count: int) -> npt.NDArray[np.intp]:
    """At most so many of the rows, from first to last: neighbours in a file are often alike."""
    if len(rows) <= count:
        return rows
    return rows[np.linspace(0, len(rows) - 1, max(count, 0)).astype(np.intp)]


def _calibrate(scores: Scores, truth: npt.NDArray[np.intp]) -> float:
    """The temperature at which the confidence of left-out examples is most honest."""
    rows = np.arange(len(truth))

    def surprise(temperature: float) -> float:
        right = softmax(scores, temperature)[rows, truth]
        return float(-np.log(np.maximum(right, 1e-9)).mean())

    return min(TEMPERATURES, key=surprise)
