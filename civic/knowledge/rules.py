"""Decisions about answers, as pure functions over values: the whole policy on one page."""

from __future__ import annotations

import math
import re

from civic.knowledge.words import stems, words

# How sure we are that the best passage answers the question: a logistic regression on its cosine and on its
# BM25 score divided by ln(1 + passages), which makes small and large collections comparable. Fitted on
# answerable questions, on the same with their document taken away, and on questions from another world, of
# three sets: this town's (evaluation/marlow_vale_questions.jsonl), OR-ShARC dev and ConditionalQA, each kind
# with the same weight. With one set left out of the fit, its figures hardly change: see
# docs/features/knowledge.md.
COSINE, WORDING, INTERCEPT = 7.5, 1.64, -4.9

# The lowest point at which at most 3 % of questions from another world are answered, on each of the sets.
MEASURED_THRESHOLD = 0.45

# A question with at most this many telling words of its own, and a word early in it that points back, leans
# on what was said before; with hardly any telling word it does so in any case.
_SOME, _HARDLY_ANY, _EARLY = 3, 1, 5
_CONTINUES = re.compile(
    r"\W*(and|but|or|so|then|also|what about|how about|what if|and if|same for|even if)\b", re.I
)
_POINTS_BACK = frozenset(
    ("it", "that", "this", "these", "those", "they", "them", "he", "she", "his", "her", "there", "one")
)


def confidence(cosine: float, bm25: float, passages: int) -> float:
    """How sure we are, from 0 to 1, that a passage with these scores answers the question."""
    return 1 / (
        1 + math.exp(-(COSINE * cosine + WORDING * bm25 / math.log(1 + max(passages, 2)) + INTERCEPT))
    )


def leans_on_context(text: str) -> bool:
    """Whether a question is likely to be understood only with the turns before it ("and for my husband?")."""
    telling = len(set(stems(text)))
    if telling <= _HARDLY_ANY or _CONTINUES.match(text):
        return True
    return telling <= _SOME and not _POINTS_BACK.isdisjoint(words(text)[:_EARLY])


def after_rating(state: str, reason: str | None, helpful: bool) -> tuple[str, str | None]:
    """State and reason of a question once its answer was rated; what was passed on or answered stays so."""
    if reason == "passed_on" or state == "answered":
        return state, reason
    return ("none", None) if helpful else ("open", "unhelpful")


def after_passing_on(state: str) -> tuple[str, str | None]:
    """State and reason of a question that its citizen asks us to pass on."""
    return ("answered" if state == "answered" else "open"), "passed_on"
