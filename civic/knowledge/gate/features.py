"""What the gate looks at: signals of the ten best passages, of the best one's document, and of its rivals.

Each is a small function of its own; how documents compare is in `rivals`. None needs the encoder: everything
follows from the hits, the vectors of their documents, the words of the question, and how many passages hold
each of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from civic.knowledge.gate import rivals
from civic.knowledge.index import Entry, Hit, PassageIndex, Query, Vectors
from civic.knowledge.words import stems

# So many hits should be handed over: documents are compared by all of them, passages by the first ten. With
# fewer, the last one stands for the missing ones.
WIDE = rivals.WIDE
LOOKED_AT = 10
_BEST, _UNION = 5, 3
# The words of so many passages are kept: the same ones are found again and again.
_KEPT = 2000


@dataclass(frozen=True)
class Found:
    """A question and what was found for it."""

    query: Query
    hits: Sequence[Hit]
    index: PassageIndex

    @property
    def best(self) -> Hit:
        return self.hits[0]

    @cached_property
    def question(self) -> frozenset[str]:
        """The stems of the question's own telling words."""
        return frozenset(stems(self.query.texts[0]))

    @cached_property
    def wording(self) -> frozenset[str]:
        """The same of the longest wording: with what was said before, if it leans on that."""
        return frozenset(stems(self.query.texts[-1]))

    @cached_property
    def passages(self) -> list[frozenset[str]]:
        """The stems of each passage, with its title and headings."""
        return [_stems_of(hit.entry) for hit in self.hits[:LOOKED_AT]]

    @cached_property
    def document(self) -> frozenset[str]:
        """The stems of the best one's whole document; of a very long one, of what stands around it."""
        around = self.index.document_around(self.best)
        return self.passages[0].union(*(_stems_of(self.index.entries[at]) for at in around))

    @cached_property
    def best_vector(self) -> Vectors | None:
        """The vector of the best passage."""
        at = self.best.position
        return self.index.vectors_at(range(at, at + 1))[0] if at >= 0 else None

    @cached_property
    def document_vectors(self) -> Vectors | None:
        """The vectors of its whole document."""
        around = self.index.document_around(self.best)
        return self.index.vectors_at(around) if len(around) else None

    @cached_property
    def rarity(self) -> dict[str, float]:
        """How much each stem of the question tells: its weight in BM25 (Robertson and Spärck Jones 1976)."""
        return {stem: _rarity(self.index, stem) for stem in self.question | self.wording}

    def share(self, wanted: Iterable[str], there: frozenset[str]) -> float:
        """The share of the stems wanted that are there, each by its rarity."""
        return _covered(self, wanted, there)

    def stems_of(self, entry: Entry) -> frozenset[str]:
        """The stems of a passage with its title and headings."""
        return _stems_of(entry)

    @cached_property
    def runner_up(self) -> Hit:
        """The best hit of another document, or else the last one looked at."""
        others = (one for one in self.hits[:LOOKED_AT] if not _same(one, self.best))
        return next(others, self.hits[:LOOKED_AT][-1])


def meaning(found: Found) -> float:
    """Cosine of question and best passage."""
    return found.best.cosine


def best_meaning(found: Found) -> float:
    """The largest cosine among the first five, whichever of them the words put first."""
    return max(hit.cosine for hit in found.hits[:_BEST])


def wording(found: Found) -> float:
    """BM25 of the best passage over ln(1 + passages): the largest weight of a word grows with that."""
    return found.best.bm25 / math.log(1 + max(len(found.index), 2))


def best_wording(found: Found) -> float:
    """The same for the largest BM25 among the first five."""
    return max(hit.bm25 for hit in found.hits[:_BEST]) / math.log(1 + max(len(found.index), 2))


def wording_share(found: Found) -> float:
    """BM25 of the best passage as a share of what the question's words can bring at all."""
    return found.best.bm25 / (1 + sum(found.rarity[stem] for stem in found.wording))


def covered(found: Found) -> float:
    """Share of the question's own words that stand in the best passage, each by its rarity."""
    return _covered(found, found.question, found.passages[0])


def covered_with_context(found: Found) -> float:
    """The same of the longest wording."""
    return _covered(found, found.wording, found.passages[0])


def covered_by_three(found: Found) -> float:
    """Share of the question's own words that stand in any of the first three passages."""
    return _covered(found, found.question, frozenset().union(*found.passages[:_UNION]))


def covered_by_document(found: Found) -> float:
    """Share of the question's own words in those of the hits that are of the best one's document."""
    return _covered(found, found.question, _document(found))


def rarest_missing(found: Found) -> float:
    """Rarity of the rarest word of the question that the best document lacks, over the largest possible."""
    missing = [found.rarity[stem] for stem in found.question - _document(found)]
    return max(missing, default=0.0) / _rarity(found.index, "")


