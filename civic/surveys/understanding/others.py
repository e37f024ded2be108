"""An order of choices, a place, a photo, a word of agreement: as people type them."""

from __future__ import annotations

import re

from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.state import Answer, Given, Unclear
from civic.surveys.understanding.choices import read_choice
from civic.surveys.understanding.normal import normal
from civic.surveys.understanding.vocabulary import Vocabulary
from civic.surveys.understanding.yes_no import read_yes_no

_NUMBER = r"([-+−]?\d{1,3}(?:\.\d+)?)\s*°?\s*"
_DEGREES = re.compile(rf"(?:geo:|.*@)?{_NUMBER}([ns])?\s*[,;\s]\s*{_NUMBER}([ew])?(?:[,z?].*)?")


def read_ranking(question: SurveyQuestion, text: str, vocabulary: Vocabulary) -> Answer:
    """Choices one after the other, the first first. `text` is normal."""
    text = _numbered(question, text)
    words = "|".join(re.escape(word) for word in sorted(vocabulary.separators, key=len, reverse=True))
    pieces = [piece for piece in re.split(rf"[,;>/\n]|(?<!\w)(?:{words})(?!\w)", text) if piece.strip()]
    if len(pieces) == 1 and re.fullmatch(r"[\d\s]+|(?:[a-z]\s+)*[a-z]\s*", text):
        pieces = text.split()
        if len(pieces) == 1 and 2 <= len(text) == len(question.choices) <= 9 and len(set(text)) == len(text):
            pieces = list(text)  # "213"
    names: list[str] = []
    for piece in pieces:
        answer = read_choice(question, piece.strip(), vocabulary)
        if not isinstance(answer, Given) or str(answer.value) in names:
            return Unclear("rank")
        names.append(str(answer.value))
    return Given(tuple(names), read_as=True) if names else Unclear("rank")


def _numbered(question: SurveyQuestion, text: str) -> str:
    """The text with its labels as numbers, so that an "and" inside a label separates nothing."""
    forms = [
        (normal(form), place)
        for place, choice in enumerate(question.choices, start=1)
        for form in (*choice.label.root.values(), *choice.also)
    ]
    for form, place in sorted(forms, key=lambda pair: -len(pair[0])):
        if len(form) > 1 and not form.isdigit():
            text = re.sub(rf"(?<!\w){re.escape(form)}(?!\w)", f" {place} ", text)
    return " ".join(text.split(" "))


def read_acknowledgement(question: SurveyQuestion, text: str, vocabulary: Vocabulary) -> Answer:
    """Any yes is agreement, and nothing else is."""
    said = read_yes_no(text, vocabulary)
    return Given("OK") if said in (Given("yes"), Given("yes", read_as=True)) else Unclear("acknowledge")


def read_place(question: SurveyQuestion, text: str, vocabulary: Vocabulary) -> Answer:
    """Latitude and longitude in degrees. An address is none: nothing is looked up elsewhere."""
    found = _DEGREES.fullmatch(text)
    if not found or ("." not in found[1] and "." not in found[3]):
        return Unclear("geopoint")
    lat, long = (float(found[place].replace("−", "-")) for place in (1, 3))
    lat, long = -lat if found[2] == "s" else lat, -long if found[4] == "w" else long
    return Given(f"{lat} {long}", read_as=True)


def read_photo(question: SurveyQuestion, text: str, vocabulary: Vocabulary) -> Answer:
    """Words are no photo."""
    return Unclear("image")
