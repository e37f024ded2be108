"""Loads the demonstration's surveys: closed ones with made-up answers, so that results are there to see."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from civic.kit.ids import new_id
from civic.surveys import queries
from civic.surveys.definition import SurveyDefinition
from civic.surveys.drafts.commands import fingerprint
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value
from civic.surveys.models import SurveyAnswer, SurveySession
from civic.surveys.publishing import DESK, publish
from civic.surveys.results.commands import pack_in
from civic.surveys.rules import SessionState
from civic.surveys.sheets import read_file

CLOSED_SINCE = timedelta(days=14)
RAN = timedelta(days=28)
SKIPPED = "-"  # an empty cell was never asked


def load_demo(session: Session, now: datetime, folder: Path) -> int:
    """Loads each survey of `content/demo/surveys` once, with its answers; returns how many were new."""
    return sum(_load(session, path, now) for path in sorted(folder.glob("*.yml")))


def _load(session: Session, path: Path, now: datetime) -> bool:
    definition = read_file(path)
    if queries.survey(session, definition.id) is not None:
        return False
    closed = now - CLOSED_SINCE
    version, _ = publish(session, definition, fingerprint(definition), closed - RAN, origin=DESK)
    queries.one_published(session, definition.id).survey.closed_at = closed
    people = []
    with path.with_suffix(".csv").open(newline="", encoding="utf-8") as file:
        for number, given in enumerate(csv.DictReader(file)):
            at = closed - RAN + timedelta(days=int(given.pop("day")), minutes=7 * number)
            people.append((_nobody(definition, version, at), given))
    session.add_all([row for row, _ in people])
    session.flush()
    for row, given in people:
        answers = [*_answers(definition, row, given)]
        session.add_all(answers)
        pack_in(session, row, definition, answers)
    session.flush()
    return True


def _nobody(definition: SurveyDefinition, version: int, at: datetime) -> SurveySession:
    """A respondent who never was: no citizen and no conversation stand behind the answers."""
    return SurveySession(
        id=new_id(at),
        survey_id=definition.id,
        version=version,
        language=definition.language,
        state=SessionState.COMPLETED,
        messages=[],
        started_at=at,
        updated_at=at,
        completed_at=at,
    )


def _answers(
    definition: SurveyDefinition, row: SurveySession, given: dict[str, str]
) -> Iterator[SurveyAnswer]:
    for ordinal, (name, text) in enumerate(given.items(), start=1):
        if text:
            yield SurveyAnswer(
                session_id=row.id,
                question=name,
                ordinal=ordinal,
                value=None if text == SKIPPED else _value(definition, name, text),
                answered_at=row.started_at,
            )


def _value(definition: SurveyDefinition, name: str, text: str) -> Value | list[str]:
    question = definition.by_name[name]
    kind = TYPES[question.type]
    value = kind.accept(question, tuple(text.split()) if kind.several else kind.value_of(question, text))
    return list(value) if isinstance(value, tuple) else value
