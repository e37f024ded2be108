"""A slip of the finger is read as the word of the documents that was meant ("parkng permit", "aparking").

Only what is no word at all is changed: neither one of the documents nor a common one, no form of one
("carers", "renewed"), no short form ("dont") and no name. What the citizen wrote is kept as it is; it is only
looked for as it was meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rapidfuzz.distance import OSA

from civic.encoder import SentenceEncoder
from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking
from civic.knowledge.words import COMMON

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Shorter words are too near to too many others, those of three letters to all but the commonest ("hoq",
# "cqn"); in a long one two slips leave no doubt.
SHORTEST, COMMON_ONLY, LONG = 3, 3, 8
# A message with more of them is in another language, or no words at all.
MOST = 6
# What was typed without spaces; of two letters only a common word stands alone.
LONGEST, LONGEST_COMMON = 40, 2
# Where another letter makes another word too easily, in short words and twice in long ones, it must be one
# of a key beside the right one.
SHORT = 5
_KEYS = {
    key: complex(column + 0.4 * row, row)
    for row, keys in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for column, key in enumerate(keys)
}
_TOUCHING = 1.3
# What a word may have at its end and still be that word.
_ENDINGS = ("s", "es", "ed", "er", "ers", "ing", "ings", "ly", "y", "ment", "able")
_PREFIXES = ("un", "non", "re", "pre", "mis", "dis", "over", "under")
_LEAST_BEFORE, _LEAST_AFTER = 3, 5
# "Dont" and "wheres": said with the apostrophe left out.
_CONTRACTED = re.compile(
    r"(?:do|does|did|is|are|was|were|has|have|had|ca|could|wo|would|should|must|need|ai)nt|"
    r"(?:what|where|who|how|when|why|that|there|here|it|he|she|let)s|(?:i|you|we|they)(?:ve|re|ll|d)|(?:it|that)ll"
)


def spelling(asking: Asking) -> Answer | None:
    """Puts right what is asked."""
    encoder = asking.live.encoder
    if asking.index is not None and isinstance(encoder, SentenceEncoder):
        asking.question = put_right(asking.question, asking.index.spellings(), encoder)
    return None


def put_right(text: str, spellings: Mapping[str, int], encoder: SentenceEncoder) -> str:
    """The text with each slip replaced by the word it is nearest to, the more frequent one of two."""

    def known(word: str) -> bool:
        return word in spellings or encoder.knows(word)

    def is_slip(found: re.Match[str]) -> bool:
        word = _plain(found)
        named = found[0] != found[0].lower() and found.start() > 0 and not text.isupper()
        if len(word) < SHORTEST or named or known(word) or "'" in word:
            return False
        return not _CONTRACTED.fullmatch(word) and not is_a_form(word, known)

    def meant(found: re.Match[str]) -> str:
        return _nearest(_plain(found), spellings) or found[0] if found.start() in slipped else found[0]

    slipped = {found.start() for found in _WORD.finditer(text) if is_slip(found)} if spellings else set()
    return _WORD.sub(meant, text) if 0 < len(slipped) <= MOST else text


def _plain(found: re.Match[str]) -> str:
    return found[0].lower().replace("’", "'")


def _nearest(word: str, spellings: Mapping[str, int]) -> str | None:
    if len(word) > COMMON_ONLY and (cut := cut_apart(word, spellings)) is not None:
        return cut
    wanted = COMMON if len(word) <= COMMON_ONLY else spellings.keys() | COMMON
    near = [
        (distance, -spellings.get(each, 0), each)
        for each in wanted
        if _begins_alike(word, each) and (distance := slips(word, each)) is not None
    ]
    return min(near)[2] if near else None


def cut_apart(word: str, spellings: Mapping[str, int]) -> str | None:
    """The fewest words of the documents that grew together in one ("aparking"), or None."""
    if len(word) > LONGEST:
        return None
    best: list[tuple[str, ...] | None] = [()]
    for end in range(1, len(word) + 1):
        cuts = [
            (*before, word[start:end])
            for start in range(end)
            if (before := best[start]) is not None and _stands_alone(word[start:end], spellings)
        ]
        best.append(min(cuts, key=len, default=None))
    return " ".join(best[-1]) if best[-1] else None


def _stands_alone(part: str, spellings: Mapping[str, int]) -> bool:
    if len(part) <= LONGEST_COMMON:
        return part in COMMON and (len(part) > 1 or part in "ai")
    return part in spellings or part in COMMON or bool(_CONTRACTED.fullmatch(part))


def slips(word: str, other: str) -> int | None:
    """How many slips lead from a word to another, or None where a word of its length has not so many."""
    most = 2 if len(word) >= LONG else 1
    if abs(len(word) - len(other)) > most:
        return None
    distance = OSA.distance(word, other, score_cutoff=most)
    if distance > most:
        return None
    if len(word) == len(other) and (len(word) <= SHORT or distance > 1) and sorted(word) != sorted(other):
        slipped = all(one == meant or _beside(one, meant) for one, meant in zip(word, other, strict=True))
        return distance if slipped else None
    return distance


def _begins_alike(word: str, other: str) -> bool:
    return word[0] == other[0] or (
        len(word) > SHORT and len(word) == len(other) and _beside(word[0], other[0])
    )


def _beside(one: str, other: str) -> bool:
    """Whether two letters are on keys that touch each other."""
    return one in _KEYS and other in _KEYS and abs(_KEYS[one] - _KEYS[other]) < _TOUCHING


def is_a_form(word: str, known: Callable[[str], bool]) -> bool:
    """Whether a word is a known one with an ending ("carers", "renewing") or with something before it."""
    for ending in _ENDINGS:
        base = word.removesuffix(ending)
        if base == word or len(base) < _LEAST_BEFORE + (ending == "y"):
            continue
        if known(base) or (ending[0] in "eiay" and known(f"{base}e")):
            return True
        if base[-1] == base[-2] and ending[0] in "ei" and known(base[:-1]):
            return True
    bases = (word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))
    return any(len(base) >= _LEAST_AFTER and known(base) for base in bases)
