"""Chooses the one to three neighbouring sentences of a passage that answer, as an exact piece of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from civic.knowledge.index import Entry, Hit, Vectors
from civic.knowledge.sentences import Span, spans
from civic.knowledge.words import stems

MAX_SENTENCES = 3
MAX_WORDS = 90
# A passage this short is quoted whole: its conditions stay with it.
SHORT = 45

WORDING = 0.2
KIND = 0.15
RANK = 0.15
# The introduction of a page says what it is about; the answer stands in one of its sections.
INTRODUCTION = 0.2
NEARLY_AS_GOOD = 0.55

# What a question asks for, and what a sentence that gives it looks like.
_MONEY = re.compile(r"[£€$]\s?\d|\b(free|no cost|no charge)\b", re.I)
# What somebody has to pay as a punishment, or may get, is not what a thing costs.
_OTHER_MONEY = re.compile(
    r"\b(?:fine|fines|fined|penalty|grant|grants|savings|earn|earns|earning|earnings|income|compensation|benefit|"
    r"worth|owe|owes|invoice over|up to £)",
    re.I,
)
# A special case is no answer to a question that does not ask for it.
_SPECIAL = re.compile(
    r"\b(?:lost|lose|stolen|replace(?:s|d|ment)?|renew\w*|further|additional|extra|late|duplicate|refund\w*|"
    r"overpaid|reinstate\w*)\b",
    re.I,
)
_TIME = re.compile(
    r"\b\d+([.:]\d\d)?\s?(am|pm)\b|\b(noon|midnight|age)\b|"
    r"\b(\d+|one|two|three|four|five|six|seven|eight|ten|twelve) "
    r"(working |school )?(minute|hour|day|week|month|year)s?\b|"
    r"\b\d{1,2} (january|february|march|april|may|june|july|august|september|october|november|december)\b|"
    r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b",
    re.I,
)
_NUMBER = re.compile(r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve)\b", re.I)
_ASKED_FOR = (
    (
        re.compile(
            r"\bhow (much|expensive)\b|\b(cost|costs|price|fee|fees|fine|charge|pay|grant|money)\b", re.I
        ),
        _MONEY,
    ),
    (
        re.compile(
            r"\bhow (long|soon|fast|often|late|early)\b|\b(what time|deadline|hours|open)\b|"
            # "A blue badge when I have dementia" asks for no time.
            r"\bwhen\b(?! (?:i|i'm|we|my|our|he|she|they)\b)",
            re.I,
        ),
        _TIME,
    ),
    (re.compile(r"\bhow (many|high|big|deep|far|old)\b", re.I), _NUMBER),
)

# A sentence that begins so makes no sense, or is not the whole truth, without the one before it.
_LEANS_BACK = re.compile(
    r"(- )?(it|its|they|their|this|these|that|those|he|she|otherwise|however|but|or|and|also|in that case|"
    r"after that|then|unless|except|each further|outside these|the same)\b",
    re.I,
)
# A condition or exception that must not be lost when the sentence before it is quoted.
_RESTRICTS = re.compile(
    r"(if|unless|except|however|but|otherwise|only|this does not|you cannot|they cannot|not|there is no)\b",
    re.I,
)


@dataclass(frozen=True)
class Candidate:
    """A passage from which may be quoted, with the vectors of its sentences."""

    hit: Hit
    sentences: Vectors


def choose(candidates: Sequence[Candidate], question: str, vector: Vectors) -> tuple[Hit, Span]:
    """The passage with the best sentence, and start and end of the quote in its text."""
    rated = []
    with_sections = {one.hit.entry.document_id for one in candidates if one.hit.entry.heading}
    for candidate in candidates:
        entry = candidate.hit.entry
        scores = sentence_scores(entry, spans(entry.text), question, vector, candidate.sentences)
        worth = float(scores.max()) + RANK * candidate.hit.score
        if not entry.heading and entry.document_id in with_sections:
            worth -= INTRODUCTION
        rated.append((worth, candidate, scores))
    _, best, scores = max(rated, key=lambda each: each[0])
    return best.hit, extend(best.hit.entry.text, scores)


def extend(text: str, scores: Vectors) -> Span:
    """The best sentence with the neighbours that belong to it, or the whole of a short passage."""
    found = spans(text)
    if len(found) == 1 or (len(found) <= MAX_SENTENCES and _words(text, found) <= SHORT):
        return found[0][0], found[-1][1]
    first = last = int(np.argmax(scores))
    floor = NEARLY_AS_GOOD * float(scores[first])
    while last - first + 1 < MAX_SENTENCES:
        step = _next_step(text, found, scores, first, last, floor)
        if step is None or _words(text, found[min(first, step) : max(last, step) + 1]) > MAX_WORDS:
            break
        first, last = min(first, step), max(last, step)
    return found[first][0], found[last][1]


def sentence_scores(
    entry: Entry,
    found: Sequence[Span],
    question: str,
    question_vector: Vectors,
    sentence_vectors: Vectors,
) -> Vectors:
    """How well each sentence answers: its meaning, and the share of the question's words in it."""
    asked = set(stems(question))
    shared = [len(asked.intersection(stems(entry.text[a:b]))) / max(1, len(asked)) for a, b in found]
    fits = [gives(question, entry.text[a:b]) for a, b in found]
    extra = WORDING * np.array(shared, dtype=np.float32) + KIND * np.array(fits, dtype=np.float32)
    scores: Vectors = sentence_vectors @ question_vector + extra
    return scores


def gives(question: str, sentence: str) -> bool:
    """Whether a sentence gives the kind of thing that is asked for: a price, a time, a number."""
    kinds = [sign for asks, sign in _ASKED_FOR if asks.search(question)]
    other = _OTHER_MONEY if _MONEY in kinds else _SPECIAL
    for beside in (other, _SPECIAL):
        if kinds and beside.search(sentence) and not beside.search(question):
            return False
    return any(sign.search(sentence) for sign in kinds)


def gives_nothing(question: str, hits: Sequence[Hit]) -> bool:
    """Whether a price, a time or a number is asked for and none of these passages holds it."""
    if not any(asks.search(question) for asks, _ in _ASKED_FOR):
        return False
    return not any(holds(question, hit) for hit in hits)


def holds(question: str, hit: Hit) -> bool:
    """Whether a passage has a sentence that gives what is asked for."""
    text = hit.entry.text
    return any(gives(question, text[a:b]) for a, b in spans(text))


def _next_step(
    text: str, found: Sequence[Span], scores: Vectors, first: int, last: int, floor: float
) -> int | None:
    """The neighbour to take in next: what the quote leans on, what restricts it, what is nearly as good."""
    before = first - 1 if first > 0 else None
    after = last + 1 if last + 1 < len(found) else None
    if before is not None and (
        _LEANS_BACK.match(_at(text, found, first)) or _introduces(text, found, before)
    ):
        return before
    if after is not None and (_RESTRICTS.match(_at(text, found, after)) or _introduces(text, found, last)):
        return after
    near = [i for i in (before, after) if i is not None and scores[i] >= floor]
    return max(near, key=lambda i: float(scores[i])) if near else None


def _at(text: str, found: Sequence[Span], index: int) -> str:
    start, end = found[index]
    return text[start:end]


def _introduces(text: str, found: Sequence[Span], index: int) -> bool:
    return _at(text, found, index).endswith(":")


def _words(text: str, found: Sequence[Span]) -> int:
    return len(text[found[0][0] : found[-1][1]].split())
