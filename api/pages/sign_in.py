"""Signing in and out on the pages; the same officials, passwords and waits as the API's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool

from api.auth import prove
from api.deps import Now, Parts
from api.pages import session as sessions
from api.pages.shell import check_form, go, official_on_page, render
from civic.accounts.errors import SignInRefused, SignInTooOften
from civic.accounts.models import Official
from civic.accounts.rules import LONGEST

router = APIRouter(prefix=sessions.HOME, include_in_schema=False)

Next = Annotated[str | None, Query(alias="next", max_length=2000)]


@router.get("/sign-in")
def form(request: Request, wanted: Next = None) -> Response:
    """The form; where one wanted to go is kept in it."""
    return render(request, "sign_in.html", next=sessions.safe_next(wanted))


@router.post("/sign-in")
async def sign_in(
    request: Request,
    parts: Parts,
    at: Now,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    wanted: Annotated[str | None, Form(alias="next", max_length=2000)] = None,
) -> Response:
    """Begins a session for a name and a password that belong together."""
    await check_form(request, request.cookies.get(sessions.GUEST_COOKIE, ""))
    wanted = sessions.safe_next(wanted)
    try:
        official = await run_in_threadpool(prove, parts, name, password[: LONGEST + 1], at)
    except (SignInRefused, SignInTooOften) as error:
        errors = {"form": f"{error.title}. {error.remedy or error.detail}"}
        filled = {"name": name}
        answer = render(
            request, "sign_in.html", status=error.status, errors=errors, filled=filled, next=wanted
        )
        if (seconds := error.params.get("retry_after")) is not None:
            answer.headers["Retry-After"] = str(seconds)
        return answer
    response = go(request, wanted)
    sessions.begin(response, request, official, at)
    return response


@router.post("/sign-out")
def sign_out(request: Request, who: Annotated[Official, Depends(official_on_page())]) -> Response:
    """Ends the session of this browser."""
    response = go(request, f"{sessions.HOME}/sign-in", "You are signed out.")
    sessions.end(response)
    return response
