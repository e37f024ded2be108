"""The surveys on the officials' pages: which there are, how each stands, and what is done with it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages.session import HOME
from api.pages.shell import go, nav, official_on_page, pages, render
from api.pages.survey_results import HELPERS
from api.surveys_files import qr_of, workbook_of
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.kit.services import Services
from civic.surveys import queries
from civic.surveys.definition import SurveyDefinition
from civic.surveys.drafts import commands
from civic.surveys.drafts import queries as drafts
from civic.surveys.drafts.comparing import differences
from civic.surveys.drafts.errors import UnusableSchedule
from civic.surveys.models import Survey
from civic.surveys.publishing import is_behind, sync
from civic.surveys.results.overview import as_json, overview
from civic.surveys.rules import SessionState
from civic.surveys.sharing import qr, ways_to

PATH = f"{HOME}/surveys"
router = APIRouter(prefix=PATH, include_in_schema=False)
nav(PATH, "Surveys", Permission.SURVEYS_READ, order=35)

Reader = Annotated[Official, Depends(official_on_page(Permission.SURVEYS_READ))]
Designer = Annotated[Official, Depends(official_on_page(Permission.SURVEYS_WORK))]

pages.filters["capfirst"] = lambda words: words[:1].upper() + words[1:]

ACCEPTED = ".xlsx,.xls,.md,.csv,.yml,.yaml"


@router.get("")
def all_surveys(request: Request, _: Reader, db: Db, parts: Parts, at: Now) -> Response:
    """Every survey with its version and answers, what is in preparation, and a form for a new file."""
    folder = parts.settings.content / "surveys"
    changes = []
    if is_behind(db, folder):  # who looks here wants to see what lies in the folder now
        with parts.sessions.begin() as writing:
            changes = sync(writing, folder, at)
    if changes:
        said = ", ".join(f"{one.file} {one.outcome}" for one in changes)
        return go(request, PATH, f"The surveys folder was read: {said}.")
    return survey_list(request, db, parts, at)


def survey_list(request: Request, db: Session, parts: Services, at: datetime, **more: Any) -> Response:
    """The list; `more` is what was wrong with a form of it."""
    surveys = queries.published(db)
    return render(
        request,
        "surveys_list.html",
        surveys=[(one, one.standing(at)) for one in surveys],
        titles={one.survey.id: _title(one.definition) for one in surveys},
        counted=queries.states(db),
        states=SessionState,
        drafts=drafts.drafts(db),
        refused=[row for row in queries.files(db).values() if row.problems],
        base=PATH,
        accepted=ACCEPTED,
        **more,
    )


@router.get("/{survey_id}")
def one_survey(request: Request, survey_id: str, _: Reader, db: Db, parts: Parts, at: Now) -> Response:
    """How a survey stands, how people get to it, what is asked, its versions, and the results so far."""
    return _survey(request, survey_id, db, parts, at)


def _survey(
    request: Request, survey_id: str, db: Session, parts: Services, at: datetime, **more: Any
) -> Response:
    one = queries.one_published(db, survey_id[:60])
    counted = queries.states(db)
    ways = ways_to(parts, survey_id)
    zone = parts.settings.time_zone
    title = _title(one.definition)
    return render(
        request,
        "surveys_one.html",
        one=one,
        title=title,
        standing=one.standing(at),
        counted={state: counted.get((survey_id, state), 0) for state in SessionState},
        languages=one.definition.languages,
        ways=ways,
        qr=qr(ways.link, title=f"QR code that leads to the survey {title}"),
        versions=queries.version_rows(db, survey_id),
        drafts=drafts.drafts(db, survey_id),
        zone=zone,
        local=local_times(one.survey, zone),
        base=PATH,
        accepted=ACCEPTED,
        found=as_json(overview(db, survey_id)),
        **HELPERS,
        **more,
    )


@router.post("/{survey_id}/pause")
def pause(request: Request, survey_id: str, who: Designer, db: Db, at: Now) -> Response:
    """Lets nobody begin for a while."""
    commands.pause(db, who, survey_id, at)
    return go(request, f"{PATH}/{survey_id}", "It is paused: nobody can begin. Who has begun may finish.")


@router.post("/{survey_id}/close")
def close(request: Request, survey_id: str, who: Designer, db: Db, at: Now) -> Response:
    """Ends the survey."""
    commands.close(db, who, survey_id, at)
    return go(request, f"{PATH}/{survey_id}", "It is closed. Who has begun may finish; the answers stay.")


@router.post("/{survey_id}/resume")
def resume(request: Request, survey_id: str, who: Designer, db: Db, at: Now) -> Response:
    """Lets people begin again."""
    one = commands.resume(db, who, survey_id, at)
    words = {"open": "People can begin now.", "scheduled": "People can begin when its time has come."}
    return go(request, f"{PATH}/{survey_id}", words.get(one.standing(at), "It is not held back any more."))


@router.post("/{survey_id}/schedule")
def schedule(
    request: Request,
    survey_id: str,
    who: Designer,
    db: Db,
    parts: Parts,
    at: Now,
    opens: Annotated[str, Form(max_length=40)] = "",
    closes: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Sets from when and until when people may begin."""
    times, errors = read_times(opens, closes, parts.settings.time_zone)
    if not errors:
        try:
            commands.schedule(db, who, survey_id, *times, at)
        except UnusableSchedule as error:
            errors["closes"] = f"{error.detail} {error.remedy}"
    if errors:
        filled = {"opens": opens, "closes": closes}
        return _survey(request, survey_id, db, parts, at, errors=errors, filled=filled, status=422)
    return go(request, f"{PATH}/{survey_id}", "The times are set.")


