"""A survey in preparation: its file uploaded, its problems beside the cells, and put in force."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages.shell import go, render, slow_official_on_page
from api.pages.surveys import ACCEPTED, PATH, Designer, local_times, read_times, survey_list
from api.surveys_files import LARGEST, workbook_of
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.surveys import queries as surveys
from civic.surveys.drafts import commands, queries
from civic.surveys.drafts.comparing import differences
from civic.surveys.drafts.errors import DraftBroken, UnusableSchedule
from civic.surveys.drafts.grid import grid
from civic.surveys.sheets import examine_bytes

# In front of a name that no survey can have.
DRAFTS = f"{PATH}/_drafts"
router = APIRouter(prefix=PATH, include_in_schema=False)


# Before the database is held: reading a spreadsheet takes a second.
SlowDesigner = Annotated[Official, Depends(slow_official_on_page(Permission.SURVEYS_WORK))]


@router.post("")
def upload(
    request: Request,
    who: SlowDesigner,
    parts: Parts,
    at: Now,
    file: Annotated[UploadFile | None, Form()] = None,
    draft: Annotated[str, Form(max_length=26)] = "",
    survey: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Keeps a file as a draft, in place of the draft's file before where one is named."""
    if file is None or not file.filename:
        with read_session(parts.sessions) as session:
            return survey_list(request, session, parts, at, errors={"file": "Choose a file."}, status=422)
    data = file.file.read(LARGEST + 1)
    read = examine_bytes(data, file.filename)
    with parts.sessions.begin() as session:
        row = commands.keep(session, who, file.filename, data[:LARGEST], read, at, draft or None)
        where, other = f"{DRAFTS}/{row.id}", bool(survey and row.survey_id and row.survey_id != survey)
    wrong, warned = len(read.errors), len(read.problems) - len(read.errors)
    said = f"{file.filename} was read: {_count(wrong, 'mistake')}, {_count(warned, 'warning')}."
    if other:
        said += f" It is not a version of {survey}: its form_id is another one."
    return go(request, where, said)


@router.get("/_drafts/{draft_id}")
def one_draft(request: Request, draft_id: str, _: Designer, db: Db, parts: Parts) -> Response:
    """The file as a table with each problem at its cell; what would change; and publishing."""
    return _draft(request, draft_id, db, parts)


def _draft(request: Request, draft_id: str, db: Session, parts: Services, **more: Any) -> Response:
    row = queries.draft(db, draft_id[:26])
    problems = queries.problems_of(row)
    definition = queries.definition_of(row)
    current = surveys.survey(db, row.survey_id) if row.survey_id else None
    changes = None
    if definition is not None and current is not None:
        changes = differences(surveys.definition_of(db, current.id, current.current), definition)
    return render(
        request,
        "surveys_draft.html",
        draft=row,
        definition=definition,
        title=definition.title.in_language(definition.language) if definition else row.file,
        errors_found=[one for one in problems if one.severity == "error"],
        warnings=[one for one in problems if one.severity == "warning"],
        grid=grid(row.content, row.file, problems),
        current=current,
        changes=changes,
        looked_at=commands.seen(db, row),
        base=PATH,
        accepted=ACCEPTED,
        zone=parts.settings.time_zone,
        local=local_times(current, parts.settings.time_zone),
        **more,
    )


@router.post("/_drafts/{draft_id}/publish")
def publish(
    request: Request,
    draft_id: str,
    who: Designer,
    db: Db,
    parts: Parts,
    at: Now,
    looked_at: Annotated[str, Form(max_length=40)] = "",
    opens: Annotated[str, Form(max_length=40)] = "",
    closes: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Puts the draft in force with its times, unless it is not what was looked at."""
    times, errors = read_times(opens, closes, parts.settings.time_zone)
    definition = queries.definition_of(queries.draft(db, draft_id[:26]))
    if definition is not None and not errors:
        try:
            commands.check_times(definition, *times)
        except UnusableSchedule as error:
            errors["closes"] = f"{error.detail} {error.remedy}"
    if errors:
        filled = {"opens": opens, "closes": closes}
        return _draft(request, draft_id, db, parts, errors=errors, filled=filled, status=422)
    survey_id, version = commands.publish_draft(db, who, draft_id[:26], at, looked_at, times)
    said = f"Version {version} is published: everybody who begins from now on gets it."
    return go(request, f"{PATH}/{survey_id}", said)


@router.post("/_drafts/{draft_id}/discard")
def discard(request: Request, draft_id: str, who: Designer, db: Db, at: Now) -> Response:
    """Forgets the draft."""
    commands.discard(db, who, draft_id[:26], at)
    return go(request, PATH, "The draft is discarded.")


@router.get("/_drafts/{draft_id}/file")
def original(draft_id: str, _: Designer, db: Db) -> Response:
    """The file as it was uploaded."""
    row = queries.draft(db, draft_id[:26])
    name = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in row.file
    )
    return Response(
        row.content,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/_drafts/{draft_id}/survey.xlsx")
def as_workbook(draft_id: str, _: Designer, db: Db) -> Response:
    """The draft as an XLSForm workbook, whatever it was written in."""
    row = queries.draft(db, draft_id[:26])
    definition = queries.definition_of(row)
    if definition is None:
        raise DraftBroken("A file with mistakes is no survey yet.", remedy="Correct the mistakes first.")
    return workbook_of(definition, f"{definition.id}.xlsx")


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
