"""Where the sentences of a passage begin and end, so that a quote can be exact."""

from __future__ import annotations

import re

Span = tuple[int, int]

_END = re.compile(r"[.!?]+[\"”’)\]]*\d{0,2}(?=\s+[\"“‘(\[]?[A-Z0-9£€$])|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|no|nos|st|mr|mrs|ms|dr|prof|art|para|sec|fig|vs|cf|inc|ltd|jan|feb|mar|apr"
    r"|aug|sept?|oct|nov|dec)|\b[A-Za-z]|^\s*\(?\d{1,3}|\n\s*\(?\d{1,3})\.$",
    re.I,
)


def spans(text: str) -> list[Span]:
    """Start and end of each sentence or list line, without the white space between them."""
    found: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.group() != "\n" and _ABBREVIATION.search(text[max(0, start) : match.end()]):
            continue
        _keep(found, text, start, match.end())
        start = match.end()
    _keep(found, text, start, len(text))
    return found


def _keep(found: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        found.append((start, end))
