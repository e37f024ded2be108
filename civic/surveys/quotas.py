"""Quotas by answer: how many people of each kind are wanted, and how many there are.

A quota is looked at when its question is answered: who comes too late is told so at once and not asked on.
Who was past the question by then still counts, so that nobody's work is thrown away: a quota may be
exceeded by those who were answering at the moment it filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select, update
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


def full(session: Session, survey_id: str, values: Mapping[str, Value | None]) -> bool:
    """Whether one of these answers is that of a quota that is full."""
    filled = session.execute(
        select(SurveyQuota.question, SurveyQuota.answer).where(
            SurveyQuota.survey_id == survey_id, SurveyQuota.reached >= SurveyQuota.wanted
        )
    )
    return any(values.get(question) == answer for question, answer in filled)


def count(session: Session, survey_id: str, values: Mapping[str, Value | None], by: int = 1) -> None:
    """Counts a completed session, or takes it back: in the database, so that two at once are two."""
    for one in quotas_of(session, survey_id):
        if values.get(one.question) == one.answer:
            session.execute(
                update(SurveyQuota)
                .where(
                    SurveyQuota.survey_id == survey_id,
                    SurveyQuota.question == one.question,
                    SurveyQuota.answer == one.answer,
                )
                .values(reached=SurveyQuota.reached + by)
                .execution_options(synchronize_session=False)
            )