def lead_in_meaning(found: Found) -> float:
    """How far the next document's best passage is behind, in cosine."""
    return found.best.cosine - found.runner_up.cosine


def lead(found: Found) -> float:
    """How far it is behind in the rank score, which is in standard deviations."""
    return found.best.score - found.runner_up.score


def standing(found: Found) -> float:
    """How far the best passage stands out from all passages, over the most that chance would give.

    That is about sqrt(2 ln n) standard deviations among n passages: 3.3 in a town, 4.2 in a ministry.
    """
    return found.best.score / math.sqrt(2 * math.log(max(len(found.index), 2)))


def above_the_rest(found: Found) -> float:
    """Cosine of the best passage over the mean of the sixth to tenth (query normalisation)."""
    rest = [hit.cosine for hit in found.hits[_BEST:LOOKED_AT]] or [found.hits[-1].cosine]
    return found.best.cosine - sum(rest) / len(rest)


def of_one_document(found: Found) -> float:
    """How many of the ten best are of the best one's document."""
    return float(sum(_same(hit, found.best) for hit in found.hits[:LOOKED_AT]))


def agreed(found: Found) -> float:
    """1 where meaning and wording put the same one of the ten first, else 0."""
    looked = found.hits[:LOOKED_AT]
    return float(max(looked, key=lambda one: one.cosine) is max(looked, key=lambda one: one.bm25))


def meaning_alone(found: Found) -> float:
    """Cosine of the best passage and the question without what was said before."""
    vector = found.best_vector
    return found.best.cosine if vector is None else float(found.query.vectors[0] @ vector)


def meaning_in_context(found: Found) -> float:
    """The same of the longest wording."""
    vector = found.best_vector
    return found.best.cosine if vector is None else float(found.query.vectors[-1] @ vector)


def three_of_document(found: Found) -> float:
    """Mean of the three largest cosines in its document: a page about a thing says more than one of it."""
    vectors = found.document_vectors
    if vectors is None:
        return found.best.cosine
    cosines = np.sort(vectors @ found.query.vectors.mean(axis=0))
    return float(cosines[-_UNION:].mean())


def document_meaning(found: Found) -> float:
    """Cosine of the question and the best one's document as a whole."""
    vectors = found.document_vectors
    if vectors is None:
        return found.best.cosine
    middle = vectors.mean(axis=0)
    return float(found.query.vectors.mean(axis=0) @ middle / max(float(np.linalg.norm(middle)), 1e-6))


def rarest_missing_in_context(found: Found) -> float:
    """Rarity of the rarest word of the longest wording that the whole best document lacks."""
    missing = [found.rarity[stem] for stem in found.wording - found.document]
    return max(missing, default=0.0) / _rarity(found.index, "")


def document_covers(found: Found) -> float:
    """Share of the longest wording's words that stand anywhere in the best one's document."""
    return _covered(found, found.wording, found.document)


def title_named(found: Found) -> float:
    """1 where the question has every telling word of the best one's title, else 0."""
    title = stems(found.best.entry.title)
    return float(bool(title) and found.wording.issuperset(title))


FEATURES: tuple[Callable[[Found], float], ...] = (
    meaning,
    best_meaning,
    wording,
    best_wording,
    wording_share,
    covered,
    covered_with_context,
    covered_by_three,
    covered_by_document,
    rarest_missing,
    lead_in_meaning,
    lead,
    standing,
    above_the_rest,
    of_one_document,
    agreed,
    meaning_alone,
    meaning_in_context,
    three_of_document,
    document_meaning,
    document_covers,
    title_named,
    rarest_missing_in_context,
)
NAMES = [*(feature.__name__ for feature in FEATURES), *rivals.NAMES]


def values(query: Query, hits: Sequence[Hit], index: PassageIndex) -> dict[str, float]:
    """All features by name; there must be at least one hit."""
    found = Found(query, hits, index)
    return {feature.__name__: float(feature(found)) for feature in FEATURES} | rivals.values(found)


@lru_cache(maxsize=_KEPT)
def _stems_of(entry: Entry) -> frozenset[str]:
    return frozenset(stems(" ".join((entry.title, *entry.heading, entry.text))))


def _same(one: Hit, other: Hit) -> bool:
    return one.entry.document_id == other.entry.document_id


def _document(found: Found) -> frozenset[str]:
    looked = zip(found.hits, found.passages, strict=False)
    return frozenset[str]().union(*(passage for hit, passage in looked if _same(hit, found.best)))


def _covered(found: Found, wanted: Iterable[str], there: frozenset[str]) -> float:
    total = sum(found.rarity[stem] for stem in wanted)
    return sum(found.rarity[stem] for stem in wanted if stem in there) / total if total else 0.0


def _rarity(index: PassageIndex, stem: str) -> float:
    held, count = (index.frequency(stem) if stem else 0), len(index)
    return math.log(1 + (count - held + 0.5) / (held + 0.5))
