"""Pairs of something that might be asked and the passage that answers it, made from the documents alone."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from civic.knowledge.index import Entry
from civic.knowledge.passages import indexed_text
from civic.knowledge.sentences import spans

# Share of the documents whose pairs are kept back to judge by.
HELD_BACK = 0.2
_QUESTION = re.compile(
    r"\s*(who|what|when|where|why|which|how|can|could|do|does|is|are|am|may|must|should|will)\b.*", re.I
)
_FAQ = re.compile(
    r"(?:^|\n)\s*Q(?:uestion)?\s*[:.]\s*(.+?)\n\s*A(?:nswer)?\s*[:.]\s*(.+?)(?=\n\s*Q|\Z)", re.S
)
# Fewer words say too little to be a question, or to be found by it.
_SHORTEST_HEADING, _SHORTEST_SENTENCE, _SHORTEST_TEXT = 2, 6, 8


@dataclass(frozen=True)
class Pair:
    """A question, the text that should be found for it, and the passage (its position) that holds it.

    `kind` says how it was made: `title`, `heading`, `question` (a heading that asks), `faq`, `official` (an
    official's answer under its public wording) or `sentence` (of the passage, the rest of which is to be
    found).
    """

    kind: str
    question: str
    text: str
    passage: int


@dataclass(frozen=True)
class Pairs:
    """What is trained on, and what is kept back, no document of which is trained on."""

    training: list[Pair]
    held_back: list[Pair]

    @property
    def fingerprint(self) -> str:
        """Changes when a pair changes: what was trained on others cannot be gone on with."""
        total = hashlib.sha256()
        for pair in [*self.training, *self.held_back]:
            total.update(repr(pair).encode())
        return total.hexdigest()[:16]


def make(entries: Sequence[Entry], keys: dict[str, str], official: dict[str, str]) -> Pairs:
    """The pairs of these passages; `keys` and `official` by document id: its key, its public question."""
    back = _held_back(set(keys.values()))
    training: list[Pair] = []
    held_back: list[Pair] = []
    for place, entry in enumerate(entries):
        target = held_back if keys[entry.document_id] in back else training
        target += _pairs(place, entry, official.get(entry.document_id))
    # A title or a sentence is hardly ever what a citizen asks: trained on, but not judged by.
    return Pairs(_without_repeats(training), [one for one in held_back if one.kind in JUDGED])


JUDGED = frozenset({"heading", "question", "faq", "official", "title"})


def without_name(kind: str, entry: Entry) -> str:
    """A passage as it is searched, less what the question of this kind was made of."""
    if kind == "title":
        return entry.text
    if kind in ("heading", "question"):
        return indexed_text(entry.title, entry.heading[:-1], entry.text)
    return indexed_text(entry.title, entry.heading, entry.text)


def counts(pairs: Iterable[Pair]) -> dict[str, int]:
    """How many pairs there are of each kind."""
    found: dict[str, int] = defaultdict(int)
    for pair in pairs:
        found[pair.kind] += 1
    return dict(found)


def _pairs(place: int, entry: Entry, official: str | None) -> Iterator[Pair]:
    if _words(entry.text) < _SHORTEST_TEXT:
        return
    if official:
        yield Pair("official", official, without_name("official", entry), place)
        return
    yield Pair("title", entry.title, without_name("title", entry), place)
    heading = entry.heading[-1] if entry.heading else ""
    if _words(heading) >= _SHORTEST_HEADING and heading != entry.title:
        kind = "question" if heading.endswith("?") or _QUESTION.fullmatch(heading) else "heading"
        # A heading alone ("How to pay") is about its document's subject.
        yield Pair(kind, f"{entry.title}: {heading}", without_name(kind, entry), place)
    for asked, answered in _FAQ.findall(entry.text):
        yield Pair("faq", " ".join(asked.split()), answered.strip(), place)
    found = spans(entry.text)
    if len(found) >= 3:
        # One sentence of each passage, always the same one.
        start, end = found[int(hashlib.sha256(entry.text.encode()).hexdigest(), 16) % len(found)]
        if _words(entry.text[start:end]) >= _SHORTEST_SENTENCE:
            rest = f"{entry.text[:start]}{entry.text[end:]}".strip()
            yield Pair("sentence", entry.text[start:end], indexed_text(entry.title, (), rest), place)


def _held_back(keys: set[str]) -> set[str]:
    """A fifth of the documents, told by their keys alone: a new document moves no other."""
    ordered = sorted(keys, key=lambda key: hashlib.sha256(key.encode()).hexdigest())
    return set(ordered[: round(HELD_BACK * len(ordered))])


def _without_repeats(pairs: list[Pair]) -> list[Pair]:
    return list({(one.question, one.text): one for one in pairs}.values())


def _words(text: str) -> int:
    return len(text.split())
