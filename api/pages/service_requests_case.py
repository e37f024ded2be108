"""One case: what was said and done, and everything an official can do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages.cases import PRIORITY_WORDS, STATUS_WORDS, STEP_WORDS, names_of
from api.pages.service_requests import PATH, Reader, Worker
from api.pages.shell import go, pages, render
from civic.accounts import queries as accounts
from civic.accounts.models import Official
from civic.kit.errors import Conflict, FolkmootError, Invalid
from civic.kit.files import FileStore
from civic.kit.services import Services
from civic.service_requests import alerts, queries, schemas, verdicts
from civic.service_requests import commands as cases
from civic.service_requests.areas import Areas
from civic.service_requests.desk import commands, reads, templates
from civic.service_requests.desk import queries as desk
from civic.service_requests.errors import ChangedMeanwhile, UnknownAttachment, UnknownServiceRequest
from civic.service_requests.models import ServiceRequest
from civic.service_requests.open311 import queries as open311
from civic.service_requests.rules import Priority, Status, legal_steps
from civic.service_requests.services import ServiceList

router = APIRouter(prefix=PATH + "/{number}", include_in_schema=False)

Number = Annotated[str, Path(max_length=20)]
Version = Annotated[int, Form(ge=0)]
Words = Annotated[str, Form(max_length=schemas.TEXT_LIMIT)]


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
    response = _page(request, db, parts, who, found, at, filled=filled, contact=contact)
    if contact and open311.contact_with(db, who, found) is not None:
        reads.note_contact(parts.sessions, who, found, at)
    with parts.sessions.begin() as noted:
        reads.note_case_in(noted, who, found, at)
        alerts.see(noted, who, found, at, worked=False)
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


@router.post("/step")
def step(
    request: Request,
    number: Number,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    status: Annotated[Status, Form()],
    message: Words = "",
    duplicate_of: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Takes a legal step, with a message where one is given or a template belongs to the step."""

    def change() -> object:
        return commands.move(
            db,
            who,
            number,
            status,
            services=parts.get(ServiceList),
            say=parts.text,
            town=parts.settings.town,
            now=at,
            message=message,
            duplicate_of=duplicate_of or None,
            expected_version=version,
        )

    filled = {"message": message, "status": status.value, "duplicate_of": duplicate_of}
    field = "duplicate_of" if status is Status.DUPLICATE else "message"
    said = f"The case is now: {STATUS_WORDS[status].lower()}."
    return _changed(request, db, parts, who, number, at, change, said, field, filled)


@router.post("/reply")
def reply(
    request: Request,
    number: Number,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    reply: Words = "",
) -> Response:
    """Writes to the citizen."""

    def change() -> object:
        _say_something(reply)
        return cases.reply(
            db,
            who,
            number,
            reply,
            services=parts.get(ServiceList),
            say=parts.text,
            now=at,
            expected_version=version,
        )

    said = "Your reply is on its way to the citizen."
    return _changed(request, db, parts, who, number, at, change, said, "reply", {"reply": reply})


@router.post("/note")
def note(
    request: Request, number: Number, who: Worker, db: Db, parts: Parts, at: Now, note: Words = ""
) -> Response:
    """Keeps a note that the citizen never sees; notes add up, so no version is needed."""

    def change() -> object:
        _say_something(note)
        return cases.add_note(db, who, number, note, at)

    return _changed(request, db, parts, who, number, at, change, "The note is kept.", "note", {"note": note})


