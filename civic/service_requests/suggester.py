"""Suggests the type of a complaint from what the citizen wrote, and knows how sure it is.

Kernel ridge regression over the examples, names, descriptions and keywords of the list of services. It is
solved in closed form when the list is read, and the same solution yields every example's score as if it had
been left out. From these the confidence is calibrated, so that no second set of sentences is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from civic.service_requests.services import ServiceList
from civic.service_requests.wording import Matrix, Wording

Scores = npt.NDArray[np.float64]

# Chosen by leaving each example out in turn; see docs/features/service_requests.md for the figures.
NEARNESS = 0.4
WORDING_WEIGHT = 0.4
RIDGE = 0.3
TEMPERATURES = (0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15)

# From here on a type is suggested instead of asked for; the summary still offers to change it.
SURE = 0.65
# A text below this is like nothing in the list: it is probably no description of a problem at all.
UNLIKE = 0.3


class Encoder(Protocol):
    """Makes unit vectors of sentences."""

    def encode(self, sentences: Sequence[str]) -> Matrix: ...


@dataclass(frozen=True)
class Suggestion:
    """Types by falling confidence; `sure` when the first may be taken without asking."""

    ranked: tuple[tuple[str, float], ...]
    nearest: float
    never_sure: frozenset[str] = frozenset()

    @property
    def sure(self) -> bool:
        return self.ranked[0][1] >= SURE and self.first not in self.never_sure

    @property
    def first(self) -> str:
        return self.ranked[0][0]

    @property
    def like_a_problem(self) -> bool:
        """Whether the text resembles anything that is reported at all."""
        return self.nearest >= UNLIKE

    def best(self, count: int = 3) -> tuple[str, ...]:
        """The most likely types."""
        return tuple(code for code, _ in self.ranked[:count])


@dataclass(frozen=True)
class _Row:
    text: str
    code: str
    is_example: bool


class Suggester:
    """Suggests types for texts; works on wording alone when there is no encoder."""

    def __init__(self, services: ServiceList, encoder: Encoder | None, known: Matrix | None = None) -> None:
        """`known`: the vectors of `texts_of(services)`, where they were kept from an earlier start."""
        self._codes = [service.service_code for service in services.services]
        self._never_sure = frozenset(one.service_code for one in services.services if one.catch_all)
        self._encoder = encoder
        self._rows = list(_rows(services))
        texts = [row.text for row in self._rows]
        self._wording = Wording(texts)
        self._known_words = self._wording.vectors(texts)
        self._known_meaning: Matrix | None = None
        if encoder is not None:
            self._known_meaning = known if known is not None else encoder.encode(texts)
        kernel = self._likeness(texts, self._known_meaning)
        targets = np.array([[float(row.code == code) for code in self._codes] for row in self._rows])
        inverse = np.linalg.inv(kernel + RIDGE * np.eye(len(texts)))
        self._solution = inverse @ targets
        left_out = targets - self._solution / np.diag(inverse)[:, None]
        examples = np.array([row.is_example for row in self._rows])
        self.left_out_scores: Scores = left_out[examples]
        self.left_out_codes = [row.code for row in self._rows if row.is_example]
        truth = [self._codes.index(code) for code in self.left_out_codes]
        self._temperature = _calibrate(self.left_out_scores, truth)

    @property
    def codes(self) -> list[str]:
        """The service codes, in the order of the scores' columns."""
        return self._codes

    def suggest(self, text: str) -> Suggestion:
        """The types that fit the text, best first."""
        meaning = self._encoder.encode([text]) if self._encoder is not None else None
        scores = self._likeness([text], meaning) @ self._solution
        probabilities = softmax(scores, self._temperature)[0]
        order = np.argsort(-probabilities, kind="stable")
        ranked = tuple((self._codes[index], float(probabilities[index])) for index in order)
        return Suggestion(ranked, self._nearest(text, meaning), self._never_sure)

    def left_out_probabilities(self) -> Scores:
        """Each example's probabilities as if it had not been in the list."""
        return softmax(self.left_out_scores, self._temperature)

    def _likeness(self, texts: Sequence[str], meaning: Matrix | None) -> Scores:
        wording = self._wording.vectors(texts) @ self._known_words.T
        likeness: Scores = WORDING_WEIGHT * wording.astype(np.float64)
        if meaning is not None and self._known_meaning is not None:
            cosine = (meaning @ self._known_meaning.T).astype(np.float64)
            likeness = likeness + np.exp((cosine - 1) / NEARNESS)
        return likeness + RIDGE

    def _nearest(self, text: str, meaning: Matrix | None) -> float:
        if meaning is not None and self._known_meaning is not None:
            return float((meaning @ self._known_meaning.T).max())
        # Wording overlaps less than meaning does: any overlap to speak of counts.
        return float((self._wording.vectors([text]) @ self._known_words.T).max()) + UNLIKE / 2


def texts_of(services: ServiceList) -> list[str]:
    """All texts that the suggester compares with, in its order."""
    return [row.text for row in _rows(services)]


def softmax(scores: Scores, temperature: float) -> Scores:
    """Scores as probabilities; the lower the temperature, the surer."""
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    result: Scores = powers / powers.sum(axis=1, keepdims=True)
    return result


def _calibrate(scores: Scores, truth: list[int]) -> float:
    """The temperature at which the confidence of left-out examples is most honest."""
    rows = np.arange(len(truth))

    def surprise(temperature: float) -> float:
        right = softmax(scores, temperature)[rows, truth]
        return float(-np.log(np.maximum(right, 1e-9)).mean())

    return min(TEMPERATURES, key=surprise)


def _rows(services: ServiceList) -> list[_Row]:
    rows = []
    for service in services.services:
        code = service.service_code
        rows += [_Row(example, code, True) for example in service.examples]
        rows += [_Row(text, code, False) for text in (service.service_name, service.description)]
        rows += [_Row(keyword, code, False) for keyword in service.keywords]
    return rows
