"""Service requests for officials: list, read, move by the legal steps, reply, note, photos."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Now, Parts, official_with
from api.idempotency import Idempotent
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.kit.files import FileStore
from civic.kit.links import signed
from civic.service_requests import alerts, commands, queries, schemas, verdicts, views
from civic.service_requests.desk import commands as desk
from civic.service_requests.desk import reads
from civic.service_requests.desk.errors import UnknownField
from civic.service_requests.desk.filters import CaseFilter
from civic.service_requests.errors import ChangedMeanwhile, UnknownAttachment
from civic.service_requests.models import ServiceRequest
from civic.service_requests.services import ServiceList

PATH = "/service-requests"
router = APIRouter(prefix=PATH, tags=["Service requests"], route_class=Idempotent)

# Fields of a list that tell something about a person; who leaves them out leaves no row in the audit.
READ_BY_FEW = {"name", "description", "address"}

Reader = Annotated[Official, Depends(official_with(Permission.CASES_READ))]
Worker = Annotated[Official, Depends(official_with(Permission.CASES_WORK))]
Number = Annotated[str, Path(max_length=20, description="The tracking number.", examples=[schemas.NUMBER])]


class ListFilter(CaseFilter):
    """Which service requests are wanted, in which order, and how many."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200, description="How many at most.")
    cursor: str | None = Field(None, max_length=300, description="`next_cursor` of the page before.")
    fields: str | None = Field(
        None, max_length=500, description="Only these, separated by commas, such as `status,address`."
    )


def if_match(value: Annotated[str | None, Header(alias="If-Match", max_length=40)] = None) -> int | None:
    """The version that the caller read; a change made meanwhile by somebody else is then not overwritten."""
    if value is None or value.strip() == "*":
        return None
    found = re.fullmatch(r'\s*(?:W/)?"?(\d{1,9})"?\s*', value)
    if found is None:
        raise ChangedMeanwhile("`If-Match` is no version of this service request.", remedy="Read it again.")
    return int(found.group(1))


Version = Annotated[int | None, Depends(if_match)]


@router.get(
    "", summary="List service requests", response_model=schemas.CasesOut, responses=documented(401, 403, 422)
)
def list_service_requests(
    caller: Reader, db: Db, parts: Parts, at: Now, wanted: Annotated[ListFilter, Query()]
) -> Any:
    """Service requests by filter. The cursor is stable: cases that arrive meanwhile shift nothing."""
    services = parts.get(ServiceList)
    asked = wanted.wanted(db, caller, at.date())
    shown = _fields(wanted.fields, schemas.CaseOut)
    page = queries.page(db, caller, asked, wanted.limit, wanted.cursor)
    found = schemas.CasesOut(
        items=[views.case_out(case, services) for case in page.items],
        total=queries.count(db, caller, asked) if wanted.cursor is None else None,
        next_cursor=page.next_cursor,
    )
    if shown is None or shown & READ_BY_FEW:
        reads.note_list(parts.sessions, caller, len(page.items), at)
    if shown is None:
        return found
    sparse = found.model_dump(
        mode="json", include={"items": {"__all__": shown}, "total": True, "next_cursor": True}
    )
    return JSONResponse(sparse)


@router.get(
    "/{service_request_id}",
    summary="Read a service request",
    response_model=schemas.CaseDetailOut,
    responses=documented(401, 403, 404, 422),
)
def read_service_request(
    service_request_id: Number,
    caller: Reader,
    db: Db,
    parts: Parts,
    at: Now,
    response: Response,
    fields: Annotated[
        str | None, Query(max_length=500, description="Only these, separated by commas.")
    ] = None,
) -> Any:
    """One service request with its thread, history, photos, and the steps that are legal now."""
    shown = _fields(fields, schemas.CaseDetailOut)
    case = queries.read(db, caller, service_request_id)
    detail = detail_of(case, db, parts, response)
    reads.note_case(parts.sessions, caller, case, at)
    if shown is None:
        return detail
    return JSONResponse(
        detail.model_dump(mode="json", include=shown), headers={"ETag": response.headers["ETag"]}
    )


def _fields(asked: str | None, model: type[BaseModel]) -> set[str] | None:
    """The names asked for; the number always comes along."""
    if asked is None:
        return None
    wanted = {name.strip() for name in asked.split(",") if name.strip()}
    if unknown := sorted(wanted - set(model.model_fields)):
        raise UnknownField(
            f"There is no field {unknown[0]!r}.", remedy=f"There are {', '.join(model.model_fields)}."
        )
    return wanted | {"service_request_id"}


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
    case = desk.move(
        db,
        caller,
        service_request_id,
        step.status,
        services=parts.get(ServiceList),
        say=parts.text,
        town=parts.settings.town,
        now=at,
        message=step.message,
        duplicate_of=step.duplicate_of,
        expected_version=version,
    )
    return detail_of(case, db, parts, response)


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
    return views.message_out(message)


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
    return views.message_out(commands.add_note(db, caller, service_request_id, said.text, at))


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
    at: Now,
) -> Response:
    """One photo of a service request, as it was cleaned when it came in."""
    case = queries.read(db, caller, service_request_id)
    found = queries.photo(db, case, attachment_id)
    try:
        data = parts.get(FileStore).get(found.id)
    except FileNotFoundError as error:
        raise UnknownAttachment("The photo's file is gone.") from error
    reads.note_photo(parts.sessions, caller, case, found.id, at)
    headers = {
        "Content-Disposition": f'inline; filename="{found.id}.{found.media_type.rpartition("/")[2]}"',
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=found.media_type, headers=headers)


def _photo_link(parts: Any, photo_id: str) -> str:
    """Opens a photo for a while; handed out only with a case, whose reading is in the audit log."""
    until = parts.clock.now() + timedelta(minutes=parts.settings.photo_link_minutes)
    path = signed(parts.settings.secret("secret_key"), f"/photos/{photo_id}", until)
    return f"{parts.settings.site}{path}"


def detail_of(case: ServiceRequest, db: Any, parts: Any, response: Response) -> schemas.CaseDetailOut:
    """The case as the API shows it, with its version in the `ETag`."""
    response.headers["ETag"] = f'"{case.version}"'
    detail = views.detail_out(
        case,
        parts.get(ServiceList),
        list(queries.photos(db, case)),
        queries.number_of(db, case.duplicate_of),
        f"/api/v1{PATH}/{case.service_request_id}",
        lambda photo_id: _photo_link(parts, photo_id),
    )
    said = [schemas.VerdictOut.model_validate(one) for one in verdicts.ratings_of(db, case)]
    flags = alerts.on(db, [case.id]).get(case.id, [])
    return detail.model_copy(update={"verdicts": said, "alerts": flags})
