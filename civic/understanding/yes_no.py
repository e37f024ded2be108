"""Yes and no in the many ways people say them."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from civic.understanding.normal import normal, words
from civic.understanding.question import Question
from civic.understanding.types import Given, Reading, Unclear, Unsure
from civic.understanding.vocabulary import Phrases, Vocabulary


def read_yes_no(text: str, vocabulary: Vocabulary) -> Reading:
    """`text` is normal. Certain words count; probable ones are asked back; contradictions are unclear."""
    if text in vocabulary.undecided:
        return Unclear("undecided")
    if text in vocabulary.yes:
        return Given("yes")
    if text in vocabulary.no:
        return Given("no")
    if text in vocabulary.probably_yes:
        return Unsure(("yes",))
    if text in vocabulary.probably_no:
        return Unsure(("no",))
    found = _scan(words(text), vocabulary)
    if "undecided" in found or {"yes", "no"} <= found:
        return Unclear("undecided")
    for said in ("yes", "no"):
        if said in found:
            other = {"probably_yes", "probably_no"} & found
            return Unsure((said,)) if other else Given(said, read_as=True)
    for said in ("yes", "no"):
        if f"probably_{said}" in found:
            return Unsure((said,))
    return _nearly(text, vocabulary)


def called_yes_and_no(question: Question, vocabulary: Vocabulary) -> dict[str, str]:
    """The answers that are called yes and no; nothing where not just one of them is called so."""
    if question.type == "yes_no":
        return {"yes": "yes", "no": "no"}
    found: dict[str, str] = {}
    for option in question.options if question.type == "select_one" else ():
        names = set(map(normal, (option.name, option.label, *option.labels)))
        for said, phrases in (("yes", vocabulary.yes), ("no", vocabulary.no)):
            if names & phrases:
                if said in found or option.name in found.values():
                    return {}
                found[said] = option.name
    return found if len(found) == 2 else {}


def as_choice(question: Question, text: str, vocabulary: Vocabulary) -> Reading | None:
    """Yes or no as one of the choices; None where these are others, or neither is said."""
    called = called_yes_and_no(question, vocabulary)
    match read_yes_no(text, vocabulary) if called else None:
        case Given(value, read_as):
            return Given(called[str(value)], read_as)
        case Unsure(values):
            return Unsure(tuple(called[str(value)] for value in values))
    return None


def _scan(tokens: list[str], vocabulary: Vocabulary) -> set[str]:
    """Which kinds of phrases begin the text, or are said in it; the longest phrase counts."""
    found: set[str] = set()
    kinds = ("undecided", "probably_no", "probably_yes", "no", "yes")
    at = 0
    while at < len(tokens):
        for size in range(min(6, len(tokens) - at), 0, -1):
            phrase = " ".join(tokens[at : at + size])
            kind = next((kind for kind in kinds if phrase in getattr(vocabulary, kind)), None)
            # A single word far inside a sentence ("no idea what you mean by yes") proves nothing.
            last = at and at + size == len(tokens) and tokens[at - 1] == ","  # "that would be great, yes"
            if kind and (at <= 2 or size > 1 or last):
                found.add(kind)
                at += size - 1
                break
        at += 1
    return found


def _nearly(text: str, vocabulary: Vocabulary) -> Reading:
    def near(phrases: Phrases) -> bool:
        limit = 1 if len(text) > 2 else 0
        return any(len(p) > 2 and OSA.distance(text, p, score_cutoff=limit) <= limit for p in phrases)

    text = re.sub(r"(\w)\1{2,}", r"\1", text)  # "noooo"
    yes, no = near(vocabulary.yes), near(vocabulary.no)
    if text in vocabulary.yes | vocabulary.no:
        yes, no = text in vocabulary.yes, text in vocabulary.no
    if yes != no:
        return Given("yes" if yes else "no", read_as=True)
    return Unclear("yes_no")
