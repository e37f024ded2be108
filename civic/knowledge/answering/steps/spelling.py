"""A slip of the finger is read as the word of the documents that was meant ("parkng permit").

Only what is no word at all is changed: neither one of the documents nor a common one, and no name. What the
citizen wrote is kept as it is; it is only looked for as it was meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz.distance import OSA

from civic.encoder import SentenceEncoder
from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# Shorter words are too near to too many others; in a long one two slips leave no doubt.
SHORTEST, LONG = 4, 8


def spelling(asking: Asking) -> Answer | None:
    """Puts right what is asked."""
    encoder = asking.live.encoder
    if asking.index is not None and isinstance(encoder, SentenceEncoder):
        asking.question = put_right(asking.question, asking.index.spellings(), encoder)
    return None


def put_right(text: str, spellings: Mapping[str, int], encoder: SentenceEncoder) -> str:
    """The text with each slip replaced by the word it is nearest to, the more frequent one of two."""

    def meant(found: re.Match[str]) -> str:
        word = found[0].lower()
        named = found[0] != word and found.start() > 0 and not text.isupper()
        if len(word) < SHORTEST or named or word in spellings or encoder.knows(word):
            return found[0]
        most = 2 if len(word) >= LONG else 1
        near = [
            (OSA.distance(word, each, score_cutoff=most), -count, each)
            for each, count in spellings.items()
            if each[0] == word[0] and abs(len(each) - len(word)) <= most
        ]
        best = min((one for one in near if one[0] <= most), default=None)
        return best[2] if best else found[0]

    return _WORD.sub(meant, text) if spellings else text
