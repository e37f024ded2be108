"""Documents are cut into passages: a section, or paragraphs of one, of about a hundred tokens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from civic.knowledge.importing.types import Block
from civic.knowledge.index import Entry
from civic.knowledge.sentences import spans

# In words; a token is about three quarters of one.
TARGET = 75
LARGEST = 120
SMALLEST = 18


@dataclass(frozen=True)
class PassageText:
    """A passage before it is stored: exact text, headings above it, page."""

    text: str
    heading: tuple[str, ...]
    page: int | None


def indexed_text(title: str, heading: Iterable[str], text: str) -> str:
    """What is searched: the passage with its title and headings in front."""
    names = dict.fromkeys([title, *heading])
    return ": ".join(names) + "\n" + text


def sentence_texts(entry: Entry) -> list[str]:
    """The sentences of a passage as they are encoded: each after its title and headings."""
    subject = ": ".join(dict.fromkeys([entry.title, *entry.heading]))
    return [f"{subject}: {entry.text[start:end]}" for start, end in spans(entry.text)]


def split(blocks: Iterable[Block]) -> list[PassageText]:
    """The passages of a document, in order; none crosses a heading or a page."""
    found: list[PassageText] = []
    for (heading, page), group in groupby(blocks, key=lambda block: (block.heading, block.page)):
        parts = [part for block in group for part in _parts(block.text)]
        found += [PassageText(text, heading, page) for text in _packed(parts)]
    return found


def _parts(text: str) -> Iterator[str]:
    """A block as it is, or cut between sentences or list lines where it is too long."""
    if _words(text) <= LARGEST:
        yield text
        return
    current = ""
    for start, end in spans(text):
        for piece in _short(text[start:end]):
            if current and _words(current) + _words(piece) > TARGET:
                yield current
                current = ""
            joint = "\n" if start and text[start - 1] == "\n" else " "
            current = f"{current}{joint}{piece}" if current else piece
    if current:
        yield current


def _short(sentence: str) -> Iterator[str]:
    """A sentence; one without an end (a table, a list of names) is cut every `LARGEST` words."""
    words = sentence.split(" ")
    if len(words) <= LARGEST:
        yield sentence
        return
    for start in range(0, len(words), TARGET):
        yield " ".join(words[start : start + TARGET])


def _packed(parts: list[str]) -> list[str]:
    """Neighbouring parts together, up to about `TARGET` words; what introduces a list stays with it."""
    packed: list[str] = []
    for part in parts:
        if packed and _belong_together(packed[-1], part):
            packed[-1] = f"{packed[-1]}\n{part}"
        else:
            packed.append(part)
    return packed


def _belong_together(before: str, after: str) -> bool:
    together = _words(before) + _words(after)
    if before.endswith(":") or min(_words(before), _words(after)) < SMALLEST:
        return together <= 2 * LARGEST
    return together <= TARGET


def _words(text: str) -> int:
    return len(text.split())
