"""Every error of the API as `application/problem+json` (RFC 9457): what is wrong, and what to do."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from civic.kit.errors import FolkmootError

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPES = "urn:folkmoot:problem:"


class FieldProblem(BaseModel):
    """One thing that is wrong with what was sent."""

    where: str = Field(description="The place, such as `body.rating`.", examples=["body.rating"])
    why: str = Field(description="The reason.", examples=["Input should be less than or equal to 5"])


class Problem(BaseModel):
    """An error as RFC 9457 describes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:folkmoot:problem:unknown_feedback",
                "title": "There is no such feedback",
                "status": 404,
                "detail": "There is no such feedback",
                "code": "unknown_feedback",
            }
        }
    )

    type: str = Field(description="Names the kind of problem; stable.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status once more.")
    detail: str | None = Field(None, description="What is wrong this time.")
    code: str = Field(description="The kind of problem for programs.")
    remedy: str | None = Field(None, description="What to do about it.")
    errors: list[FieldProblem] | None = Field(None, description="Each thing that is wrong with the input.")


_SAID = {
    401: "Nobody is signed in, or the token is no longer good.",
    403: "The role of who is signed in does not allow this.",
    404: "There is no such thing.",
    409: "The thing is not in a state in which this can be done.",
    422: "What was sent cannot be used; nothing was changed.",
    429: "Too many tries; `Retry-After` says when to come back.",
    503: "A part of the service does not answer; the same request may work later.",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route that can fail in these ways, for its page in the API's documentation."""
    return {
        status: {
            "description": _SAID[status],
            "model": Problem,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }


def problem(
    status: int,
    code: str,
    title: str,
    detail: str | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Response:
    """One problem as a response."""
    body = {
        "type": "about:blank" if code == "http" else TYPES + code,
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    sent = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        sent.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(
        {key: value for key, value in body.items() if value not in (None, "", [])},
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=sent,
    )


def install(app: FastAPI) -> None:
    """Makes the application answer every error with a problem."""
    app.add_exception_handler(FolkmootError, _broken_rule)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database_busy)
    app.add_exception_handler(Exception, _unforeseen)


async def _database_busy(request: Request, error: Exception) -> Response:
    # Locked, full or restarting: nothing was changed, and the same request may work in a moment.
    log.error("the database did not take a request: %s", type(getattr(error, "orig", error)).__name__)
    return problem(
        503,
        "database_busy",
        "The database does not answer",
        "Nothing was changed. Try the same request again in a moment.",
        headers={"Retry-After": "5"},
    )


async def _broken_rule(request: Request, error: Exception) -> Response:
    assert isinstance(error, FolkmootError)
    headers = {}
    if (seconds := error.params.get("retry_after")) is not None:
        headers["Retry-After"] = str(seconds)
    return problem(error.status, error.code, error.title, error.detail, headers=headers, remedy=error.remedy)


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # The input itself is left out: it may be a password, or a citizen's words on their way to a log.
    wrong = [
        {"where": ".".join(str(step) for step in each["loc"]), "why": each["msg"]} for each in error.errors()
    ]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid",
        "This cannot be used as it is",
        "; ".join(f"{each['where']}: {each['why']}" for each in wrong),
        errors=wrong,
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    if not _for_programs(request):
        return PlainTextResponse(title, status_code=error.status_code, headers=error.headers)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http")
    detail = error.detail if error.detail != title else None
    return problem(error.status_code, code, title, detail, headers=error.headers)


async def _unforeseen(request: Request, error: Exception) -> Response:
    # The route's pattern, not the address: an address may carry a token or a name.
    route = request.scope.get("route")
    log.error("unforeseen error at %s: %s", getattr(route, "path", "?"), type(error).__name__)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "unforeseen",
        "Something went wrong",
        "Nothing was changed. The log says more.",
    )


def _for_programs(request: Request) -> bool:
    """Whether a program asks rather than somebody who looks at a page."""
    return request.url.path.startswith("/api") or "text/html" not in request.headers.get("accept", "")
