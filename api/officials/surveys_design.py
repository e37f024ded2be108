"""Published surveys for designers: versions compared; a survey paused, closed, timed, shared."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel, Field

from api.deps import Db, Now, Parts, official_with
from api.problems import documented
from api.surveys_files import WORKBOOK, qr_of, workbook_of
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.surveys import queries as surveys
from civic.surveys.drafts import commands
from civic.surveys.drafts.comparing import Difference, differences
from civic.surveys.queries import Published
from civic.surveys.rules import Standing
from civic.surveys.sharing import ways_to

router = APIRouter(tags=["Surveys"])

Reader = Annotated[Official, Depends(official_with(Permission.SURVEYS_READ))]
Designer = Annotated[Official, Depends(official_with(Permission.SURVEYS_WORK))]


class ChangeOut(BaseModel):
    """One thing that is not as it was."""

    what: Literal["added", "removed", "changed", "moved"]
    question: str | None = Field(description="Null: in the settings.", examples=["park"])
    choice: str | None
    field: str | None = Field(examples=["asked only if"])
    before: str | None
    after: str | None
    breaks: bool = Field(description="Answers before and after cannot be compared.")


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
    return changes_out(
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


def changes_out(found: list[Difference]) -> list[ChangeOut]:
    """The differences as a program reads them."""
    return [ChangeOut.model_validate(one, from_attributes=True) for one in found]


def _standing(one: Published, at: datetime) -> StandingOut:
    return StandingOut(survey_id=one.survey.id, standing=one.standing(at), opens=one.opens, closes=one.closes)
