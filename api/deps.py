"""What routes ask for: the services, a session that is committed once, who is calling, a page of a list."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query, Request
from fastapi.concurrency import contextmanager_in_threadpool
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api import tokens
from civic.accounts import queries as accounts
from civic.accounts.errors import RoleForbids, TokenRefused
from civic.accounts.models import Official
from civic.accounts.rules import Permission, may
from civic.kit.db import page_session, read_session
from civic.kit.services import Services

T = TypeVar("T")

bearer = OAuth2PasswordBearer(
    tokenUrl="/api/v1/token", auto_error=False, description="Sign in with an official's name and password."
)


def services(request: Request) -> Services:
    """The parts of this process."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found


async def _services(request: Request) -> Services:
    # What only looks something up is `async`: FastAPI sends everything else through a thread of its own.
    return services(request)


Parts = Annotated[Services, Depends(_services)]


async def now(parts: Parts) -> datetime:
    """The time of this request."""
    return parts.clock.now()


Now = Annotated[datetime, Depends(now)]


async def session(request: Request, parts: Parts) -> AsyncIterator[Session]:
    """One transaction a request: committed once, before the answer leaves, or not at all.

    Ask for it as `Db`: with the scope "function", so that an answer that says "done" was committed.
    """
    if request.method in ("GET", "HEAD"):
        # To open and to close it waits for nobody, so that needs no thread of its own.
        with page_session(parts.sessions) as reading:
            yield reading
        return
    async with contextmanager_in_threadpool(_writing(request, parts)) as writing:
        yield writing


@contextmanager
def _writing(request: Request, parts: Services) -> Iterator[Session]:
    with parts.sessions.begin() as writing:
        yield writing
        # What has to be true exactly when the work was done is written with it.
        for last in getattr(request.state, "at_the_end", ()):
            last(writing)


Db = Annotated[Session, Depends(session, scope="function")]


def signed_in(token: Annotated[str | None, Depends(bearer)], db: Db, parts: Parts, at: Now) -> Official:
    """The official who calls; a token of somebody disabled since is worth nothing."""
    if token is None:
        raise TokenRefused("There is no token.", remedy="Sign in at /api/v1/token.")
    claims = tokens.read(token, secret=parts.settings.secret("secret_key"), now=at)
    official = accounts.active_with_token(db, claims.official_id, claims.credentials_version)
    if official is None:
        raise TokenRefused("This token was taken back.", remedy="Sign in again.")
    return official


SignedIn = Annotated[Official, Depends(signed_in)]


def official_with(needed: Permission) -> Callable[[Official], Official]:
    """A dependency: the official who calls, if their role has the permission."""

    def official(caller: SignedIn) -> Official:
        if not may(caller.role, needed):
            raise RoleForbids(
                f"This needs {needed.value}; the role {caller.role.value} does not have it.",
                remedy="Ask an administrator of the town hall.",
            )
        return caller

    return official


def slow_official_with(
    needed: Permission,
) -> Callable[[str | None, Services, datetime], Official]:
    """The same for work that takes a second or more: the official is found before the database is held."""
    allowed = official_with(needed)

    def official(token: Annotated[str | None, Depends(bearer)], parts: Parts, at: Now) -> Official:
        with read_session(parts.sessions) as reading:
            return allowed(signed_in(token, reading, parts, at))

    return official


class Paging(BaseModel):
    """Which part of a list is wanted; a filter that is misspelt is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(50, ge=1, le=200, description="How many items at most.")
    offset: int = Field(0, ge=0, le=1_000_000, description="How many items to leave out first.")


PageOf = Annotated[Paging, Query()]


class Page(BaseModel, Generic[T]):
    """A part of a list, and how long the list is."""

    items: list[T]
    total: int = Field(description="How many items there are in all.", examples=[1])
    limit: int = Field(description="How many items were asked for.", examples=[50])
    offset: int = Field(description="How many items were left out first.", examples=[0])
