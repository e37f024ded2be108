"""Surveys for officials: which there are, what was answered, and what is wrong with a file."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Now, Page, PageOf, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.surveys import queries, results
from civic.surveys.definition import SurveyQuestion
from civic.surveys.publishing import sync
from civic.surveys.queries import Published
from civic.surveys.rules import SessionState, Standing

router = APIRouter(tags=["Surveys"])

Reader = Annotated[Official, Depends(official_with(Permission.SURVEYS_READ))]
Designer = Annotated[Official, Depends(official_with(Permission.SURVEYS_WORK))]


class SurveyOut(BaseModel):
    """A survey, and how many took part."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "town-centre-transport",
                "title": "Getting to the town centre",
                "version": 2,
                "open": True,
                "standing": "open",
                "withdrawn": False,
                "anonymous": False,
                "opens": None,
                "closes": "2027-12-31T00:00:00Z",
                "published_at": "2026-03-02T12:00:00Z",
                "questions": 9,
                "sessions": {"open": 3, "paused": 1, "completed": 120, "declined": 4, "stopped": 2},
            }
        }
    )

    id: str
    title: str
    version: int = Field(description="The version that new respondents get.")
    open: bool = Field(description="Whether it takes new respondents now.")
    standing: Standing = Field(description="Why it is open or not; who has begun may finish.")
    withdrawn: bool = Field(description="Whether its file was taken out of the surveys folder.")
    anonymous: bool
    opens: datetime | None
    closes: datetime | None
    published_at: datetime
    questions: int
    sessions: dict[SessionState, int]


class QuestionOut(BaseModel):
    """A question as citizens see it."""

    name: str = Field(examples=["main_mode"])
    type: str = Field(examples=["select_one"])
    label: str = Field(examples=["How do you usually get there?"])
    required: bool
    relevant: str | None = Field(examples=["${frequency} != 'never'"])
    choices: dict[str, str] = Field(description="By name, the labels.", examples=[{"bus": "By bus"}])


class SurveyDetailOut(SurveyOut):
    """A survey with its questions."""

    definition: list[QuestionOut]


class SessionOut(BaseModel):
    """What one person answered. Nothing says who it was."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "version": 2,
                "language": "en",
                "completed_at": "2026-03-02T12:05:00Z",
                "answers": {"frequency": "daily", "main_mode": "bus", "minutes": 30, "one_wish": None},
            }
        }
    )

    id: str
    version: int
    language: str
    completed_at: datetime = Field(description="For an anonymous survey the day only.")
    answers: dict[str, Any] = Field(description="By question; null where it was skipped.")


class CountsOut(BaseModel):
    """How one question was answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "main_mode",
                "type": "select_one",
                "label": "How do you usually get there?",
                "answered": 120,
                "skipped": 0,
                "not_asked": 4,
                "options": {"bus": 61, "car": 40, "walk": 19},
                "summary": None,
            }
        }
    )

    name: str
    type: str
    label: str
    answered: int
    skipped: int
    not_asked: int = Field(description="Completed sessions whose answers led past the question.")
    options: dict[str, int] | None = Field(description="By option; None for open questions.")
    summary: dict[str, float] | None = Field(description="Mean, median, least, greatest of numbers.")


