"""Hears a citizen's words at a place in a survey: consent, a question, or whether to stop."""

from __future__ import annotations

from datetime import datetime

from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.state import Answer, Given, Move, SurveyState
from civic.surveys.engine.types import TYPES
from civic.understanding import Meaning, Option, Question, Vocabulary
from civic.understanding import read as understand
from civic.understanding.normal import normal
from civic.understanding.yes_no import read_yes_no


def read(
    question: SurveyQuestion | None,
    state: SurveyState,
    typed: str,
    vocabulary: Vocabulary,
    meaning: Meaning | None = None,
    now: datetime | None = None,
) -> Answer:
    """The answer, or the wish, that a typed message is; `question` is None while consent is asked for."""
    text = normal(typed)
    if state.stopping or question is None:
        said = read_yes_no(text, vocabulary)
        if state.stopping and isinstance(said, Given):
            return Move.STOP if said.value == "yes" else Move.REPEAT
        if question is None:
            return vocabulary.move(text) or said
    asked = as_asked(question, vocabulary)
    answer = understand(asked, typed, vocabulary, meaning, now, state.suggested)
    if isinstance(answer, Given) and state.heard and answer.value in state.suggested and asked.other:
        chosen = answer.value if isinstance(answer.value, tuple) else (answer.value,)
        if asked.other in chosen and answer.other is None:  # "yes" to "Other: by boat?"
            return Given(answer.value, other=state.heard)
    return answer


def as_asked(question: SurveyQuestion, vocabulary: Vocabulary) -> Question:
    """The question as the understanding of answers knows questions."""
    numbers = question.parameters
    return Question(
        type=question.type,
        options=tuple(
            Option(
                name=choice.name,
                label=choice.label.in_language(vocabulary.language),
                also=choice.also,
                labels=tuple(choice.label.root.values()),
            )
            for choice in question.choices
        ),
        required=question.required,
        text=question.label.in_language(vocabulary.language),
        start=numbers.start,
        end=numbers.end,
        step=numbers.step,
        other=other_of(question, vocabulary) if TYPES[question.type].listed else None,
    )


def other_of(question: SurveyQuestion, vocabulary: Vocabulary) -> str | None:
    """The choice that stands for an answer on no list: named or labelled Other."""
    if question.type == "rank":
        return None
    for choice in question.choices:
        forms = (choice.name, *choice.label.root.values())
        if any(normal(form).split(" (")[0].rstrip(" :,.…") in vocabulary.other for form in forms):
            return choice.name
    return None
