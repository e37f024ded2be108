"""Results of surveys for programs: figures without small groups, files of all answers, the public page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Now, Parts, official_with
from api.problems import documented
from api.survey_exporting import file_response
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.surveys.queries import one_published
from civic.surveys.results import commands
from civic.surveys.results.exporting import MEDIA_TYPES, Form
from civic.surveys.results.overview import as_json, overview

router = APIRouter(tags=["Surveys"])

Reader = Annotated[Official, Depends(official_with(Permission.SURVEYS_READ))]
Worker = Annotated[Official, Depends(official_with(Permission.SURVEYS_WORK))]


class CellOut(BaseModel):
    """Those who gave one answer."""

    name: str = Field(examples=["bus"])
    label: str = Field(examples=["By bus"])
    count: int | None = Field(description="None: the group is small, or would give a small one away.")
    share: float | None = Field(description="Of those who answered.", examples=[0.51])
    low: float | None = Field(description="Wilson's interval of 95 %.", examples=[0.42])
    high: float | None = Field(examples=[0.6])


class AverageOut(BaseModel):
    """The average of numbers, with Student's interval of 95 %, and the number in the middle."""

    mean: float = Field(examples=[27.4])
    low: float | None = Field(examples=[24.9])
    high: float | None = Field(examples=[29.9])
    median: float | None = Field(examples=[25])


class PlaceOut(AverageOut):
    """The average place of a choice in a ranking."""

    label: str = Field(examples=["Cheaper tickets"])


class ComparedOut(BaseModel):
    """A question among those who gave one answer to another one."""

    name: str = Field(examples=["65-up"])
    label: str = Field(examples=["65 or over"])
    answered: int | None = Field(examples=[31])
    cells: list[CellOut]
    average: AverageOut | None


class QuestionResultOut(BaseModel):
    """How one question was answered."""

    name: str = Field(examples=["main_mode"])
    type: str = Field(examples=["select_one"])
    label: str = Field(examples=["How do you usually get there?"])
    hidden: str | None = Field(description="Why nothing is shown: `too_few`, `gives_away`, or null.")
    rounded: bool = Field(description="Only rounded shares: counts would give away a small group elsewhere.")
    answered: int | None = Field(examples=[120])
    skipped: int | None = Field(examples=[0])
    not_asked: int | None = Field(examples=[9])
    in_another_form: int = Field(description="Answered while another version asked in another form.")
    whole: bool = Field(description="Whether the cells make up all who answered.")
    cells: list[CellOut]
    average: AverageOut | None
    places: list[PlaceOut]
    compared: list[ComparedOut]
    not_compared: str | None
    texts: dict[str, Any] | None = Field(description="Free answers in groups of the same meaning.")


class LeftOut(BaseModel):
    """How many came as far as a question, and how many went no farther."""

    name: str = Field(examples=["minutes"])
    label: str
    came: int | None = Field(examples=[140])
    left: int | None = Field(examples=[7])
    share: float | None = Field(examples=[0.05])


class ResultsOut(BaseModel):
    """The results of a survey as they may be shown."""

    survey_id: str = Field(examples=["town-centre-transport"])
    title: str
    completed: int = Field(examples=[129])
    waiting: int = Field(description="Completed anonymously, and not counted until there are enough.")
    unfinished: int
    declined: int
    least_group: int = Field(description="Smaller groups are hidden.", examples=[5])
    by: str | None = Field(description="The question that the others are compared by.")
    questions: list[QuestionResultOut]
    left: list[LeftOut]


class PageIn(BaseModel):
    """What to publish, and what to say about it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "said": "Most of you come by bus, and wish it ran later.",
                "did": "From May the last bus leaves at midnight.",
                "questions": ["main_mode"],
                "tell": True,
            }
        },
    )

    said: str = Field(min_length=1, max_length=4000)
    did: str = Field("", max_length=4000)
    questions: list[str] = Field(min_length=1, description="Those whose figures are shown, by name.")
    tell: bool = Field(False, description="Tell those who answered, each once.")


class PageOut(BaseModel):
    """A published page."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "said": "Most of you come by bus, and wish it ran later.",
                "did": "From May the last bus leaves at midnight.",
                "questions": ["main_mode"],
                "published_at": "2026-03-02T12:00:00Z",
                "telling": True,
                "told_at": None,
            }
        }
    )

    said: str
    did: str
    questions: list[str] = Field(description="Those that were wanted and may be shown.")
    published_at: datetime
    telling: bool
    told_at: datetime | None


@router.get(
    "/surveys/{survey_id}/results", summary="Read the results", responses=documented(401, 403, 404, 422)
)
def read_results(
    survey_id: str,
    _: Reader,
    db: Db,
    by: Annotated[str | None, Query(max_length=64, description="Compare by this question.")] = None,
) -> ResultsOut:
    """Counts, shares and averages with intervals, and drop-out; without any group that is too small."""
    return ResultsOut.model_validate(as_json(overview(db, survey_id, by)))


@router.get(
    "/surveys/{survey_id}/export",
    summary="Download every answer",
    response_class=Response,
    responses={
        200: {
            "description": "One row a respondent; with `flow`, one row an answer.",
            "content": {
                MEDIA_TYPES["csv"]: {"example": "respondent,version,language,completed,main_mode\r\n"},
                MEDIA_TYPES["json"]: {"example": {"survey": "parks", "codebook": [], "respondents": []}},
                MEDIA_TYPES["xlsx"]: {"example": "PK (a workbook)"},
                MEDIA_TYPES["flow"]: {"example": "PK (a package with datapackage.json and responses.json)"},
            },
        },
        **documented(401, 403, 404, 422),
    },
)
def export_answers(
    survey_id: str,
    who: Worker,
    parts: Parts,
    at: Now,
    form: Annotated[Form, Query(description="`flow`: a package of FLOIP Flow Results.")] = "csv",
    labels: Annotated[bool, Query(description="A label and other words beside each code.")] = True,
) -> Response:
    """Everybody's answers, written while they are sent; the audit says who took them."""
    return file_response(parts, who, survey_id, form, at, labels=labels)


@router.put(
    "/surveys/{survey_id}/results/page",
    summary="Publish the results",
    responses=documented(401, 403, 404, 422),
)
def publish_results(survey_id: str, body: PageIn, who: Worker, db: Db, at: Now) -> PageOut:
    """Puts the figures of this moment before everybody at `/results/{survey_id}`."""
    found = as_json(overview(db, survey_id))
    chosen = [one for one in found["questions"] if one["name"] in body.questions and not one["hidden"]]
    page = commands.publish_page(
        db,
        survey_id,
        said=body.said.strip(),
        did=body.did.strip(),
        questions=[one["name"] for one in chosen],
        figures={**found, "questions": chosen, "left": []},
        tell_them=body.tell,
        actor=who,
        now=at,
    )
    return PageOut.model_validate(page, from_attributes=True)


@router.delete(
    "/surveys/{survey_id}/results/page",
    summary="Take the public page away",
    status_code=204,
    responses=documented(401, 403, 404),
)
def withdraw_results(survey_id: str, who: Worker, db: Db, at: Now) -> None:
    """Nobody can read it any more; who was told of it is not told again."""
    one_published(db, survey_id)
    commands.withdraw_page(db, survey_id, who, at)
