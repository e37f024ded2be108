"""What changes a survey session: beginning, a step, completion, and being forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from civic.conversation.redaction import redact
from civic.kit.ids import new_id
from civic.surveys import queries
from civic.surveys.buttons import PREFIX
from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine.path import current
from civic.surveys.engine.state import CONSENT, SurveyState
from civic.surveys.models import SurveyAnswer, SurveyParticipation, SurveySession
from civic.surveys.queries import Published
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
    row.position = position.model_dump(mode="json")
    row.state = session_state(position)
    row.updated_at = now
    row.offered_at = None
    question = current(definition, position)
    if question is not None:
        row.last_question = question.name
    kept = {answer.question: answer for answer in queries.answers_of(session, [row.id])[row.id]}
    for ordinal, answered in enumerate(position.answers, start=1):
        value = list(answered.value) if isinstance(answered.value, tuple) else answered.value
        answer = kept.pop(answered.question, None)
        if answer is None:
            answer = SurveyAnswer(session_id=row.id, question=answered.question)
            session.add(answer)
        answer.ordinal, answer.value, answer.answered_at = ordinal, value, answered.at
    for answer in kept.values():
        session.delete(answer)
    session.flush()


def complete(
    session: Session,
    row: SurveySession,
    definition: SurveyDefinition,
    random_id: Callable[[], str],
    now: datetime,
) -> None:
    """Counts a finished session, and the citizen as somebody who has answered.

    Of an anonymous survey only a copy stays that leads nowhere: a random id, the day instead of the time.
    """
    if row.respondent is not None:
        session.add(SurveyParticipation(survey_id=row.survey_id, respondent=row.respondent))
    row.respondent = None
    row.completed_at = now
    row.position = None
    session.flush()
    if definition.anonymous:
        _cut_loose(session, row, random_id(), now)


def heard(row: SurveySession, message_id: str) -> None:
    """Notes that a message belongs to the session."""
    if message_id not in row.messages:
        row.messages = [*row.messages, message_id]


def _cut_loose(session: Session, row: SurveySession, fresh_id: str, now: datetime) -> None:
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
        completed_at=day,
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
                answered_at=day,
            )
        )
    session.delete(row)
    session.flush()


def close(session: Session, row: SurveySession) -> None:
    """Ends a session that was declined or stopped: a change of mind begins a new one."""
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
    ids = [row.id for row in queries.sessions_of(session, citizen_id)]
    session.execute(delete(SurveyAnswer).where(SurveyAnswer.session_id.in_(ids)))
    session.execute(delete(SurveySession).where(SurveySession.id.in_(ids)))
