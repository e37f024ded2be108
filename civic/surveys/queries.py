"""Every SELECT about surveys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from civic.surveys.definition import SurveyDefinition
from civic.surveys.errors import UnknownSurvey
from civic.surveys.models import (
    Survey,
    SurveyAnswer,
    SurveyFile,
    SurveyParticipation,
    SurveySession,
    SurveyVersion,
)
from civic.surveys.rules import UNFINISHED, SessionState, Standing, standing


@dataclass(frozen=True)
class Published:
    """A survey in its current version."""

    survey: Survey
    version: SurveyVersion
    definition: SurveyDefinition

    @property
    def opens(self) -> datetime | None:
        """From when on people may begin: what an official set goes before the file."""
        return self.survey.opens or self.definition.opens

    @property
    def closes(self) -> datetime | None:
        """Until when people may begin."""
        return self.survey.closes or self.definition.closes

    def standing(self, now: datetime) -> Standing:
        """Whether people may begin at that moment, and why not."""
        return standing(
            now,
            opens=self.opens,
            closes=self.closes,
            withdrawn=self.survey.withdrawn_at is not None,
            closed=self.survey.closed_at is not None,
            paused=self.survey.paused_at is not None,
        )


def closing(survey: Survey | None, definition: SurveyDefinition) -> datetime | None:
    """When a survey ends or ended: as an official decided, else as its file says."""
    if survey is None:
        return definition.closes
    return survey.closed_at or survey.closes or definition.closes


def files(session: Session) -> dict[str, SurveyFile]:
    """Every file as last read, by name."""
    return {row.name: row for row in session.scalars(select(SurveyFile))}


def survey(session: Session, survey_id: str) -> Survey | None:
    """The survey of an id."""
    return session.get(Survey, survey_id)


def version(session: Session, survey_id: str, number: int) -> SurveyVersion | None:
    """A published version."""
    return session.get(SurveyVersion, (survey_id, number))


# Versions never change, and a definition is many objects: parsed once a process, by its file's content.
_PARSED: dict[tuple[str, str], SurveyDefinition] = {}
MOST_PARSED = 200


def definition(row: SurveyVersion) -> SurveyDefinition:
    """The definition of a version."""
    key = (row.survey_id, row.content_hash)  # the same bytes under another name may be another survey
    found = _PARSED.get(key)
    if found is None:
        if len(_PARSED) >= MOST_PARSED:
            _PARSED.clear()
        found = _PARSED[key] = SurveyDefinition.model_validate(row.definition)
    return found


def published(session: Session) -> list[Published]:
    """Every survey in its current version, by id; withdrawn ones too."""
    rows = session.execute(
        select(Survey, SurveyVersion)
        .join(
            SurveyVersion,
            (SurveyVersion.survey_id == Survey.id) & (SurveyVersion.number == Survey.current),
        )
        .order_by(Survey.id)
    )
    return [Published(one, current, definition(current)) for one, current in rows]


def open_surveys(session: Session, now: datetime) -> list[Published]:
    """The surveys that take answers at that moment."""
    return [one for one in published(session) if one.standing(now) is Standing.OPEN]


def one_published(session: Session, survey_id: str) -> Published:
    """A survey in its current version; raises `UnknownSurvey`."""
    found = next((one for one in published(session) if one.survey.id == survey_id), None)
    if found is None:
        raise UnknownSurvey(f"No survey is called {survey_id!r}.", remedy="List them at /api/v1/surveys.")
    return found


def versions(session: Session, survey_id: str) -> list[SurveyDefinition]:
    """All definitions of a survey, the newest first."""
    return [definition(row) for row in version_rows(session, survey_id)]


def definition_of(session: Session, survey_id: str, number: int) -> SurveyDefinition:
    """The definition of a version, read only where this process never saw it; raises `UnknownSurvey`."""
    found = _known(session, survey_id, number) if survey_id.isprintable() and number < 2**31 else None
    if found is None:
        raise UnknownSurvey(
            f"There is no version {number} of {survey_id!r}.", remedy="List them at /api/v1/surveys."
        )
    return found


def _known(session: Session, survey_id: str, number: int) -> SurveyDefinition | None:
    contents = _contents(session)
    if (survey_id, number) not in contents:
        content = session.scalar(
            select(SurveyVersion.content_hash).where(
                SurveyVersion.survey_id == survey_id, SurveyVersion.number == number
            )
        )
        if content is None:
            return None
        contents[(survey_id, number)] = content
    known = _PARSED.get((survey_id, contents[(survey_id, number)]))
    if known is not None:
        return known
    row = version(session, survey_id, number)
    return definition(row) if row is not None else None


def _contents(session: Session) -> dict[tuple[str, int], str]:
    """What this transaction knows of versions, which never change: their content's hash by id and number."""
    known: dict[tuple[str, int], str] = session.info.setdefault("survey_contents", {})
    return known


