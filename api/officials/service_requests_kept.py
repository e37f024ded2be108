"""What officials keep at the desk: their own filters of the list, and templates of replies."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Now, Parts
from api.idempotency import Idempotent
from api.officials.service_requests import PATH, Reader, Worker
from api.problems import documented
from civic.service_requests.desk import saved, templates
from civic.service_requests.desk.models import ReplyTemplate
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

router = APIRouter(prefix=PATH, tags=["Service requests"], route_class=Idempotent)
Id = Annotated[str, Path(max_length=26)]


# ------------------------------------------------------------------------------------------ own filters


class FilterIn(BaseModel):
    """A filter to keep."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Late lamps", "query": "late=1"}]}
    )

    name: str = Field(max_length=200)
    query: str = Field(max_length=1000, description="As in the address of the list.")


class FilterOut(BaseModel):
    """A filter that the caller keeps."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {"id": "01JD9ZK6W3Q8V5T2N7M4X0B1CC", "name": "Late lamps", "query": "late=1"}
        },
    )

    id: str
    name: str
    query: str


@router.get("/filters", summary="List your saved filters", responses=documented(401, 403))
def list_filters(caller: Reader, db: Db) -> list[FilterOut]:
    """The filters that you keep, by name."""
    return [FilterOut.model_validate(one) for one in saved.of(db, caller)]


@router.post("/filters", status_code=201, summary="Keep a filter", responses=documented(401, 403, 409, 422))
def keep_filter(said: FilterIn, caller: Reader, db: Db, at: Now) -> FilterOut:
    """Keeps a filter for you alone; the same name again replaces it."""
    return FilterOut.model_validate(saved.keep(db, caller, said.name, said.query, at))


@router.delete(
    "/filters/{filter_id}", status_code=204, summary="Delete a filter", responses=documented(401, 403, 404)
)
def drop_filter(filter_id: Id, caller: Reader, db: Db) -> None:
    """Deletes one of your own filters."""
    saved.drop(db, caller, filter_id)


# -------------------------------------------------------------------------------------------- templates


class TemplateIn(BaseModel):
    """A template to keep."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Crew", "text": "Dear {name}, the crew comes on {date}."}]},
    )

    name: str = Field(max_length=200)
    text: str = Field(max_length=4000, description="With placeholders such as {number} and {name}.")
    agency: str | None = Field(None, max_length=50)
    service_code: str | None = Field(None, max_length=50)
    status: Status | None = Field(None, description="Sent with the step to this status.")


class TemplateOut(TemplateIn):
    """A template."""

    model_config = ConfigDict(
        from_attributes=True,
        extra="ignore",
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CC",
                "name": "Crew",
                "text": "Dear {name}, the crew comes on {date}.",
                "agency": None,
                "service_code": None,
                "status": None,
            }
        },
    )

    id: str


@router.get("/templates", summary="List templates", responses=documented(401, 403))
def list_templates(caller: Reader, db: Db) -> list[TemplateOut]:
    """The templates that you may use, by name."""
    return [_template(one) for one in templates.usable_by(db, caller)]


@router.post(
    "/templates", status_code=201, summary="Keep a template", responses=documented(401, 403, 409, 422)
)
def keep_template(said: TemplateIn, caller: Worker, db: Db, parts: Parts, at: Now) -> TemplateOut:
    """Adds a template; an official of a department adds it for the department."""
    wording = templates.Wording(**said.model_dump())
    return _template(templates.keep(db, caller, wording, parts.get(ServiceList), at))


@router.put("/templates/{template_id}", summary="Change a template", responses=documented(401, 403, 404, 422))
def change_template(
    template_id: Id, said: TemplateIn, caller: Worker, db: Db, parts: Parts, at: Now
) -> TemplateOut:
    """Replaces a template."""
    wording = templates.Wording(**said.model_dump())
    return _template(templates.keep(db, caller, wording, parts.get(ServiceList), at, template_id))


@router.delete(
    "/templates/{template_id}",
    status_code=204,
    summary="Delete a template",
    responses=documented(401, 403, 404),
)
def drop_template(template_id: Id, caller: Worker, db: Db, at: Now) -> None:
    """Deletes a template; what was written with it stays."""
    templates.drop(db, caller, template_id, at)


def _template(one: ReplyTemplate) -> TemplateOut:
    return TemplateOut.model_validate(one)
