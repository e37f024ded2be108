"""Answers that are on no list: "other: by boat" is the option Other, and the words beside it are kept."""

from __future__ import annotations

import re

from civic.understanding.choices import read_choices
from civic.understanding.normal import normal
from civic.understanding.question import Question
from civic.understanding.types import Given, Unsure
from civic.understanding.vocabulary import Vocabulary

LONGEST = 500


def in_own_words(question: Question, typed: str, vocabulary: Vocabulary) -> Given | Unsure | None:
    """The answer of a text that says Other and then what; None for every other text."""
    if question.other is None or question.type not in ("select_one", "select_multiple"):
        return None
    names = [*vocabulary.other, *(normal(form) for form in _forms(question))]
    phrases = "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True) if name)
    found = re.search(rf"(?<!\w)(?:{phrases})\s*(?:[:=(–—]|\s-\s|,(?!$))\s*(.+)$", typed.strip(), re.I | re.S)
    if found is None or not (words := found[1].strip(" .)\"'")):
        return None
    before = normal(typed.strip()[: found.start()])
    others = [word for word in before.split() if word not in vocabulary.fillers | vocabulary.separators]
    if not others:
        value = (question.other,) if question.type == "select_multiple" else question.other
        return Given(value, read_as=True, other=words[:LONGEST])
    if question.type == "select_one":
        return None
    rest = read_choices(question, _without_joint(before, vocabulary), vocabulary)
    if isinstance(rest, Given) and isinstance(rest.value, tuple):
        names_in_order = tuple(n for n in question.names if n in rest.value or n == question.other)
        return Given(names_in_order, read_as=True, other=words[:LONGEST])
    if isinstance(rest, Unsure):
        both = (*(rest.values[0] if isinstance(rest.values[0], tuple) else ()), question.other)
        return Unsure((both,), other=words[:LONGEST])
    return None


def _forms(question: Question) -> tuple[str, ...]:
    return next(option.forms for option in question.options if option.name == question.other)


def _without_joint(text: str, vocabulary: Vocabulary) -> str:
    """The text without the "and" that led to the last option."""
    words = text.split()
    while words and words[-1].strip(",;") in vocabulary.separators | {""}:
        words.pop()
    return " ".join(words).strip(" ,;")
