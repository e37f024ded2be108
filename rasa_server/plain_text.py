"""Reads a message as it was meant: capitals, emoji, an opening greeting, short forms, slips of the finger.

The words are only read this way to be understood; what the citizen wrote is kept and shown as it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from civic.encoder.chat_words import SHORT
from civic.encoder.plain import core, tidy, without_opening

TOKEN = re.compile(r"\S+")
EDGES = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Costs are negative logarithms of chances: a slip to the next key, another slip, a space left out.
NEXT_KEY, OTHER_SLIP, NO_SPACE = 4.0, 6.0, 4.0
# A word that exists is seldom a slip; one that does not, the longer it is.
REAL_WORD, UNKNOWN_WORD, UNKNOWN_LETTER = 4.0, 12.0, 1.5
COMMON = 2000
# So often in the examples, a short form (ATM) is a word of this place.
OFTEN = 3
LONGEST_WORD = 40


def neighbours() -> dict[str, str]:
    """The keys around each key of an English keyboard."""
    found: dict[str, str] = {}
    for number, row in enumerate(ROWS):
        for place, key in enumerate(row):
            near = [
                other
                for lower in (number - 1, number, number + 1)
                if 0 <= lower < len(ROWS)
                for at, other in enumerate(ROWS[lower])
                if other != key and abs(at - place + (lower - number) * 0.5) <= 1
            ]
            found[key] = "".join(near)
    return found


NEIGHBOURS = neighbours()


class PlainText:
    """Reads messages with the words of a general vocabulary and of the training examples."""

    def __init__(self, general: Sequence[str], learned: Mapping[str, int]) -> None:
        self.general = list(general)
        self.learned = dict(learned)
        total = sum(self.learned.values()) or 1
        share = 0.5 if self.learned else 0.0
        # A word's chance falls with its rank (Zipf); the examples have half the say.
        scale = (1 - share) / math.log(len(self.general) + 2)
        chance = {word: scale / (rank + 2) for rank, word in enumerate(self.general)}
        for word, count in self.learned.items():
            chance[word] = chance.get(word, 0.0) + share * count / total
        self._cost = {word: -math.log(value) for word, value in chance.items()}
        # Among the shortest, only the commonest are words: the others are abbreviations of every kind.
        self._real = {
            word for rank, word in enumerate(self.general) if len(word) > 3 or rank < COMMON
        } | self.learned.keys()
        self._word = lru_cache(maxsize=4096)(self._read_word)

    @classmethod
    def fit(cls, texts: Iterable[str], general: Sequence[str]) -> PlainText:
        """Learn the words of the examples; a short form is a word only where it is used often."""
        tokens = Counter(token for text in texts for token in TOKEN.findall(tidy(text)))
        cores: Counter[str] = Counter()
        for token, count in tokens.items():
            cores[core(token)] += count
        learned: Counter[str] = Counter()
        for token, count in tokens.items():
            rare = cores[core(token)] < OFTEN
            for word in words_of(SHORT.get(core(token), token) if rare else token):
                learned[word] += count
        return cls(general, learned)

    def read(self, text: str) -> str:
        """The message in plain words; never empty unless the message was."""
        tidied = without_opening(tidy(text))
        found = TOKEN.findall(tidied)
        if len(found) == 1 and len(found[0]) < 3 and found[0] in SHORT:
            return tidied  # "y", "n": an answer, not a word of a sentence
        tokens = [self._read_token(token) for token in found]
        return " ".join(token for token in tokens if token) or tidied or text

    def _read_token(self, token: str) -> str:
        before, middle, after = EDGES.match(token).groups()  # type: ignore[union-attr]
        if middle in SHORT and self.learned.get(middle, 0) < OFTEN:
            return f"{before}{SHORT[middle]}{after}" if SHORT[middle] else ""
        if not middle.replace("'", "").isalpha() or not middle.isascii() or len(middle) > LONGEST_WORD:
            return token
        return f"{before}{self._word(middle)}{after}"

    def _read_word(self, word: str) -> str:
        if word in self.learned or word + "s" in self.learned:
            return word
        known = word in self._real or self._is_form(word)
        unknown = UNKNOWN_WORD + UNKNOWN_LETTER * len(word)
        least = self._cost[word] if word in self._real else unknown
        best, extra = word, REAL_WORD if known else 0.0
        for candidate, slip in slips(word):
            if candidate not in self._real:
                continue
            cost = self._cost[candidate] + slip + extra
            if cost < least:
                best, least = candidate, cost
        if not known and len(word) > 3:
            cost, parts = self._split(word)
            if cost < least:
                best = " ".join(parts)
        return best

    def _is_form(self, word: str) -> bool:
        """Whether this is a known word with an ending."""
        for ending in ("s", "es", "ed", "d", "ing", "er", "ers", "ly", "ies"):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                stem = word[: -len(ending)]
                if stem in self._cost or stem + "e" in self._cost or stem + "y" in self._cost:
                    return True
        return False

    def _split(self, word: str) -> tuple[float, list[str]]:
        """The likeliest way to cut a word into known ones."""
        best: list[tuple[float, int]] = [(-NO_SPACE, 0)]
        for end in range(1, len(word) + 1):
            options = [
                (best[start][0] + self._part_cost(word[start:end]) + NO_SPACE, start)
                for start in range(max(0, end - 20), end)
            ]
            best.append(min(options))
        parts: list[str] = []
        end = len(word)
        while end:
            start = best[end][1]
            parts.append(word[start:end])
            end = start
        return best[-1][0], parts[::-1]

    def _part_cost(self, part: str) -> float:
        if len(part) == 1 and part not in "ai":
            return math.inf
        return self._cost[part] if part in self._real else math.inf


def words_of(token: str) -> list[str]:
    """The words inside a token."""
    return [word for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", token) if len(word) > 1 or word in "ai"]


def slips(word: str) -> Iterator[tuple[str, float]]:
    """Every word one slip away, with what the slip costs."""
    for place, sign in enumerate(word):
        before, after = word[:place], word[place + 1 :]
        near = NEIGHBOURS.get(sign, "")
        yield from ((before + other + after, NEXT_KEY) for other in near)
        if len(word) < 4:
            continue
        yield from (
            (before + other + after, OTHER_SLIP) for other in LETTERS if other != sign and other not in near
        )
        yield before + after, OTHER_SLIP
        if after:
            yield before + after[0] + sign + after[1:], OTHER_SLIP
        yield from ((before + other + sign + after, OTHER_SLIP) for other in LETTERS)
    if len(word) >= 4:
        yield from ((word + other, OTHER_SLIP) for other in LETTERS)


def general_words(tokens: Mapping[str, int]) -> list[str]:
    """The whole words of a tokenizer's vocabulary, in its order, which is about that of their frequency."""
    marked = any(token.startswith("▁") for token in tokens)
    ordered = sorted(tokens, key=lambda token: tokens[token])
    whole = [token[1:] for token in ordered if token.startswith("▁")] if marked else ordered
    return [w for w in dict.fromkeys(whole) if w.isalpha() and w.isascii() and (len(w) > 1 or w in "ai")]
