"""One case: what was said and done, and who looks at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages import walking
from api.pages.cases import PRIORITY_WORDS, STATUS_WORDS, STEP_WORDS, names_of
from api.pages.service_requests import PATH, Reader
from api.pages.shell import pages, render
from civic.accounts import queries as accounts
from civic.accounts.models import Official
from civic.kit.files import FileStore
from civic.kit.services import Services
from civic.service_requests import alerts, queries, verdicts, views
from civic.service_requests.desk import queries as desk
from civic.service_requests.desk import reads, templates
from civic.service_requests.errors import UnknownAttachment
from civic.service_requests.models import ServiceRequest
from civic.service_requests.open311 import queries as open311
from civic.service_requests.rules import legal_steps
from civic.service_requests.services import ServiceList

router = APIRouter(prefix=PATH + "/{number}", include_in_schema=False)

Number = Annotated[str, Path(max_length=20)]


@router.get("")
def case(
    request: Request,
    number: Number,
    who: Reader,
    db: Db,
    parts: Parts,
    at: Now,
    template: Annotated[str | None, Query(max_length=26)] = None,
    contact: Annotated[bool, Query()] = False,
) -> Response:
    """The case; `template` puts the words of one into the reply, `contact` shows how to reach who sent it.

    Contact details are shown when they are asked for and not before: each reading leaves an audit row.
    """
    found = queries.read(db, who, number)
    filled = {}
    if template:
        words = templates.one(db, who, template).text
        filled["reply"] = templates.filled(words, found, parts.get(ServiceList), parts.settings.town)
    flags = alerts.on(db, [found.id]).get(found.id, [])
    response = page(request, db, parts, who, found, at, flags=flags, filled=filled, contact=contact)
    if contact and open311.contact_with(db, who, found) is not None:
        reads.note_contact(parts.sessions, who, found, at)
    reads.note_case(parts.sessions, who, found, at)
    if flags:
        with parts.sessions.begin() as seeing:
            alerts.see(seeing, who, found, at, worked=False)
    return response


@router.get("/live")
def live(
    request: Request,
    number: Number,
    who: Reader,
    db: Db,
    at: Now,
    seen: Annotated[int, Query(ge=0)] = 0,
    known: Annotated[str | None, Header(alias="If-None-Match", max_length=40)] = None,
) -> Response:
    """Whether the case changed since version `seen`: a line for the page, or 304 while nothing did."""
    found = queries.read(db, who, number)
    headers = {"ETag": f'"{found.version}"', "Cache-Control": "no-cache"}
    if known == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    if found.version == seen:
        return Response(status_code=204, headers=headers)
    done = [(each.created_at, each.actor) for each in found.changes]
    done += [(each.created_at, each.official_id or "") for each in found.messages]
    done += [(each.at, each.actor) for each in desk.work_on(db, found)]
    name = names_of(db).get(max(done, default=(at, ""))[1])
    fragment = pages.get_template("service_requests_live.html").render(case=found, name=name, base=PATH)
    return HTMLResponse(fragment, headers=headers)


@router.get("/photos/{photo_id}")
def photo(
    number: Number,
    photo_id: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
    who: Reader,
    db: Db,
    parts: Parts,
    at: Now,
) -> Response:
    """One photo of the case."""
    found = queries.read(db, who, number)
    picture = queries.photo(db, found, photo_id)
    try:
        data = parts.get(FileStore).get(picture.id)
    except FileNotFoundError as error:
        raise UnknownAttachment("The photo's file is gone.") from error
    reads.note_photo(parts.sessions, who, found, photo_id, at)
    return Response(data, media_type=picture.media_type, headers={"Cache-Control": "private, max-age=300"})


def address_of(number: str) -> str:
    """Where the page of a case is."""
    return f"{PATH}/{number.strip().upper()}"


def page(
    request: Request,
    db: Session,
    parts: Services,
    who: Official,
    found: ServiceRequest,
    at: datetime,
    status: int = 200,
    flags: Sequence[str] | None = None,
    **more: Any,
) -> Response:
    services = parts.get(ServiceList)
    town = parts.settings.town
    detail = views.detail_out(
        found,
        services,
        list(queries.photos(db, found)),
        queries.number_of(db, found.duplicate_of),
        address_of(found.service_request_id),
    )
    fitting = templates.fitting(db, found)
    everyone = accounts.colleagues(db)
    response = render(
        request,
        "service_requests_case.html",
        status=status,
        case=found,
        detail=detail,
        story=_story(db, found),
        services=services,
        types=[(one.service_code, one.service_name) for one in services.services],
        steps=[(one, STEP_WORDS[one.target]) for one in legal_steps(found.status)],
        people=[(one.name, one.name) for one in desk.colleagues(db, found.agency, everyone)],
        officials={one.id: one.name for one in everyone},
        templates=[(one, templates.filled(one.text, found, services, town)) for one in fitting],
        automatic={one.status for one in fitting if one.status},
        similar=desk.similar(db, who, found),
        merged=desk.duplicates(db, who, found),
        status_words=STATUS_WORDS,
        priorities=[(one.value, words) for one, words in PRIORITY_WORDS.items()],
        alerts=alerts.on(db, [found.id]).get(found.id, []) if flags is None else flags,
        verdicts=verdicts.ratings_of(db, found),
        today=at.date(),
        overtaken=more.pop("overtaken", False),
        contact=open311.contact_with(db, who, found),
        contact_shown=more.pop("contact", False),
        base=PATH,
        address=address_of(found.service_request_id),
        place=walking.place(request, found.service_request_id, PATH),
        **more,
    )
    response.headers["ETag"] = f'"{found.version}"'
    return response


def _story(db: Session, found: ServiceRequest) -> list[tuple[datetime, str, Any]]:
    """Messages, steps, assignments and corrections in one order, as they happened."""
    story: list[tuple[datetime, str, Any]] = []
    story += [(each.created_at, "step", each) for each in found.changes]
    story += [(each.created_at, "message", each) for each in found.messages]
    story += [(each.at, each.tag.split(":")[1], each) for each in desk.work_on(db, found)]
    return sorted(story, key=lambda each: each[0])
