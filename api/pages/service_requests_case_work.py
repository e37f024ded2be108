"""What an official does to a case, from its page: step, reply, note, assign, correct, merge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages.cases import PRIORITY_WORDS, STATUS_WORDS
from api.pages.service_requests import PATH, Worker
from api.pages.service_requests_case import Number, address_of, page
from api.pages.shell import go
from civic.accounts.models import Official
from civic.kit.errors import Conflict, FolkmootError, Invalid
from civic.kit.services import Services
from civic.service_requests import commands as cases
from civic.service_requests import queries, schemas
from civic.service_requests.areas import Areas
from civic.service_requests.desk import commands, reads
from civic.service_requests.errors import ChangedMeanwhile, UnknownServiceRequest
from civic.service_requests.rules import Priority, Status
from civic.service_requests.services import ServiceList

router = APIRouter(prefix=PATH + "/{number}", include_in_schema=False)

Version = Annotated[int, Form(ge=0)]
Words = Annotated[str, Form(max_length=schemas.TEXT_LIMIT)]


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
    return go(request, f"{address_of(number)}#done", said if done else "No case was ticked.")


def _say_something(text: str) -> None:
    if not text.strip():
        raise Invalid("Write something first.")


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
        return page(request, db, parts, who, found, at, status=409, filled=filled, overtaken=True)
    except (Invalid, Conflict) as error:
        found = queries.read(db, who, number)
        reads.note_case_in(db, who, found, at)
        errors = {_field(error, field): f"{error.detail} {error.remedy}".strip()}
        return page(request, db, parts, who, found, at, status=error.status, filled=filled, errors=errors)
    try:
        queries.read(db, who, number)
    except UnknownServiceRequest:
        return go(request, PATH, f"{said} It is the business of another department now.")
    return go(request, f"{address_of(number)}#done", said)


def _field(error: FolkmootError, usual: str) -> str:
    return str(error.params.get("field") or usual)
