"""Surveys for designers: a file checked, compared, published; a survey paused, closed, timed, shared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, UploadFile
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts, official_with, slow_official_with
from api.problems import documented
from api.surveys_files import LARGEST, WORKBOOK, qr_of, workbook_of
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.surveys import queries as surveys
from civic.surveys.drafts import commands, queries
from civic.surveys.drafts.comparing import Difference, differences
from civic.surveys.drafts.models import SurveyDraft
from civic.surveys.errors import Problem
from civic.surveys.queries import Published
from civic.surveys.rules import Standing
from civic.surveys.sharing import ways_to
from civic.surveys.sheets import examine_bytes

router = APIRouter(tags=["Surveys"])

Reader = Annotated[Official, Depends(official_with(Permission.SURVEYS_READ))]
Designer = Annotated[Official, Depends(official_with(Permission.SURVEYS_WORK))]
# Before the database is held: reading a spreadsheet takes a second.
SlowDesigner = Annotated[Official, Depends(slow_official_with(Permission.SURVEYS_WORK))]


class ChangeOut(BaseModel):
    """One thing that is not as it was."""

    what: Literal["added", "removed", "changed", "moved"]
    question: str | None = Field(description="Null: in the settings.", examples=["park"])
    choice: str | None
    field: str | None = Field(examples=["asked only if"])
    before: str | None
    after: str | None
    breaks: bool = Field(description="Answers before and after cannot be compared.")


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


class VersionOut(BaseModel):
    """A version; it never changes."""

    number: int = Field(examples=[2])
    published_at: datetime
    title: str
    questions: int


class StandingIn(BaseModel):
    """What people may do from now on."""

    state: Literal["open", "paused", "closed"] = Field(examples=["paused"])


class ScheduleIn(BaseModel):
    """From when and until when people may begin; null: as the file says."""

    opens: AwareDatetime | None = Field(None, examples=["2027-01-31T09:00:00Z"])
    closes: AwareDatetime | None = Field(None, examples=["2027-02-28T18:00:00Z"])


class StandingOut(BaseModel):
    """How the survey stands now."""

    survey_id: str = Field(examples=["parks"])
    standing: Standing
    opens: datetime | None
    closes: datetime | None


class WaysOut(BaseModel):
    """How people get to a survey."""

    link: str = Field(examples=["https://talk.example.org/s/parks"])
    telegram: str | None = Field(description="Null while the bot's name is not known.")
    snippet: str = Field(description="For another site, which must be named in the settings.")


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


@router.get(
    "/surveys/{survey_id}/versions", summary="List a survey's versions", responses=documented(401, 403, 404)
)
def list_versions(survey_id: str, _: Reader, db: Db) -> list[VersionOut]:
    """Every version that was published, the newest first."""
    surveys.one_published(db, survey_id)
    found = []
    for row in surveys.version_rows(db, survey_id):
        one = surveys.definition(row)
        title = one.title.in_language(one.language)
        asked = len(one.questions)
        found.append(
            VersionOut(number=row.number, published_at=row.published_at, title=title, questions=asked)
        )
    return found


@router.get(
    "/surveys/{survey_id}/changes", summary="Compare two versions", responses=documented(401, 403, 404, 422)
)
def compare_versions(
    survey_id: str,
    _: Reader,
    db: Db,
    before: Annotated[int | None, Query(ge=1, description="Left out: the one before `after`.")] = None,
    after: Annotated[int | None, Query(ge=1, description="Left out: the one in force.")] = None,
) -> list[ChangeOut]:
    """Which questions, choices and conditions are not as they were."""
    newer = after or surveys.one_published(db, survey_id).version.number
    older = before or max(1, newer - 1)
    return _changes(
        differences(surveys.definition_of(db, survey_id, older), surveys.definition_of(db, survey_id, newer))
    )


@router.put(
    "/surveys/{survey_id}/state",
    summary="Open, pause or close a survey",
    responses=documented(401, 403, 404, 409, 422),
)
def set_state(survey_id: str, wanted: StandingIn, caller: Designer, db: Db, at: Now) -> StandingOut:
    """Lets people begin, or not; who has begun may finish in any case."""
    act = {"open": commands.resume, "paused": commands.pause, "closed": commands.close}[wanted.state]
    return _standing(act(db, caller, survey_id, at), at)


@router.put(
    "/surveys/{survey_id}/schedule",
    summary="Set when people can begin",
    responses=documented(401, 403, 404, 422),
)
def set_schedule(survey_id: str, wanted: ScheduleIn, caller: Designer, db: Db, at: Now) -> StandingOut:
    """Sets from when and until when people may begin; it goes before what the file says."""
    return _standing(commands.schedule(db, caller, survey_id, wanted.opens, wanted.closes, at), at)


@router.get("/surveys/{survey_id}/links", summary="Ways to a survey", responses=documented(401, 403, 404))
def read_links(survey_id: str, _: Reader, db: Db, parts: Parts) -> WaysOut:
    """The link, Telegram's, and what another site embeds."""
    surveys.one_published(db, survey_id)
    ways = ways_to(parts, survey_id)
    return WaysOut(link=ways.link, telegram=ways.telegram, snippet=ways.snippet)


@router.get(
    "/surveys/{survey_id}/qr.svg",
    summary="QR code of a survey",
    response_class=Response,
    responses={
        200: {"description": "The link as a picture.", "content": {"image/svg+xml": {}}},
        **documented(401, 403, 404),
    },
)
def read_qr_code(survey_id: str, _: Reader, db: Db, parts: Parts) -> Response:
    """The link as a picture, for print."""
    one = surveys.one_published(db, survey_id)
    return qr_of(parts, one.survey.id, one.definition.title.in_language(one.definition.language))


@router.get(
    "/surveys/{survey_id}/survey.xlsx",
    summary="Download a survey as XLSForm",
    response_class=Response,
    responses={
        200: {"description": "A workbook.", "content": {WORKBOOK: {}}},
        **documented(401, 403, 404, 422),
    },
)
def download_workbook(
    survey_id: str, _: Reader, db: Db, version: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """Any version as an XLSForm workbook, whatever it was written in."""
    number = version or surveys.one_published(db, survey_id).version.number
    return workbook_of(surveys.definition_of(db, survey_id, number), f"{survey_id}-{number}.xlsx")


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
        changes = _changes(differences(surveys.definition_of(db, survey.id, survey.current), definition))
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


def _changes(found: list[Difference]) -> list[ChangeOut]:
    return [ChangeOut.model_validate(one, from_attributes=True) for one in found]


def _standing(one: Published, at: datetime) -> StandingOut:
    return StandingOut(survey_id=one.survey.id, standing=one.standing(at), opens=one.opens, closes=one.closes)
