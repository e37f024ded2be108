"""Every SELECT about officials' answers and the questions that wait for one."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic.knowledge.answers.models import OfficialAnswer
from civic.knowledge.errors import UnknownOfficialAnswer, UnknownQuestion
from civic.knowledge.models import Question

# So many open questions are compared with each other; a town with more has another problem.
MOST = 2000


def question(session: Session, question_id: str, *, for_update: bool = False) -> Question:
    """One question of any conversation; raises `UnknownQuestion`."""
    wanted = select(Question).where(Question.id == question_id)
    found = session.scalar(wanted.with_for_update() if for_update else wanted)
    if found is None:
        raise UnknownQuestion
    return found


def open_questions(session: Session, reason: str | None = None) -> Sequence[Question]:
    """The newest questions that wait for an official."""
    wanted = select(Question).where(Question.state == "open")
    if reason:
        wanted = wanted.where(Question.reason == reason)
    return session.scalars(wanted.order_by(Question.id.desc()).limit(MOST)).all()


def open_among(session: Session, ids: Collection[str]) -> Sequence[Question]:
    """Those of these questions that still wait, held until the transaction ends."""
    return session.scalars(
        select(Question)
        .where(Question.id.in_(ids), Question.state == "open")
        .order_by(Question.id)
        .with_for_update()
    ).all()


def get(session: Session, answer_id: str, *, for_update: bool = False) -> OfficialAnswer:
    """One answer; raises `UnknownOfficialAnswer`."""
    wanted = select(OfficialAnswer).where(OfficialAnswer.id == answer_id)
    found = session.scalar(wanted.with_for_update() if for_update else wanted)
    if found is None:
        raise UnknownOfficialAnswer
    return found


def page(
    session: Session, state: str | None, limit: int, offset: int = 0
) -> tuple[Sequence[OfficialAnswer], int]:
    """The newest answers of a state, and how many there are."""
    conditions = [OfficialAnswer.state == state] if state else []
    total = session.scalar(select(func.count()).select_from(OfficialAnswer).where(*conditions)) or 0
    rows = session.scalars(
        select(OfficialAnswer)
        .where(*conditions)
        .order_by(OfficialAnswer.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    return rows, total
