"""The inbox: what came in, by filter; many at once; the map; the export."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.exporting import file_response
from api.headers import CONTENT_POLICY
from api.pages import walking
from api.pages.cases import STATUS_WORDS
from api.pages.session import HOME, keep
from api.pages.shell import go, nav, official_on_page, render
from civic.accounts import queries as accounts
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.kit.services import Services
from civic.service_requests.areas import Areas
from civic.service_requests.desk import commands, lines, near, points, reads, saved
from civic.service_requests.desk import queries as desk
from civic.service_requests.desk.exporting import Format
from civic.service_requests.desk.figures import Remembered
from civic.service_requests.desk.filters import CaseFilter, parse
from civic.service_requests.errors import BadCursor
from civic.service_requests.places import Gazetteer
from civic.service_requests.queries import Wanted
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList

PATH = f"{HOME}/service-requests"
PAGE = 25
router = APIRouter(prefix=PATH, include_in_schema=False)
nav(PATH, "Service requests", Permission.CASES_READ, order=10)

Reader = Annotated[Official, Depends(official_on_page(Permission.CASES_READ))]
Worker = Annotated[Official, Depends(official_on_page(Permission.CASES_WORK))]

# The view around a point: the one that this browser looked around last.
NEAR = "Near"
HERE = "here"
NEAR_COOKIE = "folkmoot_near"
NEAR_SECONDS = 365 * 86_400

# The filters that everybody has; the first one is what an official sees without asking.
VIEWS = (
    ("Open", "open=1&sort=expected"),
    ("To look at", "flagged=1&sort=recently_changed"),
    ("Mine", "open=1&assignee=me&sort=expected"),
    ("Late", "late=1&sort=expected"),
    (NEAR, "open=1&sort=expected"),
    ("New", "status=submitted"),
    ("With nobody", "open=1&assignee=nobody&sort=expected"),
    ("All", "all=1"),
)
VIEW_QUERIES = [
    (name, parse(text)[0].query(), f"{text}&near={HERE}" if name == NEAR else text) for name, text in VIEWS
]
SORTS = (
    ("expected", "Due first"),
    ("newest", "Newest"),
    ("oldest", "Oldest"),
    ("recently_changed", "Changed last"),
)


@router.get("")
def inbox(
    request: Request,
    who: Reader,
    db: Db,
    parts: Parts,
    at: Now,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> Response:
    """The cases of a filter, a page at a time."""
    wanted, wrong = _filter_near(request, db, parts, who)
    asked = wanted.wanted(db, who, at.date())
    total = _total(db, parts, who, wanted, asked, at)
    try:
        page = lines.page(db, who, asked, PAGE, cursor, total)
    except BadCursor:
        page, cursor = lines.page(db, who, asked, PAGE, known=total), None
    response = render(
        request,
        "service_requests_inbox.html",
        cases=page.items,
        next_cursor=page.next_cursor,
        later=cursor is not None,
        total=total,
        counted=desk.counted(asked),
        wrong=wrong,
        **_frame(db, parts, who, wanted, request, at),
    )
    _remember(response, request, wanted)
    numbers = [case.service_request_id for case in page.items]
    walking.remember(response, request, wanted.query(), numbers, cursor, page.next_cursor)
    reads.note_list(parts.sessions, who, len(page.items), at)
    return response


@router.get("/map")
def on_map(request: Request, who: Reader, db: Db, parts: Parts, at: Now) -> Response:
    """Where the cases of a filter are; the list beside it says the same in words."""
    wanted, wrong = _filter_near(request, db, parts, who)
    found = desk.points(db, who, wanted.wanted(db, who, at.date()), at.date())
    tiles = parts.settings.map_tiles
    response = render(
        request,
        "service_requests_map.html",
        map=points.draw(found, tiles, parts.get(Areas), parts.get(Gazetteer)),
        frame=(points.WIDTH, points.HEIGHT),
        placed=len(found),
        most=desk.MOST_POINTS,
        wrong=wrong,
        **_frame(db, parts, who, wanted, request, at),
    )
    _remember(response, request, wanted)
    if tiles:
        origin = "/".join(tiles.split("/")[:3])
        policy = CONTENT_POLICY.replace("img-src 'self'", f"img-src 'self' {origin}")
        response.headers["Content-Security-Policy"] = policy
    return response


@router.get("/export")
def export(
    request: Request,
    who: Reader,
    parts: Parts,
    at: Now,
    form: Annotated[Format, Query(alias="format")] = "csv",
) -> StreamingResponse:
    """All cases of the filter as a file."""
    return file_response(parts, who, _filter(request)[0], form, at)


@router.post("/bulk")
def bulk(
    request: Request,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    number: Annotated[list[str], Form(max_length=1000)] = [],  # noqa: B006
    action: Annotated[str, Form(max_length=60)] = "",
    assignee: Annotated[str, Form(max_length=40)] = "",
    back: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """The same change to every case that was ticked."""
    address = f"{PATH}?{parse(back)[0].query()}" if back else PATH
    services = parts.get(ServiceList)
    steps = {"acknowledge": Status.ACKNOWLEDGED, "start": Status.IN_PROGRESS, "close": Status.CLOSED}
    if not number:
        return go(request, address, "No case was ticked, so nothing was changed.")
    if action == "assign":
        name = who.name if assignee == "me" else assignee or None
        done = commands.each(db, number, lambda one: commands.assign(db, who, one, name, at))
    elif action in steps:
        done = commands.each(
            db,
            number,
            lambda one: commands.move(
                db,
                who,
                one,
                steps[action],
                services=services,
                say=parts.text,
                town=parts.settings.town,
                now=at,
            ),
        )
    else:
        return go(request, address, "Choose what to do with the cases that are ticked.")
    failed = [one for one in done if one.error]
    said = f"{len(done) - len(failed)} of {len(done)} changed."
    for one in failed[:3]:
        said += f" {one.number}: {one.error.detail if one.error else ''}"
    return go(request, address, said)


@router.post("/filters")
def keep_filter(
    request: Request,
    who: Reader,
    db: Db,
    at: Now,
    name: Annotated[str, Form(max_length=200)] = "",
    query: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Keeps the filter that is open under a name."""
    kept = saved.keep(db, who, name, query, at)
    return go(request, f"{PATH}?{kept.query}", f"The filter “{kept.name}” is kept.")