@router.post("/assign")
def assign(
    request: Request,
    number: Number,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    assignee: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Gives the case to somebody, or to nobody."""

    def change() -> object:
        return commands.assign(db, who, number, assignee or None, at, version)

    said = f"{assignee} has the case now." if assignee else "Nobody has the case now."
    return _changed(request, db, parts, who, number, at, change, said, "assignee", {"assignee": assignee})


@router.post("/priority")
def set_priority(
    request: Request,
    number: Number,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    priority: Annotated[Priority, Form()],
) -> Response:
    """Says how urgent it is; the expected day follows."""

    def change() -> object:
        return commands.set_priority(
            db, who, number, priority, services=parts.get(ServiceList), now=at, expected_version=version
        )

    said = f"The priority is now: {PRIORITY_WORDS[priority].lower()}."
    filled = {"priority": priority.value}
    return _changed(request, db, parts, who, number, at, change, said, "priority", filled)


@router.post("/type")
def change_type(
    request: Request,
    number: Number,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    version: Version,
    service_code: Annotated[str, Form(max_length=50)] = "",
) -> Response:
    """Corrects the type; the department follows, and with it who sees the case."""

    def change() -> object:
        return commands.change_type(
            db,
            who,
            number,
            service_code,
            services=parts.get(ServiceList),
            areas=parts.get(Areas),
            now=at,
            expected_version=version,
        )

    said = f"The type is now: {parts.get(ServiceList).name_of(service_code)}."
    filled = {"service_code": service_code}
    return _changed(request, db, parts, who, number, at, change, said, "service_code", filled)


@router.post("/merge")
def merge(
    request: Request,
    number: Number,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    other: Annotated[list[str], Form(max_length=50)] = [],  # noqa: B006
) -> Response:
    """Makes the ticked cases duplicates of this one; their citizens hear under which number it goes on."""
    into = queries.read(db, who, number)
    done = commands.each(
        db,
        other,
        lambda one: commands.move(
            db,
            who,
            one,
            Status.DUPLICATE,
            services=parts.get(ServiceList),
            say=parts.text,
            town=parts.settings.town,
            now=at,
            duplicate_of=into.service_request_id,
        ),
    )
    failed = [f"{one.number}: {one.error.detail}" for one in done if one.error]
    said = " ".join([f"{len(done) - len(failed)} merged into this one.", *failed])
    return go(request, _address(number), said if done else "No case was ticked.")


def _say_something(text: str) -> None:
    if not text.strip():
        raise Invalid("Write something first.")


def _address(number: str) -> str:
    return f"{PATH}/{number.strip().upper()}"


def _changed(
    request: Request,
    db: Session,
    parts: Services,
    who: Official,
    number: str,
    at: datetime,
    change: Callable[[], object],
    said: str,
    field: str,
    filled: dict[str, Any],
) -> Response:
    """Does it and shows the case again; a refusal is shown beside what was typed, which is kept."""
    try:
        with db.begin_nested():
            change()
    except ChangedMeanwhile:
        found = queries.read(db, who, number)
        reads.note_case_in(db, who, found, at)
        return _page(request, db, parts, who, found, at, status=409, filled=filled, overtaken=True)
    except (Invalid, Conflict) as error:
        found = queries.read(db, who, number)
        reads.note_case_in(db, who, found, at)
        errors = {_field(error, field): f"{error.detail} {error.remedy}".strip()}
        return _page(request, db, parts, who, found, at, status=error.status, filled=filled, errors=errors)
    try:
        queries.read(db, who, number)
    except UnknownServiceRequest:
        return go(request, PATH, f"{said} It is the business of another department now.")
    return go(request, _address(number), said)


def _field(error: FolkmootError, usual: str) -> str:
    return str(error.params.get("field") or usual)


def _page(
    request: Request,
    db: Session,
    parts: Services,
    who: Official,
    found: ServiceRequest,
    at: datetime,
    status: int = 200,
    **more: Any,
) -> Response:
    services = parts.get(ServiceList)
    town = parts.settings.town
    detail = schemas.detail_out(
        found,
        services,
        list(queries.photos(db, found)),
        queries.number_of(db, found.duplicate_of),
        _address(found.service_request_id),
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
        alerts=alerts.on(db, [found.id]),
        verdicts=verdicts.ratings_of(db, found),
        today=at.date(),
        overtaken=more.pop("overtaken", False),
        contact=open311.contact_with(db, who, found),
        contact_shown=more.pop("contact", False),
        base=PATH,
        address=_address(found.service_request_id),
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
