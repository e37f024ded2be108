"""The results of a survey as a whole: every question, who left where, free answers by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine.state import CONSENT
from civic.surveys.engine.types import TYPES
from civic.surveys.results import queries, suppression
from civic.surveys.results.commands import LEAST
from civic.surveys.results.figures import Counting
from civic.surveys.results.models import SurveyResultTexts
from civic.surveys.results.shown import Cell, Figures
from civic.surveys.rules import SessionState


@dataclass(frozen=True)
class Left:
    """A place in the survey: how many came as far, and how many of them stand or stopped there."""

    name: str
    label: str
    came: int | None
    left: int | None

    @property
    def share(self) -> float | None:
        """The part of those who came as far that went no farther."""
        return self.left / self.came if self.left is not None and self.came else None


@dataclass(frozen=True)
class Overview:
    """All that may be shown of a survey's results; `by` is the question that the others are compared by."""

    survey_id: str
    definition: SurveyDefinition
    completed: int
    waiting: int
    unfinished: int
    declined: int
    figures: list[Figures]
    left: list[Left]
    texts: dict[str, SurveyResultTexts]
    by: str | None
    comparable: list[tuple[str, str]]
    least: int = LEAST


def overview(session: Session, survey_id: str, by: str | None = None, *, least: int = LEAST) -> Overview:
    """The results as they are now; raises `UnknownSurvey`. Nothing is compared by what makes no groups."""
    found = queries.results(session, survey_id)
    counting = Counting(found.matrix, found.definition, least)
    names = [question.name for question in found.questions]
    comparable = [(name, counting.figures(name).label) for name in names if len(counting.groups_of(name)) > 1]
    by = by if by in dict(comparable) else None
    figures = [counting.compare(name, by) if by else counting.figures(name) for name in names]
    places = queries.left_at(session, survey_id)
    return Overview(
        survey_id,
        found.definition,
        completed=found.matrix.respondents,
        waiting=found.waiting,
        unfinished=sum(many for (state, _), many in places.items() if state != SessionState.DECLINED),
        declined=sum(many for (state, _), many in places.items() if state == SessionState.DECLINED),
        figures=figures,
        left=_left(found.definition, places, found.matrix.respondents + found.waiting, least),
        texts=queries.text_groups(session, survey_id),
        by=by,
        comparable=comparable,
        least=least,
    )


def _left(
    definition: SurveyDefinition, places: dict[tuple[str, str], int], completed: int, least: int
) -> list[Left]:
    """Question by question, in the order of the survey; sessions of older versions count where they can."""
    asked = [question for question in definition.questions if TYPES[question.type].asked]
    names = [CONSENT, *(question.name for question in asked)]
    labels = ["Consent", *(question.label.in_language(definition.language) for question in asked)]
    counts = [
        sum(many for (state, at), many in places.items() if at == name and state != SessionState.DECLINED)
        for name in names
    ]
    hidden = suppression.line(counts, least)
    if not any(counts) or not suppression.holds(counts, hidden, least):
        return []
    came = completed + sum(counts)
    rows, known = [], True
    for name, label, count, is_hidden in zip(names, labels, counts, hidden, strict=True):
        rows.append(Left(name, label, came if known else None, None if is_hidden else count))
        came -= count
        # Behind one hidden place the number of those who came on would tell how many left there.
        known = known and not is_hidden
    return rows


def as_json(found: Overview) -> dict[str, Any]:
    """The results for programs, and for pages that are kept as they were."""
    return {
        "survey_id": found.survey_id,
        "title": found.definition.title.in_language(found.definition.language),
        "completed": found.completed,
        "waiting": found.waiting,
        "unfinished": found.unfinished,
        "declined": found.declined,
        "least_group": found.least,
        "by": found.by,
        "questions": [question_json(one, found.texts) for one in found.figures],
        "left": [{**asdict(one), "share": one.share} for one in found.left],
    }


def question_json(one: Figures, texts: dict[str, SurveyResultTexts]) -> dict[str, Any]:
    """The figures of one question."""
    grouped = texts.get(one.question.name)
    return {
        "name": one.question.name,
        "type": one.question.type,
        "label": one.label,
        "hidden": one.hidden,
        "rounded": one.rounded,
        "answered": one.answered,
        "skipped": one.skipped,
        "not_asked": one.not_asked,
        "in_another_form": one.elsewhere,
        "whole": one.whole,
        "cells": _cells(one.cells),
        "average": asdict(one.average) if one.average else None,
        "places": [{"label": label, **asdict(average)} for label, average in one.places],
        "compared": [
            {
                "name": each.name,
                "label": each.label,
                "answered": each.answered,
                "cells": _cells(each.cells),
                "average": asdict(each.average) if each.average else None,
            }
            for each in one.compared
        ],
        "not_compared": one.not_compared,
        "texts": None
        if grouped is None or one.hidden
        else {
            "answers": grouped.answers,
            "sampled": grouped.sampled,
            "made_at": grouped.made_at.isoformat(),
            "groups": grouped.groups,
        },
    }


def _cells(cells: Sequence[Cell]) -> list[dict[str, Any]]:
    return [asdict(cell) for cell in cells]
