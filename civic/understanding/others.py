"""An order of choices, a place, a photo, a word of agreement: as people type them."""

from __future__ import annotations

import re

from civic.understanding.choices import read_choice
from civic.understanding.normal import normal
from civic.understanding.question import Question
from civic.understanding.types import Given, Reading, Unclear
from civic.understanding.vocabulary import Vocabulary
from civic.understanding.yes_no import read_yes_no

_NUMBER = r"([-+−]?\d{1,3}(?:\.\d+)?)\s*°?\s*"
_DEGREES = re.compile(rf"(?:geo:|.*@)?{_NUMBER}([ns])?\s*[,;\s]\s*{_NUMBER}([ew])?(?:[,z?].*)?")


def read_ranking(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """Choices one after the other, the first first. `text` is normal."""
    text = _numbered(question, text)
    words = "|".join(re.escape(word) for word in sorted(vocabulary.separators, key=len, reverse=True))
    pieces = [piece for piece in re.split(rf"[,;>/\n]|(?<!\w)(?:{words})(?!\w)", text) if piece.strip()]
    if len(pieces) == 1 and re.fullmatch(r"[\d\s]+|(?:[a-z]\s+)*[a-z]\s*", text):
        pieces = text.split()
        if len(pieces) == 1 and 2 <= len(text) == len(question.options) <= 9 and len(set(text)) == len(text):
            pieces = list(text)  # "213"
    names: list[str] = []
    for piece in pieces:
        answer = read_choice(question, piece.strip(), vocabulary)
        if not isinstance(answer, Given) or str(answer.value) in names:
            return Unclear("rank")
        names.append(str(answer.value))
    return Given(tuple(names), read_as=True) if names else Unclear("rank")


def _numbered(question: Question, text: str) -> str:
    """The text with its labels as numbers, so that an "and" inside a label separates nothing."""
    forms = [
        (normal(form), place)
        for place, option in enumerate(question.options, start=1)
        for form in (option.label, *option.labels, *option.also)
    ]
    for form, place in sorted(forms, key=lambda pair: -len(pair[0])):
        if len(form) > 1 and not form.isdigit():
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", f" {place} ", text)
    return " ".join(text.split(" "))


def read_acknowledgement(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """Any yes is agreement, and nothing else is."""
    said = read_yes_no(text, vocabulary)
    return Given("OK") if said in (Given("yes"), Given("yes", read_as=True)) else Unclear("acknowledge")


def read_place(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """Latitude and longitude in degrees. An address is none: nothing is looked up elsewhere."""
    found = _DEGREES.fullmatch(text)
    if not found or ("." not in found[1] and "." not in found[3]):
        return Unclear("geopoint")
    lat, long = (float(found[place].replace("−", "-")) for place in (1, 3))
    lat, long = -lat if found[2] == "s" else lat, -long if found[4] == "w" else long
    return Given(f"{lat} {long}", read_as=True)


def read_photo(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """Words are no photo."""
    return Unclear("image")