@router.post("/filters/{filter_id}/delete")
def drop_filter(request: Request, filter_id: str, who: Reader, db: Db) -> Response:
    """Deletes one of the official's own filters."""
    saved.drop(db, who, filter_id[:26])
    return go(request, PATH, "The filter is deleted.")


def _filter(request: Request) -> tuple[CaseFilter, list[str]]:
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    ours = {*CaseFilter.model_fields, "all", "cursor", "near"}
    return parse(query if ours & set(query) else VIEWS[0][1])


def _filter_near(
    request: Request, db: Session, parts: Services, who: Official
) -> tuple[CaseFilter, list[str]]:
    """The filter, around the place or case that `near` names, or the point that was looked around last."""
    wanted, wrong = _filter(request)
    named = request.query_params.get("near", "").strip()[:100]
    if not named:
        return wanted, wrong
    if named == HERE:
        found = near.again(wanted, request.cookies.get(NEAR_COOKIE, ""))
    else:
        found = near.around(db, who, parts.get(Gazetteer), wanted, named)
    return (found or wanted), wrong if found else [*wrong, "near"]


def _remember(response: Response, request: Request, wanted: CaseFilter) -> None:
    """Keeps the point in the browser: on a phone it is another one than at the office."""
    circle = near.remembered(wanted)
    if circle is not None and circle != request.cookies.get(NEAR_COOKIE):
        keep(response, request, NEAR_COOKIE, circle, NEAR_SECONDS)


def _total(
    db: Session, parts: Services, who: Official, wanted: CaseFilter, asked: Wanted, at: datetime
) -> int:
    """How many cases there are; that they are more than anybody counts is known for a few minutes."""
    most = desk.counted(asked)
    whose = who.id if asked.assignee or asked.flagged_for else ""
    what = f"inbox {who.role.value} {whose} {at.date()} {wanted.query()}"
    return parts.get(Remembered).get(
        what, who, at, lambda: desk.count_up_to(db, who, asked, most), lambda found: found, most + 1
    )


def _frame(
    db: Session, parts: Services, who: Official, wanted: CaseFilter, request: Request, at: Any
) -> dict[str, Any]:
    """What the inbox and the map share: views, the form of the filter, words."""
    services = parts.get(ServiceList)
    query = wanted.query()
    own = saved.of(db, who)
    here = next((name for name, text, _ in VIEW_QUERIES if text == query and name != NEAR), None)
    asked_near = request.query_params.get("near") == HERE
    if asked_near:
        here = NEAR
    mine = next((one for one in own if one.query == query), None)
    everyone = accounts.colleagues(db)
    people = desk.colleagues(db, who.agency, everyone)
    return {
        "views": [(name, f"?{text}", name == here) for name, _, text in VIEW_QUERIES],
        "saved": [(one, one is mine) for one in own],
        "mine": mine,
        "view": mine.name if mine else here,
        "asked_near": asked_near,
        "wanted": wanted,
        "query": query,
        "link": lambda **other: "?" + (wanted.query(**other) or "all=1"),
        "export_query": lambda form: "?" + urlencode({"format": form}) + (f"&{query}" if query else "&all=1"),
        "services": services,
        "types": [(one.service_code, one.service_name) for one in services.services],
        "agencies": [] if who.agency else list(services.agencies.items()),
        "statuses": list(STATUS_WORDS.items()),
        "status_words": STATUS_WORDS,
        "people": [one.name for one in people],
        "officials": {one.id: one.name for one in everyone},
        "areas": parts.get(Areas).names,
        "sorts": SORTS,
        "today": at.date(),
        "base": PATH,
    }
