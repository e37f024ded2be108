"""What was answered, as tables and counts: pure, over definitions and answers."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.types import TYPES
from civic.surveys.models import SurveyAnswer, SurveySession

# What a spreadsheet would take for a formula, were it to stand at the beginning of a cell.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class QuestionCounts:
    """How one question was answered."""

    question: SurveyQuestion
    answered: int = 0
    skipped: int = 0
    options: Counter[str] = field(default_factory=Counter)
    numbers: list[float] = field(default_factory=list)

    @property
    def summary(self) -> dict[str, float] | None:
        """Mean, median, least and greatest of numbers."""
        if not self.numbers:
            return None
        return {
            "mean": round(fmean(self.numbers), 2),
            "median": median(self.numbers),
            "least": min(self.numbers),
            "greatest": max(self.numbers),
        }


def columns(versions: Sequence[SurveyDefinition]) -> list[SurveyQuestion]:
    """One column a question, whatever the branches: today's order, then questions of older versions.

    `versions` are newest first.
    """
    found: dict[str, SurveyQuestion] = {}
    for definition in versions:
        for question in definition.questions:
            if not TYPES[question.type].told:
                found.setdefault(question.name, question)
    return list(found.values())


def counts(questions: Sequence[SurveyQuestion], answers: Iterable[SurveyAnswer]) -> list[QuestionCounts]:
    """The counts of every question, those of its options in their order."""
    found = {question.name: QuestionCounts(question) for question in questions}
    for counted in found.values():
        for option in TYPES[counted.question.type].options(counted.question):
            counted.options[option] = 0
    for answer in answers:
        counted = found[answer.question]
        if answer.value is None:
            counted.skipped += 1
            continue
        counted.answered += 1
        for value in answer.value if isinstance(answer.value, list) else [answer.value]:
            if TYPES[counted.question.type].options(counted.question):
                counted.options[str(value)] += 1
            if isinstance(value, int | float):
                counted.numbers.append(value)
    return list(found.values())


def csv_text(
    questions: Sequence[SurveyQuestion],
    sessions: Sequence[SurveySession],
    answers: dict[str, list[SurveyAnswer]],
    language: str,
    *,
    labels: bool,
) -> str:
    """One row a respondent; a question that was skipped or never asked is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["session", "version", "language", "completed", *(one.name for one in questions)])
    for session in sessions:
        given = {answer.question: answer.value for answer in answers[session.id]}
        completed = session.completed_at.isoformat() if session.completed_at else ""
        cells = [cell(question, given.get(question.name), language, labels) for question in questions]
        writer.writerow([session.id, session.version, session.language, completed, *cells])
    return out.getvalue()


def cell(question: SurveyQuestion, value: Any, language: str, labels: bool) -> Any:
    """A value as a cell: several choices stand side by side, and no text is a formula."""
    if value is None:
        return ""
    if isinstance(value, list):
        shown = [_label(question, name, language) if labels else name for name in value]
        return "; ".join(shown) if labels else " ".join(shown)
    if isinstance(value, int | float):
        return value
    text = _label(question, value, language) if labels else str(value)
    if question.type == "geopoint":  # two numbers, which may well begin with a minus
        return text
    return f"'{text}" if text.startswith(_FORMULA) else text


def _label(question: SurveyQuestion, name: str, language: str) -> str:
    choice = question.choice(name)
    return choice.label.in_language(language) if choice else str(name)
