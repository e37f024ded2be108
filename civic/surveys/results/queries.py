"""Every SELECT about results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from civic.surveys import queries as surveys
from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.models import SurveyAnswer, SurveySession, SurveyVersion
from civic.surveys.results import layout
from civic.surveys.results.models import SurveyResultPage, SurveyResultRow, SurveyResultTexts
from civic.surveys.results.tables import columns
from civic.surveys.rules import SessionState

BATCH = 500


@dataclass(frozen=True)
class Results:
    """What is needed to count a survey: its versions, the newest first, and what everybody answered.

    `waiting`: so many answers of an anonymous survey are not counted yet.
    """

    survey_id: str
    versions: list[tuple[int, SurveyDefinition]]
    questions: list[SurveyQuestion]
    matrix: layout.Matrix
    waiting: int

    @property
    def definition(self) -> SurveyDefinition:
        return self.versions[0][1]


def numbered_versions(session: Session, survey_id: str) -> list[tuple[int, SurveyDefinition]]:
    """All versions with their numbers, the newest first."""
    rows = session.scalars(
        select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.number.desc())
    )
    return [(row.number, surveys.definition(row)) for row in rows]


def results(session: Session, survey_id: str) -> Results:
    """All that was answered in a survey, as arrays; raises `UnknownSurvey`."""
    surveys.one_published(session, survey_id)
    versions = numbered_versions(session, survey_id)
    questions = columns([definition for _, definition in versions])
    packed, waiting = packed_rows(session, survey_id, [number for number, _ in versions])
    found = layout.matrix(questions, versions, packed)
    return Results(survey_id, versions, questions, found, waiting)


def packed_rows(session: Session, survey_id: str, numbers: Sequence[int]) -> tuple[dict[int, str], int]:
    """The packed rows of each version in one text, put together by the database; and how many wait.

    One pass over the rows, in the order of their key: grouping them would sort them first.
    """
    dialect = session.get_bind().dialect.name
    together = func.string_agg if dialect == "postgresql" else func.group_concat
    cells = [
        together(
            case((SurveyResultRow.counted & (SurveyResultRow.version == number), SurveyResultRow.cells)), ""
        )
        for number in numbers
    ]
    waiting = func.count(case((SurveyResultRow.counted.is_(False), 1)))
    found = session.execute(select(waiting, *cells).where(SurveyResultRow.survey_id == survey_id)).one()
    return {number: text for number, text in zip(numbers, found[1:], strict=True) if text}, found[0]


def uncounted(session: Session, survey_id: str) -> int:
    """How many completed sessions wait until there are enough of them."""
    return (
        session.scalar(
            select(func.count())
            .select_from(SurveyResultRow)
            .where(SurveyResultRow.survey_id == survey_id, SurveyResultRow.counted.is_(False))
        )
        or 0
    )


def unpacked(session: Session, survey_id: str, limit: int) -> Sequence[SurveySession]:
    """Completed sessions without a packed row, as from before there were any."""
    return session.scalars(
        select(SurveySession)
        .outerjoin(SurveyResultRow, SurveyResultRow.session_id == SurveySession.id)
        .where(
            SurveySession.survey_id == survey_id,
            SurveySession.state == SessionState.COMPLETED,
            SurveyResultRow.session_id.is_(None),
        )
        .order_by(SurveySession.id)
        .limit(limit)
    ).all()


def left_at(session: Session, survey_id: str) -> dict[tuple[str, str], int]:
    """How many unfinished sessions stand at a question, by (state, question)."""
    rows = session.execute(
        select(SurveySession.state, SurveySession.last_question, func.count())
        .where(
            SurveySession.survey_id == survey_id,
            SurveySession.state.in_([one for one in SessionState if one != SessionState.COMPLETED]),
        )
        .group_by(SurveySession.state, SurveySession.last_question)
    )
    return {(state, question or ""): count for state, question, count in rows}


def texts(session: Session, survey_id: str, question: str) -> list[tuple[str, str]]:
    """The free answers to a question that are counted, with their language; in no telling order."""
    rows = session.execute(
        select(SurveyAnswer.value, SurveySession.language)
        .join(SurveySession, SurveySession.id == SurveyAnswer.session_id)
        .join(SurveyResultRow, SurveyResultRow.session_id == SurveySession.id)
        .where(
            SurveyResultRow.survey_id == survey_id,
            SurveyResultRow.counted.is_(True),
            SurveyAnswer.question == question,
        )
    )
    return sorted((value, language) for value, language in rows if isinstance(value, str))


def text_groups(session: Session, survey_id: str) -> dict[str, SurveyResultTexts]:
    """What was grouped by meaning, by question."""
    rows = session.scalars(select(SurveyResultTexts).where(SurveyResultTexts.survey_id == survey_id))
    return {row.question: row for row in rows}


def page(session: Session, survey_id: str) -> SurveyResultPage | None:
    """The page of a survey that was published."""
    return session.get(SurveyResultPage, survey_id)


def pages(session: Session) -> Sequence[SurveyResultPage]:
    """All published pages, the newest first."""
    return session.scalars(
        select(SurveyResultPage).order_by(SurveyResultPage.published_at.desc(), SurveyResultPage.survey_id)
    ).all()


def pages_to_tell(session: Session) -> Sequence[SurveyResultPage]:
    """The pages of which some who answered have not been told; locked until the commit."""
    return session.scalars(
        select(SurveyResultPage)
        .where(SurveyResultPage.telling.is_(True), SurveyResultPage.told_at.is_(None))
        .order_by(SurveyResultPage.survey_id)
        .with_for_update()
    ).all()


def completed_after(session: Session, survey_id: str, after: str, limit: int) -> Sequence[SurveySession]:
    """Some completed sessions behind one, in the order of their ids."""
    return session.scalars(
        select(SurveySession)
        .where(
            SurveySession.survey_id == survey_id,
            SurveySession.state == SessionState.COMPLETED,
            SurveySession.id > after,
        )
        .order_by(SurveySession.id)
        .limit(limit)
    ).all()


@dataclass(frozen=True)
class Respondent:
    """A completed session: its answers by question, when each was given, and what was said in other words."""

    row: SurveySession
    answers: dict[str, Any]
    others: dict[str, str] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)


def respondents(session: Session, survey_id: str) -> Iterator[Respondent]:
    """Every completed session with its answers, a few at a time; ids of anonymous ones are random."""
    after = ""
    while rows := completed_after(session, survey_id, after, BATCH):
        found = {row.id: Respondent(row, {}) for row in rows}
        given = session.execute(
            select(
                SurveyAnswer.session_id,
                SurveyAnswer.question,
                SurveyAnswer.value,
                SurveyAnswer.other,
                SurveyAnswer.answered_at,
            )
            .where(SurveyAnswer.session_id.in_(list(found)))
            .order_by(SurveyAnswer.session_id, SurveyAnswer.ordinal)
        )
        for session_id, question, value, other, at in given:
            one = found[session_id]
            one.answers[question], one.times[question] = value, at
            if other is not None:
                one.others[question] = other
        yield from found.values()
        after = rows[-1].id
        session.expunge_all()  # of a hundred thousand sessions only these few are in memory


def answers_of(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The answers of sessions, by question."""
    given: dict[str, dict[str, Any]] = {one: {} for one in ids}
    rows = session.execute(
        select(SurveyAnswer.session_id, SurveyAnswer.question, SurveyAnswer.value)
        .where(SurveyAnswer.session_id.in_(ids))
        .order_by(SurveyAnswer.session_id, SurveyAnswer.ordinal)
    )
    for session_id, question, value in rows:
        given[session_id][question] = value
    return given
