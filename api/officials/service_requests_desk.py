"""Service requests in numbers: exports, changes in bulk; and of one case: assign, correct, merge."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Now, Parts
from api.exporting import file_response
from api.idempotency import Idempotent
from api.officials.service_requests import PATH, Number, Reader, Version, Worker, detail_of
from api.problems import documented
from civic.service_requests import queries, schemas
from civic.service_requests.areas import Areas
from civic.service_requests.desk import commands
from civic.service_requests.desk import queries as desk
from civic.service_requests.desk.exporting import COLUMNS, Format
from civic.service_requests.desk.filters import CaseFilter
from civic.service_requests.desk.rules import MOST_AT_ONCE
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

router = APIRouter(prefix=PATH, tags=["Service requests"], route_class=Idempotent)


class ExportFilter(CaseFilter):
    """Which service requests are written, and how."""

    model_config = ConfigDict(extra="forbid")

    format: Format = "csv"


@router.get(
    "/export",
    summary="Export service requests",
    response_class=StreamingResponse,
    responses={
        200: {"description": "One row a case.", "content": {"text/csv": {}, "application/geo+json": {}}},
        **documented(401, 403, 422),
    },
)
def export(
    wanted: Annotated[ExportFilter, Query()], caller: Reader, parts: Parts, at: Now
) -> StreamingResponse:
    return file_response(parts, caller, wanted, wanted.format, at)


export.__doc__ = f"All cases of the filter, oldest first, as a file. Columns: {', '.join(COLUMNS)}."


# ----------------------------------------------------------------------------------------------- in bulk


class BulkIn(BaseModel):
    """What is done to several service requests: give them to somebody, take a step, or both."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"numbers": [schemas.NUMBER], "assignee": "robin"}]}
    )

    numbers: list[Annotated[str, Field(max_length=20)]] = Field(min_length=1, max_length=MOST_AT_ONCE)
    assignee: str | None = Field(None, max_length=40, description="An official's name; empty: nobody.")
    status: Status | None = None
    message: schemas.Text | None = None


class OutcomeOut(BaseModel):
    """What became of one of them."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"service_request_id": schemas.NUMBER, "done": True, "code": None, "detail": None}
        }
    )

    service_request_id: str
    done: bool
    code: str | None = Field(None, description="The kind of problem, as in a problem's `code`.")
    detail: str | None = None


@router.post("/bulk", summary="Change several service requests", responses=documented(401, 403, 409, 422))
def bulk(said: BulkIn, caller: Worker, db: Db, parts: Parts, at: Now) -> list[OutcomeOut]:
    """Changes what can be changed and says of each whether it was; those that cannot stay as they are."""

    def change(number: str) -> ServiceRequest:
        case = queries.read(db, caller, number)
        if "assignee" in said.model_fields_set:
            case = commands.assign(db, caller, number, said.assignee or None, at)
        if said.status is not None:
            case = commands.move(
                db,
                caller,
                number,
                said.status,
                services=parts.get(ServiceList),
                say=parts.text,
                town=parts.settings.town,
                now=at,
                message=said.message,
            )
        return case

    return [
        OutcomeOut(
            service_request_id=one.number,
            done=one.error is None,
            code=one.error.code if one.error else None,
            detail=one.error.detail if one.error else None,
        )
        for one in commands.each(db, said.numbers, change)
    ]


# ---------------------------------------------------------------------------------------------- one case


class AssigneeIn(BaseModel):
    """Who deals with it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"assignee": "robin"}]})

    assignee: str | None = Field(max_length=40, description="An official's name; null: nobody.")


class TypeIn(BaseModel):
    """The right type."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"service_code": "pothole"}]})

    service_code: str = Field(max_length=50)


class DuplicatesIn(BaseModel):
    """Those that repeat this one."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"numbers": ["FM-8M2XA"]}]})

    numbers: list[Annotated[str, Field(max_length=20)]] = Field(min_length=1, max_length=MOST_AT_ONCE)


@router.post(
    "/{service_request_id}/assignee", summary="Assign", responses=documented(401, 403, 404, 409, 422)
)
def assign(
    service_request_id: Number,
    said: AssigneeIn,
    caller: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    response: Response,
) -> schemas.CaseDetailOut:
    """Gives the case to an official of the department, or to nobody."""
    case = commands.assign(db, caller, service_request_id, said.assignee or None, at, version)
    return detail_of(case, db, parts, response)


@router.post(
    "/{service_request_id}/type",
    summary="Correct the type",
    responses=documented(401, 403, 404, 409, 422),
)
def change_type(
    service_request_id: Number,
    said: TypeIn,
    caller: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    response: Response,
) -> schemas.CaseDetailOut:
    """Corrects the type; department and expected day follow, and so does who sees the case."""
    services = parts.get(ServiceList)
    case = commands.change_type(
        db,
        caller,
        service_request_id,
        said.service_code,
        services=services,
        areas=parts.get(Areas),
        now=at,
        expected_version=version,
    )
    return detail_of(case, db, parts, response)


@router.post(
    "/{service_request_id}/duplicates",
    summary="Merge duplicates into this one",
    responses=documented(401, 403, 404, 409, 422),
)
def merge(
    service_request_id: Number, said: DuplicatesIn, caller: Worker, db: Db, parts: Parts, at: Now
) -> list[OutcomeOut]:
    """Makes others duplicates of this one; their citizens hear under which number it goes on."""
    into = queries.read(db, caller, service_request_id)

    def change(number: str) -> ServiceRequest:
        return commands.move(
            db,
            caller,
            number,
            Status.DUPLICATE,
            services=parts.get(ServiceList),
            say=parts.text,
            town=parts.settings.town,
            now=at,
            duplicate_of=into.service_request_id,
        )

    return [
        OutcomeOut(
            service_request_id=one.number,
            done=one.error is None,
            code=one.error.code if one.error else None,
            detail=one.error.detail if one.error else None,
        )
        for one in commands.each(db, said.numbers, change)
    ]


class SimilarOut(BaseModel):
    """A case that may be about the same thing."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "service_request_id": schemas.NUMBER,
                "service_code": "pothole",
                "status": "submitted",
                "metres": 24.5,
                "shared_words": 0.5,
            }
        }
    )

    service_request_id: str
    service_code: str
    status: Status
    metres: float | None = Field(description="How far away it is; null where one has no point.")
    shared_words: float = Field(description="0 to 1.")


@router.get("/{service_request_id}/similar", summary="Find similar ones", responses=documented(401, 403, 404))
def similar(service_request_id: Number, caller: Reader, db: Db) -> list[SimilarOut]:
    """Cases near in place and time, or of the same type in much the same words; the likeliest first."""
    case = queries.read(db, caller, service_request_id)
    return [
        SimilarOut(
            service_request_id=one.case.service_request_id,
            service_code=one.case.service_code,
            status=one.case.status,
            metres=round(one.metres, 1) if one.metres is not None else None,
            shared_words=round(one.shared, 3),
        )
        for one in desk.similar(db, caller, case)
    ]