class FileOut(BaseModel):
    """A file of the surveys folder, and what is wrong with it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "town-centre-transport.yml",
                "survey_id": "town-centre-transport",
                "checked_at": "2026-03-02T12:00:00Z",
                "problems": [
                    {
                        "file": "town-centre-transport.yml",
                        "line": 61,
                        "question": "main_mode",
                        "field": "relevant",
                        "cause": "'nevr' is no choice of frequency",
                        "remedy": "Did you mean 'never'?",
                    }
                ],
            }
        }
    )

    name: str
    survey_id: str | None
    checked_at: datetime
    problems: list[dict[str, Any]]


@router.get("/surveys", summary="List surveys", responses=documented(401, 403))
def list_surveys(_: Reader, db: Db, at: Now) -> list[SurveyOut]:
    """Every survey there has been, with how many took part."""
    states = queries.states(db)
    return [SurveyOut(**_survey(one, at, states)) for one in queries.published(db)]


@router.get("/surveys/{survey_id}", summary="Read a survey", responses=documented(401, 403, 404))
def read_survey(survey_id: str, _: Reader, db: Db, at: Now) -> SurveyDetailOut:
    """One survey with its questions, in its current version."""
    one = queries.one_published(db, survey_id)
    asked = [_question(question, one.definition.language) for question in one.definition.questions]
    return SurveyDetailOut(**_survey(one, at, queries.states(db)), definition=asked)


@router.get(
    "/surveys/{survey_id}/answers", summary="Read the answers", responses=documented(401, 403, 404, 422)
)
def read_answers(survey_id: str, _: Designer, db: Db, page: PageOf) -> Page[SessionOut]:
    """The completed sessions of every version, a page at a time."""
    queries.one_published(db, survey_id)
    rows, total = queries.completed(db, survey_id, page.limit, page.offset)
    given = queries.answers_of(db, [row.id for row in rows])
    items = [
        SessionOut(
            id=row.id,
            version=row.version,
            language=row.language,
            completed_at=row.completed_at or row.updated_at,
            answers={answer.question: answer.value for answer in given[row.id]},
        )
        for row in rows
    ]
    return Page(items=items, total=total, limit=page.limit, offset=page.offset)


@router.get(
    "/surveys/{survey_id}/answers.csv",
    summary="Download the answers",
    response_class=Response,
    responses={
        200: {
            "description": "One row a respondent, one column a question.",
            "content": {"text/csv": {"example": "session,version,language,completed,main_mode\r\n"}},
        },
        **documented(401, 403, 404),
    },
)
def download_answers(
    survey_id: str,
    _: Designer,
    db: Db,
    labels: Annotated[bool, Query(description="Labels instead of names of choices.")] = False,
) -> Response:
    """Every completed session as CSV. Columns keep their order across branches and versions."""
    current = queries.one_published(db, survey_id)
    rows, _total = queries.completed(db, survey_id)
    text = results.csv_text(
        results.columns(queries.versions(db, survey_id)),
        rows,
        queries.answers_of_survey(db, survey_id, [row.id for row in rows]),
        current.definition.language,
        labels=labels,
    )
    # The mark at the beginning lets spreadsheets read it as UTF-8.
    return Response(
        ("\ufeff" + text).encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{current.survey.id}.csv"'},
    )


@router.get("/surveys/{survey_id}/counts", summary="Count the answers", responses=documented(401, 403, 404))
def count_answers(survey_id: str, _: Designer, db: Db) -> list[CountsOut]:
    """How often each answer was given, question by question, over every version."""
    language = queries.one_published(db, survey_id).definition.language
    asked = results.columns(queries.versions(db, survey_id))
    _rows, total = queries.completed(db, survey_id, limit=0)
    return [
        CountsOut(
            name=counted.question.name,
            type=counted.question.type,
            label=counted.question.label.in_language(language),
            answered=counted.answered,
            skipped=counted.skipped,
            not_asked=total - counted.answered - counted.skipped,
            options=dict(counted.options) or None,
            summary=counted.summary,
        )
        for counted in results.counts(asked, queries.completed_values(db, survey_id))
    ]


@router.post("/survey-files", summary="Read the surveys folder", responses=documented(401, 403))
def read_folder(caller: Designer, db: Db, at: Now, parts: Parts) -> list[FileOut]:
    """Publishes what changed in the folder, and says what is wrong with the files that were refused."""
    sync(db, parts.settings.content / "surveys", at, caller)
    return [
        FileOut(name=row.name, survey_id=row.survey_id, checked_at=row.checked_at, problems=row.problems)
        for row in queries.files(db).values()
    ]


def _survey(one: Published, at: datetime, states: dict[tuple[str, str], int]) -> dict[str, Any]:
    definition = one.definition
    withdrawn = one.survey.withdrawn_at is not None
    return {
        "id": one.survey.id,
        "title": definition.title.in_language(definition.language),
        "version": one.version.number,
        "open": one.standing(at) is Standing.OPEN,
        "standing": one.standing(at),
        "withdrawn": withdrawn,
        "anonymous": definition.anonymous,
        "opens": one.opens,
        "closes": one.closes,
        "published_at": one.version.published_at,
        "questions": len(definition.questions),
        "sessions": {state: states.get((one.survey.id, state), 0) for state in SessionState},
    }


def _question(question: SurveyQuestion, language: str) -> QuestionOut:
    return QuestionOut(
        name=question.name,
        type=question.type,
        label=question.label.in_language(language),
        required=question.required,
        relevant=question.relevant,
        choices={choice.name: choice.label.in_language(language) for choice in question.choices},
    )
