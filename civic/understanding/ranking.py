"""An order of choices as people write it: "2, 1, 3", "trees first, then benches, and dogs last"."""

from __future__ import annotations

import re

from civic.understanding.choices import read_choice
from civic.understanding.normal import normal, with_digits, words
from civic.understanding.question import Question
from civic.understanding.types import Given, Reading, Unclear
from civic.understanding.vocabulary import Phrases, Vocabulary

# Marks that nobody can type: where a choice was named, and a place in the order.
_CHOICE = re.compile("\x01(\\d+)\x02")
_PLACE = re.compile("\x03(\\d+)\x02")
_LAST = 99
_NUMBERED_LIST = re.compile(r"(?:^|(?<=[\s,;]))(\d{1,2})[.):]\s*(?=[^\W\d])")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")


def read_ranking(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """Choices one after the other, the first first, or each with its place. `text` is normal."""
    marked = _with_places(_with_choices(question, text), vocabulary)
    named = [_piece(question, piece, vocabulary) for piece in _pieces(question, marked, vocabulary)]
    if not named or None in named:
        return Unclear("rank")
    order = _in_order([each for piece in named if piece for each in piece], question)
    return Given(order, read_as=True) if order else Unclear("rank")


def _with_choices(question: Question, text: str) -> str:
    """The text with marks for labels, so that an "and" inside a label separates nothing."""
    text = _NUMBERED_LIST.sub("\x03\\1\x02 ", text)
    forms = [
        (normal(form), place)
        for place, option in enumerate(question.options, start=1)
        for form in (option.label, *option.labels, *option.also)
    ]
    for form, place in sorted(forms, key=lambda pair: -len(pair[0])):
        if len(form) > 1 and not form.isdigit():
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", f" \x01{place}\x02 ", text)
    return " ".join(text.split())


def _with_places(text: str, vocabulary: Vocabulary) -> str:
    """The text with marks for "first", "2nd", "at the bottom"; said before a choice or after it."""
    text = re.sub(_any(vocabulary.lasts), f" \x03{_LAST}\x02 ", text)
    text = re.sub(_any(vocabulary.firsts), " \x031\x02 ", text)
    found = []
    for word in text.split():
        bare = word.strip(":.,;)")
        ordinal = _ORDINAL.fullmatch(with_digits(bare, vocabulary.language) if bare.isalnum() else bare)
        found.append(f"\x03{ordinal[1]}\x02{word[len(bare) :]}" if ordinal else word)
    text = " ".join(found)
    # "first trees second benches": each place begins a piece of its own.
    return re.sub(r"(?<=\S)\s+(?=\x03)", " , ", text) if text.startswith("\x03") else text


def _any(phrases: Phrases) -> str:
    longest_first = sorted(phrases, key=lambda phrase: -len(phrase))
    return rf"(?<!\w)(?:{'|'.join(re.escape(phrase) for phrase in longest_first)})(?!\w)"


def _pieces(question: Question, text: str, vocabulary: Vocabulary) -> list[str]:
    between = _any(vocabulary.separators | vocabulary.rather_than)
    pieces = [piece.strip() for piece in re.split(rf"[,;>/\n]|{between}", text)]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) == 1 and re.fullmatch(r"[\d\s]+|(?:[a-z]\s+)*[a-z]\s*|(?:\x01\d+\x02\s*)+", text):
        pieces = text.split()
        if len(pieces) == 1 and 2 <= len(text) == len(question.options) <= 9 and len(set(text)) == len(text):
            pieces = list(text)  # "213"
    joined: list[str] = []
    for piece in pieces:  # "first, trees"
        if joined and _PLACE.fullmatch(joined[-1]):
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
    return joined


def _piece(question: Question, piece: str, vocabulary: Vocabulary) -> list[tuple[str, int | None]] | None:
    """The choice that a piece names, with its place where it says one; None where it is not clear."""
    places = [int(found) for found in _PLACE.findall(piece)]
    rest = " ".join(_PLACE.sub(" ", piece).split())
    named = {int(found) for found in _CHOICE.findall(rest)}
    if len(places) > 1 or len(named) > 1:
        return None
    if named:
        left = set(words(_CHOICE.sub(" ", rest)))
        if left & vocabulary.negations or any(word.isdigit() for word in left):
            return None
        name = question.options[named.pop() - 1].name
    else:
        answer = read_choice(question, rest, vocabulary)
        if not isinstance(answer, Given):
            return None
        name = str(answer.value)
    return [(name, places[0] if places else None)]


def _in_order(named: list[tuple[str, int | None]], question: Question) -> tuple[str, ...] | None:
    """The names by their places; who has none stands where room is left, in the order said."""
    names = [name for name, _ in named]
    many = len(question.options)
    placed = {many if place == _LAST else place: name for name, place in named if place is not None}
    if len(set(names)) != len(names) or len(placed) != sum(place is not None for _, place in named):
        return None
    if not placed:
        return tuple(names)
    if not all(1 <= place <= many for place in placed):
        return None
    rest = [name for name, place in named if place is None]
    left = [option.name for option in question.options if option.name not in names]
    if len(left) > 1:
        # Too few to fill the order; those from the top on are still an answer to be completed.
        at_top = sorted(placed) == list(range(1, len(placed) + 1))
        return tuple(placed[place] for place in sorted(placed)) + tuple(rest) if at_top else None
    rest += left  # one alone goes without saying
    return tuple(placed[place] if place in placed else rest.pop(0) for place in range(1, many + 1))
