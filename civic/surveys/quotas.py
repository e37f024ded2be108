"""Quotas by answer: how many people of each kind are wanted, and how many there are.

A quota is looked at with every answer: who comes too late is told so at once and not asked on. A place is
taken by who finishes, and there are never more of them than wanted; what the others answered is kept apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select, tuple_, update
from sqlalchemy.orm import Session

from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine.values import Value
from civic.surveys.errors import QuotaRefused
from civic.surveys.models import SurveyQuota

COUNTED = ("select_one", "yes_no")


@dataclass(frozen=True)
class Quota:
    """So many completed sessions with this answer are wanted."""

    question: str
    answer: str
    wanted: int


def quotas_of(session: Session, survey_id: str) -> list[SurveyQuota]:
    """The quotas of a survey with what was reached."""
    return list(
        session.scalars(
            select(SurveyQuota)
            .where(SurveyQuota.survey_id == survey_id)
            .order_by(SurveyQuota.question, SurveyQuota.answer)
        )
    )


def set_quotas(
    session: Session, survey_id: str, definition: SurveyDefinition, wanted: Iterable[Quota]
) -> list[SurveyQuota]:
    """Replaces the quotas; what was reached stays. Raises `QuotaRefused` where nobody can answer so."""
    reached = {(one.question, one.answer): one.reached for one in quotas_of(session, survey_id)}
    session.execute(delete(SurveyQuota).where(SurveyQuota.survey_id == survey_id))
    for quota in wanted:
        _check(definition, quota)
        session.add(
            SurveyQuota(
                survey_id=survey_id,
                question=quota.question,
                answer=quota.answer,
                wanted=quota.wanted,
                reached=reached.get((quota.question, quota.answer), 0),
            )
        )
    session.flush()
    return quotas_of(session, survey_id)


def _check(definition: SurveyDefinition, quota: Quota) -> None:
    question = definition.by_name.get(quota.question)
    if question is None or question.type not in COUNTED:
        raise QuotaRefused(
            f"There is no question {quota.question!r} with one answer to choose.",
            remedy="Quotas are for questions of the types select_one and yes_no.",
        )
    known = [choice.name for choice in question.choices] or ["yes", "no"]
    if quota.answer not in known:
        raise QuotaRefused(
            f"{quota.question!r} has no answer {quota.answer!r}.", remedy=f"Use one of: {', '.join(known)}."
        )


_FILLED = select(SurveyQuota.question, SurveyQuota.answer).where(
    SurveyQuota.survey_id == bindparam("survey_id"), SurveyQuota.reached >= SurveyQuota.wanted
)


def full(session: Session, survey_id: str, values: Mapping[str, Value | None]) -> bool:
    """Whether one of these answers is that of a quota that is full."""
    filled = session.execute(_FILLED, {"survey_id": survey_id})
    return any(values.get(question) == answer for question, answer in filled)


def take_place(
    session: Session,
    survey_id: str,
    values: Mapping[str, Value | None],
    instead_of: Mapping[str, Value | None] | None = None,
) -> bool:
    """Counts a completed session where there is room in each of its quotas; else nothing is counted.

    In the database, in one statement: of two who take the last place at once, one gets it. `instead_of` are
    the answers that these replace, whose place becomes free.
    """
    quotas = quotas_of(session, survey_id)
    mine = [(one.question, one.answer) for one in quotas if values.get(one.question) == one.answer]
    former = instead_of or {}
    freed = [(one.question, one.answer) for one in quotas if former.get(one.question) == one.answer]
    wanted, freed = sorted(set(mine) - set(freed)), sorted(set(freed) - set(mine))
    if not wanted and not freed:
        return True
    with session.begin_nested() as attempt:
        if _change(session, survey_id, wanted, by=1, room=True) == len(wanted):
            _change(session, survey_id, freed, by=-1, room=False)
            return True
        attempt.rollback()
        return False


def _change(session: Session, survey_id: str, which: list[tuple[str, str]], *, by: int, room: bool) -> int:
    """Counts on or back, where there must be `room` only where there is any; how many were changed."""
    if not which:
        return 0
    rows = (
        SurveyQuota.survey_id == survey_id,
        tuple_(SurveyQuota.question, SurveyQuota.answer).in_(which),
        *([SurveyQuota.reached < SurveyQuota.wanted] if room else []),
    )
    done = session.connection().execute(
        update(SurveyQuota).where(*rows).values(reached=SurveyQuota.reached + by)
    )
    return done.rowcount