def version_rows(session: Session, survey_id: str) -> Sequence[SurveyVersion]:
    """The versions of a survey, the newest first."""
    return session.scalars(
        select(SurveyVersion)
        .where(SurveyVersion.survey_id == survey_id)
        .order_by(SurveyVersion.number.desc())
    ).all()


# Statements of every message are made once.
_OF_VERSION = (SurveyVersion.survey_id == SurveySession.survey_id) & (
    SurveyVersion.number == SurveySession.version
)
_UNFINISHED = (
    select(SurveySession, SurveyVersion.content_hash)
    .join(SurveyVersion, _OF_VERSION)
    .where(SurveySession.citizen_id == bindparam("citizen_id"), SurveySession.state.in_(UNFINISHED))
    .order_by(SurveySession.updated_at.desc(), SurveySession.id.desc())
    .with_for_update(of=SurveySession)
)


def unfinished(session: Session, citizen_id: str) -> Sequence[SurveySession]:
    """The sessions with which a citizen can go on, the latest first; locked until the commit."""
    found = session.execute(_UNFINISHED, {"citizen_id": citizen_id})
    rows = []
    for row, content in found:
        _contents(session)[(row.survey_id, row.version)] = content  # its definition is wanted next
        rows.append(row)
    return rows


@dataclass(frozen=True)
class InTheMiddle:
    """Where a citizen stands in a survey that they are answering just now."""

    definition: SurveyDefinition
    position: dict[str, Any]


_LATEST_OPEN = (
    select(SurveySession.survey_id, SurveySession.version, SurveySession.position, SurveyVersion.content_hash)
    .join(SurveyVersion, _OF_VERSION)
    .where(
        SurveySession.citizen_id == bindparam("citizen_id"),
        SurveySession.state == SessionState.OPEN,
        SurveySession.updated_at >= bindparam("since"),
    )
    .order_by(SurveySession.updated_at.desc(), SurveySession.id.desc())
    .limit(1)
)


def in_the_middle(session: Session, citizen_id: str, since: datetime) -> InTheMiddle | None:
    """Where the survey stands that a citizen last said something in, if that was since then; not locked."""
    row = session.execute(_LATEST_OPEN, {"citizen_id": citizen_id, "since": since}).first()
    if row is None or row.position is None:
        return None
    _contents(session)[(row.survey_id, row.version)] = row.content_hash
    return InTheMiddle(definition_of(session, row.survey_id, row.version), row.position)


def answered_surveys(session: Session, keys: Iterable[tuple[str, str]]) -> set[str]:
    """Of (survey, respondent) pairs, the surveys that have been answered."""
    pairs = list(keys)
    rows = session.execute(
        select(SurveyParticipation.survey_id, SurveyParticipation.respondent).where(
            SurveyParticipation.respondent.in_([respondent for _, respondent in pairs])
        )
    )
    known = {(survey_id, respondent) for survey_id, respondent in rows}
    return {survey_id for survey_id, respondent in pairs if (survey_id, respondent) in known}


