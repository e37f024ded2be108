"""Reads a typed message as an answer to the question at hand, whoever asks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from civic.understanding.choices import read_choice, read_choices
from civic.understanding.days import read_date, read_moment, read_time
from civic.understanding.normal import normal, words
from civic.understanding.numbers import read_number, read_rating
from civic.understanding.others import (
    read_acknowledgement,
    read_photo,
    read_place,
)
from civic.understanding.own_words import in_own_words
from civic.understanding.question import Question
from civic.understanding.ranking import read_ranking
from civic.understanding.types import Given, Move, Reading, Unclear, Unsure, Value
from civic.understanding.vocabulary import Vocabulary
from civic.understanding.yes_no import as_choice, called_yes_and_no, read_yes_no

# How near a text's meaning is to each label, from -1 to 1.
Meaning = Callable[[str, Sequence[str]], Sequence[float]]
LEAST_MEANING = 0.35
MEANING_MARGIN = 0.12

Reader = Callable[[Question, str, Vocabulary], Reading]
DatedReader = Callable[[Question, str, Vocabulary, datetime], Reading]

READERS: dict[str, Reader] = {
    "select_one": lambda question, text, vocabulary: _one(question, text, vocabulary),
    "select_multiple": read_choices,
    "yes_no": lambda question, text, vocabulary: read_yes_no(text, vocabulary),
    "integer": read_number,
    "decimal": read_number,
    "range": read_rating,
    "rank": read_ranking,
    "acknowledge": read_acknowledgement,
    "geopoint": read_place,
    "image": read_photo,
}
# "Tomorrow" depends on today.
DATED_READERS: dict[str, DatedReader] = {"date": read_date, "time": read_time, "datetime": read_moment}


def read(
    question: Question,
    typed: str,
    vocabulary: Vocabulary,
    meaning: Meaning | None = None,
    now: datetime | None = None,
    suggested: tuple[Value, ...] = (),
) -> Reading | Move:
    """The answer, or the wish, that a typed message is; `suggested` is what was asked back just now.

    Meaning is asked only where the words gave nothing, and what it finds is only ever suggested.
    """
    text = normal(typed)
    if question.type not in READERS and question.type not in DATED_READERS:
        return vocabulary.move(text) or Given(typed)
    if suggested and (decided := _decided(question, text, vocabulary, suggested)):
        return decided
    own = in_own_words(question, typed, vocabulary)
    if own is not None:
        return own
    if question.type in DATED_READERS:
        read_then = DATED_READERS[question.type]
        answer = read_then(question, text, vocabulary, now) if now else Unclear(question.type)
    else:
        answer = READERS[question.type](question, text, vocabulary)
    if isinstance(answer, Given) and not answer.read_as:
        return answer
    move = vocabulary.move(text)
    if move is None and text in vocabulary.nothing and isinstance(answer, Unclear) and not question.required:
        move = Move.SKIP
    if move:
        return move
    if isinstance(answer, Unclear) and meaning is not None and _has_meaning(question, vocabulary):
        return _by_meaning(question, typed, vocabulary, meaning) or answer
    return answer


def _has_meaning(question: Question, vocabulary: Vocabulary) -> bool:
    """Whether other words can mean one of the choices: nothing means an order, or a bare yes or no."""
    if not question.options or question.type == "rank":
        return False
    return len(question.options) > 2 or not called_yes_and_no(question, vocabulary)


def _decided(
    question: Question, text: str, vocabulary: Vocabulary, suggested: tuple[Value, ...]
) -> Reading | Move | None:
    """What yes and no mean to "Did you mean: ...?"; typed and pressed, yes is the same."""
    said = read_yes_no(text, vocabulary)
    if not isinstance(said, Given):
        return None
    called = called_yes_and_no(question, vocabulary)
    if said.value == "no":
        return Given(called["no"]) if called and suggested == (called["yes"],) else Move.REPEAT
    if len(suggested) > 1:
        return None
    # "Yes" to "Did you mean: No?" is said to be a no.
    return Given(suggested[0], read_as=suggested[0] == called.get("no"))


def _one(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """A choice by its names; where the choices are yes and no, in every way of saying those."""
    answer = read_choice(question, text, vocabulary)
    if isinstance(answer, Given):
        return answer
    said = as_choice(question, text, vocabulary)
    certain = isinstance(said, Given) and not said.read_as
    return said if said is not None and (certain or isinstance(answer, Unclear)) else answer


def _denied(
    said: list[str], forms: dict[str, list[str]], scores: dict[str, float], vocabulary: Vocabulary
) -> bool:
    """Whether the nearest option is named and denied, as in "anything but the bus": it is not offered."""
    nearest = max(scores, key=lambda name: scores[name])
    own = {word for form in forms[nearest] for word in words(normal(form))} - vocabulary.fillers
    return bool(set(said) & vocabulary.negations) and bool(set(said) & (own - vocabulary.negations))


def _by_meaning(question: Question, typed: str, vocabulary: Vocabulary, meaning: Meaning) -> Unsure | None:
    forms = {option.name: [option.label, *option.also] for option in question.options}
    near_to = iter(meaning(typed, [form for own in forms.values() for form in own]))
    scores = {name: max(next(near_to) for _ in own) for name, own in forms.items()}
    best = max(scores.values(), default=0.0)
    said = words(normal(typed))
    if not re.search(r"[^\W\d_]", typed) or _denied(said, forms, scores, vocabulary):
        return None
    ranked = sorted(scores, key=lambda name: -scores[name])
    near = [name for name in ranked if best >= LEAST_MEANING and scores[name] >= best - MEANING_MARGIN][:3]
    if question.other and typed.strip():
        near = [*(name for name in near if name != question.other), question.other]
    if not near:
        return None
    several = question.type == "select_multiple"
    values: tuple[Value, ...] = tuple((name,) if several else name for name in near)
    return Unsure(values, other=typed.strip() if question.other else None)
