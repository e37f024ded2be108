"""How the best passage's document stands among the others that were found.

A page that answers is ahead of its rivals in several ways at once; where it is missing, the next best page is
one of many. Each document is rated in several ways, and each rating is looked at from several sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from civic.knowledge.index import Hit

if TYPE_CHECKING:
    from civic.knowledge.gate.features import Found

# The hits in which documents are looked for, and how many of the documents are compared.
WIDE, RIVALS = 100, 8
_BEST = 3
# Two ratings closer than this are the same.
_SAME = 1e-9


@dataclass(frozen=True)
class Document:
    """One of the documents found, with its hits, best first."""

    found: Found
    hits: Sequence[Hit]

    @cached_property
    def wording(self) -> frozenset[str]:
        """The stems of all its hits."""
        return frozenset[str]().union(*(self.found.stems_of(hit.entry) for hit in self.hits))


def documents(found: Found) -> list[Document]:
    """The documents of the hits in the order of their best ones: the best passage's comes first."""
    groups: dict[str, list[Hit]] = {}
    for hit in found.hits[:WIDE]:
        groups.setdefault(hit.entry.document_id, []).append(hit)
    return [Document(found, hits) for hits in list(groups.values())[:RIVALS]]


def context(one: Document) -> float:
    """The largest cosine of its passages with the longest wording."""
    index, first = one.found.index, one.hits[0]
    around = index.document_around(first)
    if not len(around):
        return first.cosine
    return float((index.vectors_at(around) @ one.found.query.vectors[-1]).max())


def three(one: Document) -> float:
    """Its three best rank scores over three: several good passages count for more than one."""
    return sum(hit.score for hit in one.hits[:_BEST]) / _BEST


def meaning(one: Document) -> float:
    """The largest cosine of its hits."""
    return max(hit.cosine for hit in one.hits)


def words(one: Document) -> float:
    """The BM25 scores of its three best hits."""
    return sum(hit.bm25 for hit in one.hits[:_BEST])


def passage(one: Document) -> float:
    """The share of the longest wording's words, by rarity, in one of its three best hits."""
    found = one.found
    return max(found.share(found.wording, found.stems_of(hit.entry)) for hit in one.hits[:_BEST])


def coverage(one: Document) -> float:
    """The same for all of its hits together."""
    return one.found.share(one.found.wording, one.wording)


RATINGS: tuple[Callable[[Document], float], ...] = (context, three, meaning, words, passage, coverage)


def _own(ratings: Sequence[float]) -> float:
    return ratings[0]


def _highest(ratings: Sequence[float]) -> float:
    return max(ratings)


def _lead(ratings: Sequence[float]) -> float:
    """How far the best of the others is behind the best passage's document."""
    return ratings[0] - max(ratings[1:] or ratings)


def _above(ratings: Sequence[float]) -> float:
    """How far the others are behind on average."""
    rest = ratings[1:] or ratings
    return ratings[0] - sum(rest) / len(rest)


def _gap(ratings: Sequence[float]) -> float:
    """How far the second is behind the first, whichever they are."""
    first, second = sorted(ratings, reverse=True)[:2] if len(ratings) > 1 else (ratings[0],) * 2
    return first - second


SIDES: tuple[Callable[[Sequence[float]], float], ...] = (_own, _highest, _lead, _above, _gap)
NAMES = [f"{rating.__name__}{side.__name__}" for rating in RATINGS for side in SIDES] + ["first_in"]


def values(found: Found) -> dict[str, float]:
    """Each rating from each side, and in how many ratings the best passage's document is first."""
    compared = documents(found)
    ratings = [[rating(one) for one in compared] for rating in RATINGS]
    numbers = [float(side(each)) for each in ratings for side in SIDES]
    first = sum(each[0] >= max(each) - _SAME for each in ratings)
    return dict(zip(NAMES, [*numbers, float(first)], strict=True))