def answers_of(session: Session, session_ids: Iterable[str]) -> dict[str, list[SurveyAnswer]]:
    """The answers of sessions, in the order given."""
    found: dict[str, list[SurveyAnswer]] = {session_id: [] for session_id in session_ids}
    rows = session.scalars(
        select(SurveyAnswer)
        .where(SurveyAnswer.session_id.in_(list(found)))
        .order_by(SurveyAnswer.session_id, SurveyAnswer.ordinal)
    )
    for row in rows:
        found[row.session_id].append(row)
    return found


def answers_of_survey(
    session: Session, survey_id: str, session_ids: Iterable[str]
) -> dict[str, list[SurveyAnswer]]:
    """The answers of many sessions of a survey, without naming each session in the SELECT."""
    found: dict[str, list[SurveyAnswer]] = {session_id: [] for session_id in session_ids}
    for answer in completed_values(session, survey_id):
        if answer.session_id in found:
            found[answer.session_id].append(answer)
    return found


def completed(
    session: Session, survey_id: str, limit: int | None = None, offset: int = 0
) -> tuple[Sequence[SurveySession], int]:
    """A page of the completed sessions, and how many there are; anonymous ones in no telling order."""
    wanted = (SurveySession.survey_id == survey_id, SurveySession.state == SessionState.COMPLETED)
    rows = session.scalars(
        select(SurveySession)
        .where(*wanted)
        .order_by(SurveySession.completed_at, SurveySession.id)
        .limit(limit)
        .offset(offset)
    ).all()
    return rows, session.scalar(select(func.count()).select_from(SurveySession).where(*wanted)) or 0


def states(session: Session) -> dict[tuple[str, str], int]:
    """How many sessions there are by (survey, state)."""
    rows = session.execute(
        select(SurveySession.survey_id, SurveySession.state, func.count()).group_by(
            SurveySession.survey_id, SurveySession.state
        )
    )
    return {(survey_id, state): count for survey_id, state, count in rows}


def completed_values(session: Session, survey_id: str) -> Iterable[SurveyAnswer]:
    """Every answer of every completed session of a survey."""
    return session.scalars(
        select(SurveyAnswer)
        .join(SurveySession, SurveySession.id == SurveyAnswer.session_id)
        .where(SurveySession.survey_id == survey_id, SurveySession.state == SessionState.COMPLETED)
        .execution_options(yield_per=1000)
    )


def sessions_of(session: Session, citizen_id: str) -> Sequence[SurveySession]:
    """Every session that still belongs to a citizen."""
    return session.scalars(select(SurveySession).where(SurveySession.citizen_id == citizen_id)).all()


def completed_by(session: Session, survey_id: str, citizen_id: str) -> SurveySession | None:
    """The session that a citizen has completed, where it still belongs to them."""
    return session.scalar(
        select(SurveySession)
        .where(
            SurveySession.citizen_id == citizen_id,
            SurveySession.survey_id == survey_id,
            SurveySession.state == SessionState.COMPLETED,
        )
        .order_by(SurveySession.completed_at.desc())
        .limit(1)
    )


def forgotten(session: Session, before: datetime, after: str, limit: int) -> Sequence[SurveySession]:
    """Sessions that wait and were last touched before a moment, some at a time by id."""
    return session.scalars(
        select(SurveySession)
        .where(
            SurveySession.state.in_(UNFINISHED), SurveySession.updated_at < before, SurveySession.id > after
        )
        .order_by(SurveySession.id)
        .limit(limit)
    ).all()


def participants(session: Session, survey_id: str, respondents: Iterable[str]) -> set[str]:
    """Of these keyed hashes, those of people who took part."""
    return set(
        session.scalars(
            select(SurveyParticipation.respondent).where(
                SurveyParticipation.survey_id == survey_id,
                SurveyParticipation.respondent.in_(list(respondents)),
            )
        )
    )
