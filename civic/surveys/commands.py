"""What changes a survey session: beginning, a step, completion, and being forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from civic.conversation.redaction import redact
from civic.kit.ids import new_id
from civic.surveys import queries, quotas
from civic.surveys.buttons import PREFIX
from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine.path import current
from civic.surveys.engine.state import CONSENT, Answered, Stage, SurveyState
from civic.surveys.models import (
    SurveyAnswer,
    SurveyInvitation,
    SurveyParticipation,
    SurveySession,
    SurveySubscription,
)
from civic.surveys.queries import Published
from civic.surveys.results import commands as results
from civic.surveys.rules import SessionState, day_of, respondent_key, session_state


def begin(
    session: Session,
    published: Published,
    position: SurveyState,
    *,
    citizen_id: str,
    conversation_id: str,
    language: str,
    secret: str,
    now: datetime,
) -> SurveySession:
    """A new session at its beginning. One citizen has one at a time: the database refuses a second."""
    row = SurveySession(
        id=new_id(now),
        survey_id=published.survey.id,
        version=published.version.number,
        citizen_id=citizen_id,
        conversation_id=conversation_id,
        respondent=respondent_key(secret, published.survey.id, citizen_id),
        language=language,
        state=SessionState.OPEN,
        position=position.model_dump(mode="json"),
        last_question=CONSENT,
        messages=[],
        started_at=now,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def move(
    session: Session, row: SurveySession, definition: SurveyDefinition, position: SurveyState, now: datetime
) -> None:
    """Keeps where the session is now: its position and its answers, in one transaction."""
    before = (row.position or {}).get("answers", [])
    row.position = position.model_dump(mode="json")
    row.state = session_state(position)
    row.updated_at = now
    row.offered_at = None
    question = current(definition, position)
    if question is not None:
        row.last_question = question.name
    # Most messages add one answer, or none: what stands before it is stored already.
    if before == row.position["answers"][: len(before)]:
        for ordinal, answered in enumerate(position.answers[len(before) :], start=len(before) + 1):
            session.execute(_ANSWER, {"session_id": row.id, **_values(answered, ordinal)})
    else:
        _store_all(session, row, position)
    session.flush()


def _store_all(session: Session, row: SurveySession, position: SurveyState) -> None:
    kept = {answer.question: answer for answer in queries.answers_of(session, [row.id])[row.id]}
    for ordinal, answered in enumerate(position.answers, start=1):
        answer = kept.pop(answered.question, None)
        if answer is None:
            answer = SurveyAnswer(session_id=row.id, question=answered.question)
            session.add(answer)
        for name, value in _values(answered, ordinal).items():
            setattr(answer, name, value)
    for answer in kept.values():
        session.delete(answer)


_ANSWER = cast(Table, SurveyAnswer.__table__).insert()


def _values(answered: Answered, ordinal: int) -> dict[str, Any]:
    value = list(answered.value) if isinstance(answered.value, tuple) else answered.value
    return {
        "question": answered.question,
        "ordinal": ordinal,
        "value": value,
        "other": answered.other,
        "answered_at": answered.at,
    }


def complete(
    session: Session,
    row: SurveySession,
    definition: SurveyDefinition,
    random_id: Callable[[], str],
    now: datetime,
) -> bool:
    """Counts a finished session, and the citizen as somebody who has answered; False: its quota is full.

    Of an anonymous survey only a copy stays that leads nowhere: a random id, the day instead of the time.
    """
    former = session.get(SurveySession, row.edits) if row.edits is not None else None
    before = values_of(session, former) if former is not None else None
    if not quotas.take_place(session, row.survey_id, values_of(session, row), before):
        return False
    if row.edits is not None:
        _replace(session, row, former)
    elif row.respondent is not None:
        session.add(SurveyParticipation(survey_id=row.survey_id, respondent=row.respondent))
    row.respondent = None
    row.completed_at = now
    row.position = None
    session.flush()
    if definition.anonymous:
        row = _cut_loose(session, row, random_id(), now)
    results.count_in(session, row, definition)
    return True


def values_of(session: Session, row: SurveySession) -> dict[str, Any]:
    """The answers of a session by question."""
    return {answer.question: answer.value for answer in queries.answers_of(session, [row.id])[row.id]}


def _replace(session: Session, row: SurveySession, former: SurveySession | None) -> None:
    """The answers that were gone through again take the place of the first ones."""
    row.edits = None
    if former is not None:
        results.count_out(session, former)
        session.delete(former)
    session.flush()


def edit(
    session: Session, former: SurveySession, respondent: str, fresh_id: str, now: datetime
) -> SurveySession:
    """A session in which a citizen goes through the answers of a completed one again.

    The answers given then are proposed question by question. They count until the new session is complete.
    """
    kept = queries.answers_of(session, [former.id])[former.id]
    aside = tuple(
        Answered(
            question=one.question,
            value=tuple(one.value) if isinstance(one.value, list) else one.value,
            at=one.answered_at,
            other=one.other,
        )
        for one in kept
    )
    position = SurveyState(stage=Stage.ASKING, started=now, aside=aside)
    row = SurveySession(
        id=fresh_id,
        survey_id=former.survey_id,
        version=former.version,
        citizen_id=former.citizen_id,
        conversation_id=former.conversation_id,
        respondent=respondent,
        language=former.language,
        state=SessionState.OPEN,
        position=position.model_dump(mode="json"),
        last_question=CONSENT,
        messages=[],
        started_at=now,
        updated_at=now,
        edits=former.id,
    )
    session.add(row)
    session.flush()
    return row


def drop_edit(session: Session, row: SurveySession) -> None:
    """Leaves the first answers as they were: those that were to replace them are forgotten."""
    row.state = SessionState.STOPPED
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.session_id == row.id))
    close(session, row)


def screen_out(
    session: Session,
    row: SurveySession,
    definition: SurveyDefinition,
    random_id: Callable[[], str],
    now: datetime,
) -> None:
    """Ends a session whose quota is full: its answers stay and are not counted, and nobody tries twice."""
    row.state = SessionState.SCREENED
    if row.respondent is not None:
        session.add(SurveyParticipation(survey_id=row.survey_id, respondent=row.respondent))
    _end(session, row, definition, random_id, now)


def expire(
    session: Session,
    row: SurveySession,
    definition: SurveyDefinition,
    random_id: Callable[[], str],
    now: datetime,
) -> None:
    """Ends a session that waited too long: its answers stay as those of somebody who did not finish."""
    row.state = SessionState.EXPIRED
    _end(session, row, definition, random_id, now)


def _end(
    session: Session,
    row: SurveySession,
    definition: SurveyDefinition,
    random_id: Callable[[], str],
    now: datetime,
) -> None:
    row.respondent, row.position = None, None
    session.flush()
    if definition.anonymous:
        _cut_loose(session, row, random_id(), now)


def heard(row: SurveySession, message_id: str) -> None:
    """Notes that a message belongs to the session."""
    if message_id not in row.messages:
        row.messages = [*row.messages, message_id]


def _cut_loose(session: Session, row: SurveySession, fresh_id: str, now: datetime) -> SurveySession:
    day = day_of(now)
    if row.conversation_id is not None:
        redact(session, row.conversation_id, row.messages, f"{PREFIX}:{row.id}:")
    copy = SurveySession(
        id=fresh_id,
        survey_id=row.survey_id,
        version=row.version,
        language=row.language,
        state=row.state,
        last_question=row.last_question,
        messages=[],
        started_at=day,
        updated_at=day,
        completed_at=day if row.state == SessionState.COMPLETED else None,
    )
    session.add(copy)
    session.flush()
    for answer in queries.answers_of(session, [row.id])[row.id]:
        session.add(
            SurveyAnswer(
                session_id=fresh_id,
                question=answer.question,
                ordinal=answer.ordinal,
                value=answer.value,
                other=answer.other,
                answered_at=day,
            )
        )
    session.delete(row)
    session.flush()
    return copy


def close(session: Session, row: SurveySession) -> None:
    """Ends a session that was declined or stopped: a change of mind begins a new one.

    Nor do its messages say any more what was answered: in an anonymous survey they are noted, and blanked.
    """
    if row.conversation_id is not None and row.messages:
        redact(session, row.conversation_id, row.messages, f"{PREFIX}:{row.id}:")
    row.messages = []
    row.respondent = None
    row.position = None
    session.flush()


def offered(row: SurveySession, now: datetime) -> None:
    """Remembers that the citizen was offered to go on, so that they are not asked with every message."""
    row.offered_at = now


def erase_citizen(session: Session, citizen_id: str, now: datetime) -> None:
    """Forgets a citizen's sessions with their answers.

    Answers to anonymous surveys have no link to anybody: they cannot be found, and stay. So do the keyed
    hashes of who took part: they were made of an id that exists no more.
    """
    rows = queries.sessions_of(session, citizen_id)
    ids = [row.id for row in rows]
    for row in rows:
        if row.state == SessionState.COMPLETED:
            quotas.take_place(session, row.survey_id, {}, instead_of=values_of(session, row))
    results.forget_texts(session, {row.survey_id for row in rows})
    session.execute(delete(SurveySubscription).where(SurveySubscription.citizen_id == citizen_id))
    session.execute(delete(SurveyInvitation).where(SurveyInvitation.citizen_id == citizen_id))
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.session_id.in_(ids)))
    session.execute(delete(SurveySession).where(SurveySession.id.in_(ids)))
