"""Drafts of surveys: a file checked, compared with the version in force, published."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, UploadFile
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts, official_with, slow_official_with
from api.officials.surveys_design import ChangeOut, changes_out
from api.problems import documented
from api.surveys_files import LARGEST
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.surveys import queries as surveys
from civic.surveys.drafts import commands, queries
from civic.surveys.drafts.comparing import differences
from civic.surveys.drafts.models import SurveyDraft
from civic.surveys.errors import Problem
from civic.surveys.sheets import examine_bytes

router = APIRouter(tags=["Surveys"])

Designer = Annotated[Official, Depends(official_with(Permission.SURVEYS_WORK))]
# Before the database is held: reading a spreadsheet takes a second.
SlowDesigner = Annotated[Official, Depends(slow_official_with(Permission.SURVEYS_WORK))]


class DraftOut(BaseModel):
    """A file in preparation, and everything that is wrong with it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "file": "parks.xlsx",
                "survey_id": "parks",
                "ready": True,
                "updated_at": "2026-03-02T12:00:00Z",
                "looked_at": "9f86d081884c7d65.1",
                "problems": [],
                "changes": [],
            }
        }
    )

    id: str
    file: str
    survey_id: str | None
    ready: bool = Field(description="Nothing stops it from being published.")
    updated_at: datetime
    looked_at: str = Field(description="Hand it to `publication`: nothing else is published then.")
    problems: list[Problem]
    changes: list[ChangeOut] | None = Field(description="Against the version in force; null: there is none.")


class PublicationIn(BaseModel):
    """What was looked at, as the draft said it; and times, if they are to be set at once."""

    opens: AwareDatetime | None = Field(None, examples=["2027-01-31T09:00:00Z"])
    closes: AwareDatetime | None = Field(None, examples=["2027-02-28T18:00:00Z"])
    looked_at: str | None = Field(None, max_length=40, examples=["9f86d081884c7d65.1"])


class PublicationOut(BaseModel):
    """What is in force from now on."""

    survey_id: str = Field(examples=["parks"])
    version: int = Field(examples=[2])


@router.get("/survey-drafts", summary="List drafts of surveys", responses=documented(401, 403))
def list_drafts(_: Designer, db: Db) -> list[DraftOut]:
    """The files in preparation, the latest first."""
    return [_draft(db, row) for row in queries.drafts(db)]


@router.post(
    "/survey-drafts", status_code=201, summary="Upload a survey", responses=documented(401, 403, 422)
)
def upload_draft(caller: SlowDesigner, parts: Parts, at: Now, file: UploadFile) -> DraftOut:
    """Checks a file (XLSForm or YAML) and keeps it as a draft, mistakes and all. Nothing is published."""
    return _upload(caller, parts, at, file, None)


@router.get(
    "/survey-drafts/{draft_id}", summary="Read a draft of a survey", responses=documented(401, 403, 404)
)
def read_draft(draft_id: str, _: Designer, db: Db) -> DraftOut:
    """What is wrong with a draft, and what it would change."""
    return _draft(db, queries.draft(db, draft_id[:26]))


@router.put(
    "/survey-drafts/{draft_id}", summary="Upload a survey again", responses=documented(401, 403, 404, 422)
)
def replace_draft(draft_id: str, caller: SlowDesigner, parts: Parts, at: Now, file: UploadFile) -> DraftOut:
    """Puts a file in place of the draft's."""
    return _upload(caller, parts, at, file, draft_id[:26])


@router.delete(
    "/survey-drafts/{draft_id}",
    status_code=204,
    summary="Discard a draft of a survey",
    responses=documented(401, 403, 404),
)
def discard_draft(draft_id: str, caller: Designer, db: Db, at: Now) -> None:
    """Forgets a draft; what is published stays."""
    commands.discard(db, caller, draft_id[:26], at)


@router.post(
    "/survey-drafts/{draft_id}/publication",
    summary="Publish a survey",
    responses=documented(401, 403, 404, 409, 422),
)
def publish_draft(draft_id: str, wanted: PublicationIn, caller: Designer, db: Db, at: Now) -> PublicationOut:
    """Puts a draft in force at once; who has begun an earlier version finishes that."""
    times = (wanted.opens, wanted.closes) if {"opens", "closes"} & wanted.model_fields_set else None
    survey_id, version = commands.publish_draft(db, caller, draft_id[:26], at, wanted.looked_at, times)
    return PublicationOut(survey_id=survey_id, version=version)


def _upload(caller: Official, parts: Any, at: datetime, file: UploadFile, draft_id: str | None) -> DraftOut:
    data = file.file.read(LARGEST + 1)
    name = file.filename or "survey"
    read = examine_bytes(data, name)
    with parts.sessions.begin() as session:
        return _draft(session, commands.keep(session, caller, name, data[:LARGEST], read, at, draft_id))


def _draft(db: Session, row: SurveyDraft) -> DraftOut:
    definition = queries.definition_of(row)
    survey = surveys.survey(db, row.survey_id) if row.survey_id else None
    changes = None
    if definition is not None and survey is not None:
        changes = changes_out(differences(surveys.definition_of(db, survey.id, survey.current), definition))
    return DraftOut(
        id=row.id,
        file=row.file,
        survey_id=row.survey_id,
        ready=definition is not None,
        updated_at=row.updated_at,
        looked_at=commands.seen(db, row),
        problems=queries.problems_of(row),
        changes=changes,
    )
