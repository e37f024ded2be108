"""Refusals on the officials' pages, in the pages' own look; every other path keeps its own answers."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from api.pages.session import HOME
from api.pages.shell import SignInNeeded, go, render
from civic.kit.errors import FolkmootError

log = logging.getLogger(__name__)

Handler = Callable[[Request, Exception], Awaitable[Response]]


def install(app: FastAPI) -> None:
    """Answers errors under `/officials` with a page; call it after the API's own handlers are in place."""
    app.add_exception_handler(SignInNeeded, _sign_in_first)
    kinds: dict[type[Exception], Handler] = {
        FolkmootError: _broken_rule,
        RequestValidationError: _not_valid,
        HTTPException: _http,
        OperationalError: _busy,
    }
    for kind, ours in kinds.items():
        app.add_exception_handler(kind, _on_pages(ours, app.exception_handlers[kind]))


def _on_pages(ours: Handler, others: Any) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        path = request.url.path
        if path == HOME or path.startswith(HOME + "/"):
            return await ours(request, error)
        answer: Response = await others(request, error)
        return answer

    return handle


async def _sign_in_first(request: Request, error: Exception) -> Response:
    assert isinstance(error, SignInNeeded)
    return go(request, f"{HOME}/sign-in?next={quote(error.next, safe='/')}")


async def _broken_rule(request: Request, error: Exception) -> Response:
    assert isinstance(error, FolkmootError)
    page = render(
        request,
        "problem.html",
        status=error.status,
        title=error.title,
        detail=error.detail if error.detail != error.title else "",
        remedy=error.remedy,
    )
    if (seconds := error.params.get("retry_after")) is not None:
        page.headers["Retry-After"] = str(seconds)
    return page


async def _not_valid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Only where it is wrong: the input itself may be a citizen's words.
    wrong = "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in error.errors())
    return render(
        request,
        "problem.html",
        status=422,
        title="This cannot be used as it is",
        detail=f"{wrong}.",
        remedy="Go back and correct it. Nothing was changed.",
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = {404: "There is nothing here", 405: "This page cannot be used in that way"}
    return render(
        request,
        "problem.html",
        status=error.status_code,
        title=known.get(error.status_code, "This did not work"),
        detail="",
        remedy="Check the address, or begin at the overview.",
    )


async def _busy(request: Request, error: Exception) -> Response:
    log.error("the database did not take a request: %s", type(getattr(error, "orig", error)).__name__)
    page = render(
        request,
        "problem.html",
        status=503,
        title="The database does not answer",
        detail="Nothing was changed.",
        remedy="Try the same again in a moment.",
    )
    page.headers["Retry-After"] = "5"
    return page
