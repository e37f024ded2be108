"""Reads a typed message as an answer to the question at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.state import Answer, Given, Move, SurveyState, Unclear, Unsure
from civic.surveys.understanding.choices import read_choice, read_choices
from civic.surveys.understanding.days import read_date, read_time
from civic.surveys.understanding.normal import normal
from civic.surveys.understanding.numbers import read_number, read_rating
from civic.surveys.understanding.others import (
    read_acknowledgement,
    read_photo,
    read_place,
    read_ranking,
)
from civic.surveys.understanding.vocabulary import Vocabulary
from civic.surveys.understanding.yes_no import read_yes_no

# How near a text's meaning is to each label, from -1 to 1.
Meaning = Callable[[str, Sequence[str]], Sequence[float]]
LEAST_MEANING = 0.35
MEANING_MARGIN = 0.12

Reader = Callable[[SurveyQuestion, str, Vocabulary], Answer]
DatedReader = Callable[[SurveyQuestion, str, Vocabulary, datetime], Answer]

READERS: dict[str, Reader] = {
    "select_one": read_choice,
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
DATED_READERS: dict[str, DatedReader] = {"date": read_date, "time": read_time}


def read(
    question: SurveyQuestion | None,
    state: SurveyState,
    typed: str,
    vocabulary: Vocabulary,
    meaning: Meaning | None = None,
    now: datetime | None = None,
) -> Answer:
    """The answer, or the wish, that a typed message is; `question` is None while consent is asked for.

    Meaning is asked only where the words gave nothing, and what it finds is only ever suggested.
    """
    text = normal(typed)
    said = read_yes_no(text, vocabulary)
    if state.stopping and isinstance(said, Given):
        return Move.STOP if said.value == "yes" else Move.REPEAT
    if question is None:
        return vocabulary.move(text) or said
    if question.type not in READERS and question.type not in DATED_READERS:
        return vocabulary.move(text) or Given(typed)
    if state.suggested and question.type != "yes_no" and isinstance(said, Given):
        if said.value == "no":
            return Move.REPEAT
        if len(state.suggested) == 1:
            return Given(state.suggested[0])
    if question.type in DATED_READERS:
        answer = (
            DATED_READERS[question.type](question, text, vocabulary, now) if now else Unclear(question.type)
        )
    else:
        answer = READERS[question.type](question, text, vocabulary)
    if isinstance(answer, Given) and not answer.read_as:
        return answer
    move = vocabulary.move(text)
    if move is None and text in vocabulary.nothing and isinstance(answer, Unclear) and not question.required:
        move = Move.SKIP
    if move:
        return move
    if isinstance(answer, Unclear) and question.choices and question.type != "rank" and meaning is not None:
        return _by_meaning(question, typed, vocabulary, meaning) or answer
    return answer


def _by_meaning(
    question: SurveyQuestion, typed: str, vocabulary: Vocabulary, meaning: Meaning
) -> Unsure | None:
    forms = {
        choice.name: [choice.label.in_language(vocabulary.language), *choice.also]
        for choice in question.choices
    }
    near_to = iter(meaning(typed, [form for own in forms.values() for form in own]))
    scores = [max(next(near_to) for _ in own) for own in forms.values()]
    best = max(scores, default=0.0)
    if best < LEAST_MEANING:
        return None
    ranked = sorted(zip(scores, question.choices, strict=True), key=lambda pair: -pair[0])
    near = [choice.name for score, choice in ranked if score >= best - MEANING_MARGIN][:3]
    if question.type == "select_multiple":
        return Unsure(tuple((name,) for name in near))
    return Unsure(tuple(near))
