"""Conditions stay with the answer: in the quote, in the line above its list, or pointed at."""

from __future__ import annotations

import re

from civic.knowledge.answering.outcomes import Answer, Cited
from civic.knowledge.answering.quote import MAX_WORDS
from civic.knowledge.answering.state import Asking
from civic.knowledge.sentences import Span, spans

_LIST_LINE = re.compile(r"(?:[-*•–]|\(?[a-z0-9]{1,3}[.)])\s", re.IGNORECASE)
# A sentence that takes something back from the one before it, or ties it to a condition.
_RESTRICTS = re.compile(
    r"(?:unless|except|however|but|otherwise|only|provided|this (?:does not|only|applies only)|you cannot|"
    r"they cannot|it does not|not)\b",
    re.IGNORECASE,
)
# Words by which a quote sends its reader to conditions that stand elsewhere.
_POINTS = re.compile(
    r"\b(?:subject to|(?:conditions?|exceptions?|limits?|restrictions) (?:apply|below|above)|some exceptions|"
    r"(?:meet|see|these|certain) (?:\w+ )?conditions|depending on|depends on)\b",
    re.IGNORECASE,
)


def conditions(asking: Asking) -> Answer | None:
    """Adds the line that introduces a list, and marks quotes whose conditions stand outside of them."""
    for part in asking.parts:
        if part.cited is not None:
            part.cited = with_conditions(part.cited)
    return None


def with_conditions(cited: Cited) -> Cited:
    """The quote with the head of its list, and whether conditions are left out."""
    text, (start, end) = cited.hit.entry.text, cited.quote
    found = spans(text)
    inside = [at for at, (a, b) in enumerate(found) if a >= start and b <= end]
    if not inside:
        return cited
    head = _head(text, found, inside[0])
    if head is not None:
        together = (found[head][0], end)
        if len(text[slice(*together)].split()) <= MAX_WORDS:
            cited = cited.with_(quote=together)
        else:
            cited = cited.with_(head=found[head])
    return cited.with_(conditions=_left_out(text, found, inside[-1], cited))


def _head(text: str, found: list[Span], first: int) -> int | None:
    """The position of the line that introduces the list in which a quote begins."""
    if not _LIST_LINE.match(text[slice(*found[first])]):
        return None
    for position in range(first - 1, -1, -1):
        line = text[slice(*found[position])]
        if line.endswith(":"):
            return position
        if not _LIST_LINE.match(line):
            return None
    return None


def _left_out(text: str, found: list[Span], last: int, cited: Cited) -> bool:
    after = text[slice(*found[last + 1])] if last + 1 < len(found) else ""
    return bool(_POINTS.search(cited.words)) or bool(_RESTRICTS.match(after))
