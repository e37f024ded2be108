"""Service requests for officials: list, read, move by the legal steps, reply, note, photos."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from api.deps import Db, Now, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.kit.files import FileStore
from civic.service_requests import commands, queries, schemas
from civic.service_requests.errors import ChangedMeanwhile, UnknownAttachment
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

PATH = "/service-requests"
router = APIRouter(prefix=PATH, tags=["Service requests"])

Reader = Annotated[Official, Depends(official_with(Permission.CASES_READ))]
Worker = Annotated[Official, Depends(official_with(Permission.CASES_WORK))]
Number = Annotated[str, Path(max_length=20, description="The tracking number.", examples=[schemas.NUMBER])]


class CaseFilter(BaseModel):
    """Which service requests are wanted, in which order, and how many."""

    status: list[Status] = Field([], description="One or several.")
    service_code: list[str] = Field([], max_length=50, description="One or several types.")
    agency: str | None = Field(None, max_length=50, description="The department's code.")
    text: str | None = Field(
        None, max_length=200, description="Each of these words is in description, address or number."
    )
    since: AwareDatetime | None = Field(None, description="Requested at this time or later.")
    until: AwareDatetime | None = Field(None, description="Requested before this time.")
    sort: queries.Sort = Field("newest", description="`expected`: what is due first comes first.")
    limit: int = Field(50, ge=1, le=200, description="How many at most.")
    cursor: str | None = Field(None, max_length=300, description="`next_cursor` of the page before.")


def if_match(value: Annotated[str | None, Header(alias="If-Match", max_length=40)] = None) -> int | None:
    """The version that the caller read; a change made meanwhile by somebody else is then not overwritten."""
    if value is None or value.strip() == "*":
        return None
    found = re.fullmatch(r'\s*(?:W/)?"?(\d{1,9})"?\s*', value)
    if found is None:
        raise ChangedMeanwhile("`If-Match` is no version of this service request.", remedy="Read it again.")
    return int(found.group(1))


Version = Annotated[int | None, Depends(if_match)]


@router.get("", summary="List service requests", responses=documented(401, 403, 422))
def list_service_requests(
    caller: Reader, db: Db, parts: Parts, wanted: Annotated[CaseFilter, Query()]
) -> schemas.CasesOut:
    """Service requests by filter. The cursor is stable: cases that arrive meanwhile shift nothing."""
    services = parts.get(ServiceList)
    asked = queries.Wanted(
        statuses=wanted.status,
        service_codes=wanted.service_code,
        agency=wanted.agency,
        text=wanted.text,
        since=wanted.since,
        until=wanted.until,
        sort=wanted.sort,
    )
    page = queries.page(db, caller, asked, wanted.limit, wanted.cursor)
    return schemas.CasesOut(
        items=[schemas.case_out(case, services) for case in page.items],
        total=queries.count(db, caller, asked) if wanted.cursor is None else None,
        next_cursor=page.next_cursor,
    )


@router.get("/{service_request_id}", summary="Read a service request", responses=documented(401, 403, 404))
def read_service_request(
    service_request_id: Number, caller: Reader, db: Db, parts: Parts, response: Response
) -> schemas.CaseDetailOut:
    """One service request with its thread, history, photos, and the steps that are legal now."""
    return _detail(queries.read(db, caller, service_request_id), db, parts, response)


@router.post(
    "/{service_request_id}/status",
    summary="Change the status",
    responses=documented(401, 403, 404, 409, 422),
)
def change_status(
    service_request_id: Number,
    step: schemas.StatusIn,
    caller: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    response: Response,
) -> schemas.CaseDetailOut:
    """Takes one legal step (409 otherwise) and tells the citizen what follows from it."""
    case = commands.change_status(
        db,
        caller,
        service_request_id,
        step.status,
        services=parts.get(ServiceList),
        say=parts.text,
        now=at,
        message=step.message,
        duplicate_of=step.duplicate_of,
        expected_version=version,
    )
    return _detail(case, db, parts, response)


@router.post(
    "/{service_request_id}/replies",
    status_code=201,
    summary="Reply to the citizen",
    responses=documented(401, 403, 404, 409, 422),
)
def reply(
    service_request_id: Number,
    said: schemas.ReplyIn,
    caller: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
) -> schemas.MessageOut:
    """Writes to the citizen in the channel they used; 409 when nobody is left to tell."""
    message = commands.reply(
        db,
        caller,
        service_request_id,
        said.text,
        services=parts.get(ServiceList),
        say=parts.text,
        now=at,
        expected_version=version,
    )
    return schemas.message_out(message)


@router.post(
    "/{service_request_id}/notes",
    status_code=201,
    summary="Add an internal note",
    responses=documented(401, 403, 404, 422),
)
def add_note(
    service_request_id: Number, said: schemas.NoteIn, caller: Worker, db: Db, at: Now
) -> schemas.MessageOut:
    """Keeps a note that the citizen never sees."""
    return schemas.message_out(commands.add_note(db, caller, service_request_id, said.text, at))


@router.get(
    "/{service_request_id}/attachments/{attachment_id}",
    summary="Download a photo",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": {}, "image/png": {}}, "description": "The photo."},
        **documented(401, 403, 404),
    },
)
def download(
    service_request_id: Number,
    attachment_id: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
    caller: Reader,
    db: Db,
    parts: Parts,
) -> Response:
    """One photo of a service request, as it was cleaned when it came in."""
    found = queries.photo(db, queries.read(db, caller, service_request_id), attachment_id)
    try:
        data = parts.get(FileStore).get(found.id)
    except FileNotFoundError as error:
        raise UnknownAttachment("The photo's file is gone.") from error
    headers = {
        "Content-Disposition": f'inline; filename="{found.id}.{found.media_type.rpartition("/")[2]}"',
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=found.media_type, headers=headers)


def _detail(case: ServiceRequest, db: Any, parts: Any, response: Response) -> schemas.CaseDetailOut:
    response.headers["ETag"] = f'"{case.version}"'
    return schemas.detail_out(
        case,
        parts.get(ServiceList),
        list(queries.photos(db, case)),
        queries.number_of(db, case.duplicate_of),
        f"/api/v1{PATH}/{case.service_request_id}",
    )
