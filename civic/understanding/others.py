"""A place, a photo, a word of agreement: as people type them."""

from __future__ import annotations

import re

from civic.understanding.question import Question
from civic.understanding.types import Given, Reading, Unclear
from civic.understanding.vocabulary import Vocabulary
from civic.understanding.yes_no import read_yes_no

_NUMBER = r"([-+−]?\d{1,3}(?:\.\d+)?)\s*°?\s*"
_DEGREES = re.compile(rf"(?:geo:|.*@)?{_NUMBER}([ns])?\s*[,;\s]\s*{_NUMBER}([ew])?(?:[,z?].*)?")


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
