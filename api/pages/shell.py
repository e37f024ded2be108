"""What every page of the officials' shares: who may see it, its frame, its navigation, its messages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from babel.dates import get_month_names
from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from api.deps import Db, Now, Parts, services
from api.pages import session as sessions
from api.pages.session import HOME
from civic.accounts import queries as accounts
from civic.accounts.errors import RoleForbids
from civic.accounts.models import Official
from civic.accounts.rules import Permission, Role, may
from civic.kit.db import read_session
from civic.kit.errors import Forbidden
from civic.kit.ids import new_secret

HERE = Path(__file__).parent
SAID_COOKIE = "folkmoot_said"
READING = ("GET", "HEAD")


class SignInNeeded(Exception):
    """Nobody is signed in in this browser; `next` is where they wanted to go."""

    def __init__(self, wanted: str) -> None:
        super().__init__("sign in first")
        self.next = wanted


class FormNotOurs(Forbidden):
    """A form came without its token: from another site, or from a session that is over."""

    code = "form_not_ours"
    title = "This form is no longer good"


@dataclass(frozen=True)
class Seated:
    """The official as the frame shows them; stays readable when the transaction was undone."""

    id: str
    name: str
    role: Role
    agency: str | None


@dataclass(frozen=True)
class Entry:
    """One line of the navigation; who lacks the permission does not see it."""

    path: str
    label: str
    permission: Permission | None = None
    order: int = 50


NAV: list[Entry] = [Entry(HOME, "Overview", None, 0)]


def nav(path: str, label: str, permission: Permission | None, order: int = 50) -> None:
    """Adds a page to the navigation; a feature calls it once, where its router is made."""
    entry = Entry(path, label, permission, order)
    if entry not in NAV:
        NAV.append(entry)
        NAV.sort(key=lambda each: (each.order, each.label))


def caller(request: Request, db: Db, parts: Parts, at: Now) -> Official:
    """The official whose browser asks; access that was taken back ends the session at once."""
    session = sessions.read(request.cookies, parts, at)
    official = None
    if session is not None:
        official = accounts.active_with_token(db, session.official_id, session.credentials_version)
    if session is None or official is None:
        reading = request.method in READING
        query = f"?{request.url.query}" if request.url.query else ""
        raise SignInNeeded(request.url.path + query if reading else HOME)
    request.state.official = Seated(official.id, official.name, official.role, official.agency)
    request.state.page_session = session
    return official


def official_on_page(needed: Permission | None = None) -> Callable[..., Awaitable[Official]]:
    """A dependency: the official at the desk, if their role allows it and the form sent is one of ours."""

    async def official(request: Request, who: Annotated[Official, Depends(caller)]) -> Official:
        if needed is not None and not may(who.role, needed):
            raise RoleForbids(
                f"This needs {needed.value}; the role {who.role.value} does not have it.",
                remedy="Ask an administrator of the town hall.",
            )
        if request.method not in READING:
            await check_form(request, request.state.page_session.name)
        return who

    return official


def slow_official_on_page(needed: Permission) -> Callable[..., Awaitable[Official]]:
    """The same for work that takes a second or more: the official is found before the database is held."""
    allowed = official_on_page(needed)

    async def official(request: Request, parts: Parts, at: Now) -> Official:
        with read_session(parts.sessions) as reading:
            who = caller(request, reading, parts, at)
        return await allowed(request, who)

    return official


async def check_form(request: Request, name: str) -> None:
    """Refuses a form that does not carry the token of the session `name`."""
    form = await request.form()
    if not name or not sessions.is_form_token(services(request), name, form.get("csrf")):
        raise FormNotOurs(
            "It was made for another session, or comes from another site. Nothing was changed.",
            remedy="Open the page again, then repeat what you did.",
        )


# ------------------------------------------------------------------------------------------------ showing


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the common frame. `errors` (by field) and `filled` may be left out; so may `said`."""
    parts = services(request)
    official: Seated | None = getattr(request.state, "official", None)
    session: sessions.PageSession | None = getattr(request.state, "page_session", None)
    guest = request.cookies.get(sessions.GUEST_COOKIE) or new_secret()
    token = sessions.form_token(parts, session.name if session else guest)
    context: dict[str, Any] = {
        "live": None,
        **values,
        "errors": _Blank(values.get("errors") or {}),
        "filled": _Blank(values.get("filled") or {}),
        "request": request,
        "path": request.url.path,
        "town": parts.settings.town,
        "official": official,
        "may": lambda name: official is not None and may(official.role, Permission(name)),
        "navigation": _navigation(request.url.path, official),
        "csrf": Markup('<input type="hidden" name="csrf" value="{}">').format(token),
        "said": values.get("said") or _said(request),
    }
    response = HTMLResponse(pages.get_template(template).render(context), status_code=status)
    response.headers["Cache-Control"] = "no-store"
    if SAID_COOKIE in request.cookies:
        response.delete_cookie(SAID_COOKIE, path=HOME)
    if session is None and sessions.GUEST_COOKIE not in request.cookies:
        sessions.keep(response, request, sessions.GUEST_COOKIE, guest)
    if session is not None and session.renew:
        sessions.renew(response, request, session, parts.clock.now())
    return response


def go(request: Request, path: str, said: str | None = None) -> Response:
    """Sends the browser to a page after something was done; `said` stands at its top, once."""
    response = RedirectResponse(path, status_code=303)
    response.headers["Cache-Control"] = "no-store"
    if said:
        value = base64.urlsafe_b64encode(said[:500].encode()).decode()
        sessions.keep(response, request, SAID_COOKIE, value, 60)
    return response


class _Blank(dict[str, Any]):
    """What was typed, or what is wrong, by field; nothing for the other fields."""

    def __missing__(self, name: str) -> str:
        return ""


def _said(request: Request) -> str | None:
    try:
        return base64.urlsafe_b64decode(request.cookies[SAID_COOKIE]).decode()
    except (KeyError, binascii.Error, ValueError):
        return None


def _navigation(path: str, official: Seated | None) -> list[tuple[Entry, bool]]:
    """What this official may open, and which of it is open now."""
    if official is None:
        return []
    shown = [one for one in NAV if one.permission is None or may(official.role, one.permission)]
    inside = [one for one in shown if path == one.path or path.startswith(one.path + "/")]
    here = max(inside, key=lambda one: len(one.path), default=None)
    return [(one, one is here) for one in shown]


_MONTHS = dict(get_month_names("abbreviated", locale="en_GB"))


def _day(value: date | None) -> str:
    return f"{value.day} {_MONTHS[value.month]} {value.year}" if value else ""


def _moment(value: datetime | None) -> Markup:
    """A time in UTC; a script of ours writes it in the zone of whoever looks."""
    if value is None:
        return Markup("")
    # Digits and names of months: nothing in it has to be escaped, and a list shows dozens.
    words = f"{_day(value)}, {value:%H:%M} UTC"
    return Markup(f'<time datetime="{value.isoformat()}" data-moment>{words}</time>')


def _number(value: float) -> str:
    return f"{value:,}"


pages = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(["html", "svg"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
pages.filters.update(day=_day, moment=_moment, number=_number)
