"""Every SELECT about drafts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civic.surveys.definition import SurveyDefinition
from civic.surveys.drafts.errors import UnknownDraft
from civic.surveys.drafts.models import SurveyDraft
from civic.surveys.errors import Problem


def drafts(session: Session, survey_id: str | None = None) -> Sequence[SurveyDraft]:
    """The drafts, the latest first; those of one survey where it is named."""
    wanted = select(SurveyDraft).order_by(SurveyDraft.updated_at.desc(), SurveyDraft.id.desc())
    if survey_id is not None:
        wanted = wanted.where(SurveyDraft.survey_id == survey_id)
    return session.scalars(wanted).all()


def untouched(session: Session, since: datetime, limit: int) -> Sequence[SurveyDraft]:
    """Drafts that were last uploaded before a moment, the oldest first."""
    return session.scalars(
        select(SurveyDraft)
        .where(SurveyDraft.updated_at < since)
        .order_by(SurveyDraft.updated_at, SurveyDraft.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def draft(session: Session, draft_id: str, *, for_update: bool = False) -> SurveyDraft:
    """A draft; raises `UnknownDraft`."""
    usable = draft_id.isascii() and draft_id.isalnum()  # PostgreSQL does not take every text
    found = session.get(SurveyDraft, draft_id, with_for_update=for_update or None) if usable else None
    if found is None:
        raise UnknownDraft(
            "It was published or discarded.", remedy="Look at the list of surveys, or upload the file again."
        )
    return found


def definition_of(row: SurveyDraft) -> SurveyDefinition | None:
    """The survey that the draft would be; None where it has mistakes."""
    return SurveyDefinition.model_validate(row.definition) if row.definition is not None else None


def problems_of(row: SurveyDraft) -> list[Problem]:
    """What was said of the file, mistakes first."""
    return [Problem.model_validate(each) for each in row.problems]
