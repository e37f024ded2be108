"""Suggests the type of a complaint from what the citizen wrote, and knows how sure it is.

It learns from the names, descriptions, keywords and examples of the list of services, and from what officials
corrected; see `classifier.py` for how.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic.service_requests.classifier import Classifier, Encoder, Scores, softmax
from civic.service_requests.services import ServiceList
from civic.service_requests.wording import Matrix

# From here on a type is suggested instead of asked for; the summary still offers to change it.
SURE = 0.65
# A text below this is like nothing in the list: it is probably no description of a problem at all.
UNLIKE = 0.3
# What is wrong is said first; the hundredth word of an angry letter only blurs it.
TELLING_WORDS = 60


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
class Correction:
    """What a citizen wrote, and the type that an official gave it in place of another."""

    text: str
    service_code: str


@dataclass(frozen=True)
class _Row:
    text: str
    code: str
    is_example: bool


class Suggester:
    """Suggests types for texts; works on wording alone when there is no encoder."""

    def __init__(
        self,
        services: ServiceList,
        encoder: Encoder | None,
        known: Matrix | None = None,
        corrections: Sequence[Correction] = (),
    ) -> None:
        """`known`: the vectors of `texts_of(services, corrections)`, where they were kept."""
        self._never_sure = frozenset(one.service_code for one in services.services if one.catch_all)
        self._meaning = encoder is not None
        rows = _rows(services, corrections)
        self._classifier = Classifier(
            [row.text for row in rows],
            [row.code for row in rows],
            encoder,
            codes=[service.service_code for service in services.services],
            known=known,
            calibrate_on=[row.is_example for row in rows],
        )
        self.left_out_codes = [self.codes[column] for column in self._classifier.left_out_truth]

    @property
    def codes(self) -> list[str]:
        """The service codes, in the order of the scores' columns."""
        return self._classifier.codes

    def suggest(self, text: str) -> Suggestion:
        """The types that fit the text, best first."""
        shares, nearest = self._classifier.judge(" ".join(text.split()[:TELLING_WORDS]))
        ranked = tuple(
            (self.codes[index], float(shares[index])) for index in (-shares).argsort(kind="stable")
        )
        # Wording overlaps less than meaning does: any overlap to speak of counts.
        return Suggestion(ranked, nearest + (0.0 if self._meaning else UNLIKE / 2), self._never_sure)

    def left_out_probabilities(self) -> Scores:
        """Each example's probabilities as if it had not been in the list."""
        return softmax(self._classifier.left_out, self._classifier.temperature)


def texts_of(services: ServiceList, corrections: Sequence[Correction] = ()) -> list[str]:
    """All texts that the suggester compares with, in its order."""
    return [row.text for row in _rows(services, corrections)]


def _rows(services: ServiceList, corrections: Sequence[Correction] = ()) -> list[_Row]:
    rows = []
    for service in services.services:
        code = service.service_code
        rows += [_Row(example, code, True) for example in service.examples]
        rows += [_Row(text, code, False) for text in (service.service_name, service.description)]
        rows += [_Row(keyword, code, False) for keyword in service.keywords]
    # A type that the municipality gave up teaches nothing any more.
    kept = {service.service_code for service in services.services}
    rows += [_Row(one.text, one.service_code, True) for one in corrections if one.service_code in kept]
    return rows
