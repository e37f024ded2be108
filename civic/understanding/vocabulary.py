"""The small words of a language: yes and no, back and skip, about and between. All from the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from civic.kit.i18n import Catalogue
from civic.understanding.normal import normal
from civic.understanding.other_languages import at_hours, yes_and_no
from civic.understanding.types import Move

Phrases = frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """Phrases of one language, each a key `understanding-words-<field>` in the catalogue, split at commas."""

    language: str
    yes: Phrases
    no: Phrases
    probably_yes: Phrases
    probably_no: Phrases
    undecided: Phrases
    back: Phrases
    skip: Phrases
    repeat: Phrases
    why: Phrases
    pause: Phrases
    stop: Phrases
    done: Phrases
    elsewhere: Phrases
    all: Phrases
    nothing: Phrases
    negations: Phrases
    separators: Phrases
    rather_than: Phrases
    firsts: Phrases
    lasts: Phrases
    alternatives: Phrases
    fillers: Phrases
    numbering: Phrases
    dozens: Phrases
    couples: Phrases
    zeros: Phrases
    onces: Phrases
    twices: Phrases
    bounds: Phrases
    to: Phrases
    out_of: Phrases
    or_more: Phrases
    or_less: Phrases
    over: Phrases
    under: Phrases
    point_five: Phrases
    on: Phrases
    next: Phrases
    last: Phrases
    noon: Phrases
    midnight: Phrases
    morning: Phrases
    evening: Phrases
    half_past: Phrases
    quarter_past: Phrases
    quarter_to: Phrases
    o_clock: Phrases
    other: Phrases
    minutes: Phrases
    hours: Phrases
    half_hours: Phrases
    quarter_hours: Phrases

    def move(self, text: str) -> Move | None:
        """What the whole text asks for, where it is neither an answer nor chatter."""
        for name, move in _MOVES.items():
            if text in getattr(self, name):
                return move
        return None


_MOVES = {
    "back": Move.BACK,
    "skip": Move.SKIP,
    "repeat": Move.REPEAT,
    "why": Move.WHY,
    "pause": Move.PAUSE,
    "stop": Move.STOP,
    "done": Move.DONE,
}


@lru_cache(maxsize=64)
def vocabulary(catalogue: Catalogue, language: str) -> Vocabulary:
    """The vocabulary of a language, with English words where a translation has none."""
    found = {}
    for field in fields(Vocabulary):
        if field.name != "language":
            listed = catalogue.text(f"understanding-words-{field.name.replace('_', '-')}", language)
            found[field.name] = frozenset(normal(phrase) for phrase in listed.split(",")) - {""}
    if catalogue.best(language) != language:  # of this language the house knows these words alone
        yes, no = (frozenset(map(normal, phrases)) - {""} for phrases in yes_and_no(language))
        found["on"] |= frozenset(map(normal, at_hours(language))) - {""}
        found["yes"], found["no"] = (found["yes"] | yes) - no, (found["no"] | no) - yes
    return Vocabulary(language=language, **found)