@router.get("/{survey_id}/changes")
def changes(
    request: Request,
    survey_id: str,
    _: Reader,
    db: Db,
    before: Annotated[int, Query(ge=1)],
    after: Annotated[int, Query(ge=1)],
) -> Response:
    """What is different between two versions."""
    old, new = (
        queries.definition_of(db, survey_id[:60], before),
        queries.definition_of(db, survey_id[:60], after),
    )
    return render(
        request,
        "surveys_changes.html",
        title=_title(new),
        survey_id=survey_id,
        before=before,
        after=after,
        versions=queries.version_rows(db, survey_id),
        changes=differences(old, new),
        base=PATH,
    )


@router.get("/{survey_id}/survey.xlsx")
def as_workbook(
    survey_id: str, _: Reader, db: Db, version: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    """A version as an XLSForm workbook."""
    number = version or queries.one_published(db, survey_id[:60]).version.number
    return workbook_of(queries.definition_of(db, survey_id[:60], number), f"{survey_id}-{number}.xlsx")


@router.get("/{survey_id}/qr.svg")
def qr_code(survey_id: str, _: Reader, db: Db, parts: Parts) -> Response:
    """The link as a picture to print."""
    one = queries.one_published(db, survey_id[:60])
    return qr_of(parts, one.survey.id, _title(one.definition))


def read_times(
    opens: str, closes: str, zone: str
) -> tuple[tuple[datetime | None, datetime | None], dict[str, str]]:
    """What two fields for day and time hold, in the town's zone; and what is wrong with them."""
    found: list[datetime | None] = []
    errors: dict[str, str] = {}
    for name, written in (("opens", opens), ("closes", closes)):
        try:
            at = datetime.fromisoformat(written.strip()) if written.strip() else None
            found.append(at if at is None or at.tzinfo else at.replace(tzinfo=ZoneInfo(zone)))
        except ValueError:
            found.append(None)
            errors[name] = "Write a day and a time as 2026-12-31T18:00."
    return (found[0], found[1]), errors


def local_times(survey: Survey | None, zone: str) -> dict[str, str]:
    """The times that officials set, as fields for day and time want them."""
    given = {"opens": survey.opens, "closes": survey.closes} if survey else {"opens": None, "closes": None}
    return {
        name: at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""
        for name, at in given.items()
    }


def _title(definition: SurveyDefinition) -> str:
    return definition.title.in_language(definition.language)
