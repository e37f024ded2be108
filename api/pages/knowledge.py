"""The documents on the officials' pages: the list, each with its passages, and what is done with it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import Response
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages.session import HOME
from api.pages.shell import go, nav, official_on_page, render, slow_official_on_page
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.encoder import SentenceEncoder
from civic.kit.db import read_session
from civic.kit.errors import FolkmootError
from civic.kit.services import Services
from civic.knowledge import commands, duplicates, jobs, queries, uploads
from civic.knowledge.errors import AlreadyOver, UnknownDocument
from civic.knowledge.parts import today
from civic.knowledge.validity import WARNED_BEFORE, ending

PATH = f"{HOME}/documents"
router = APIRouter(prefix=PATH, include_in_schema=False)
nav(PATH, "Documents", Permission.QUESTIONS_READ, order=40)

Reader = Annotated[Official, Depends(official_on_page(Permission.QUESTIONS_READ))]
Worker = Annotated[Official, Depends(official_on_page(Permission.KNOWLEDGE_WORK))]


# Before the database is held: encoding a long document takes seconds.
SlowWorker = Annotated[Official, Depends(slow_official_on_page(Permission.KNOWLEDGE_WORK))]

Shown = Literal["current", "ending", "removed", "expired", "answers"]
VIEWS: dict[Shown, str] = {
    "current": "In force",
    "ending": "Ending soon",
    "answers": "Officials' answers",
    "expired": "Expired",
    "removed": "Withdrawn",
}
ON_A_PAGE = 50


@router.get("")
def all_documents(
    request: Request,
    _: Reader,
    db: Db,
    parts: Parts,
    view: Shown = "current",
    search: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """The documents with their state, and a form for a new one."""
    return _list(request, db, parts, view, search, page)


def _list(
    request: Request,
    db: Session,
    parts: Services,
    view: Shown = "current",
    search: str = "",
    page: int = 1,
    **more: Any,
) -> Response:
    day = today(parts)
    wanted = queries.DocumentFilter(
        state=view if view in ("expired", "removed") else "current",
        search=search or None,
        format="answer" if view == "answers" else None,
        ends_before=day + WARNED_BEFORE if view == "ending" else None,
    )
    rows, total = queries.documents(db, wanted, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    quoted = queries.quoted(db, [row.id for row in rows])
    soon = queries.DocumentFilter(ends_before=day + WARNED_BEFORE)
    return render(
        request,
        "knowledge_documents.html",
        documents=rows,
        quoted={key: sum(counts.values()) for key, counts in quoted.items()},
        endings={row.id: ending(row.valid_until, day) for row in rows},
        total=total,
        soon=queries.documents(db, soon, limit=1)[1],
        view=view,
        views=VIEWS,
        search=search,
        page=page,
        pages=max(1, -(-total // ON_A_PAGE)),
        link=lambda **to: "?" + urlencode({"view": view, "search": search, **to}),
        base=PATH,
        largest=parts.settings.max_document_megabytes,
        **more,
    )


@router.post("")
def upload(
    request: Request,
    who: SlowWorker,
    parts: Parts,
    file: Annotated[UploadFile | None, Form()] = None,
    name: Annotated[str, Form(max_length=120)] = "",
) -> Response:
    """Puts a file into force."""
    if file is None or not file.filename:
        return _refused(request, parts, {"file": "Choose a file."}, name)
    try:
        result = uploads.upload(parts, who, file.filename, file.file, name=name.strip() or None)
    except FolkmootError as error:
        return _refused(request, parts, {"file": f"{error.detail} {error.remedy}".strip()}, name)
    said = f"{result.added} added, {result.replaced} replaced, {result.unchanged} unchanged."
    if result.problems:
        said += f" {len(result.problems)} parts could not be read, the first: {result.problems[0]}"
    where = f"{PATH}/{result.documents[0]}" if len(result.documents) == 1 else PATH
    return go(request, where, said)


def _refused(request: Request, parts: Services, errors: dict[str, str], name: str) -> Response:
    with read_session(parts.sessions) as session:
        return _list(request, session, parts, errors=errors, filled={"name": name}, status=422)


@router.get("/{document_id}")
def one_document(request: Request, document_id: str, _: Reader, db: Db, parts: Parts) -> Response:
    """A version with its passages, how often each was quoted, what is nearly the same, and all versions."""
    return _document(request, db, parts, document_id)


def _document(request: Request, db: Session, parts: Services, document_id: str, **more: Any) -> Response:
    document = queries.document(db, document_id[:120])
    if document is None:
        raise UnknownDocument
    near: dict[int, list[Any]] = {}
    if document.state == "current":
        for pair in duplicates.pairs(queries.searchable(db), {document.id}):
            for here, there in ((pair.one, pair.other), (pair.other, pair.one)):
                if here.document_id == document.id:
                    near.setdefault(here.ordinal, []).append((there, pair))
    return render(
        request,
        "knowledge_document.html",
        document=document,
        ending=ending(document.valid_until, today(parts)),
        passages=queries.passages(db, document.id),
        quoted=queries.quoted(db, [document.id]).get(document.id, {}),
        near=near,
        versions=queries.versions(db, document.key),
        base=PATH,
        **more,
    )


@router.post("/{document_id}/withdraw")
def withdraw(
    request: Request,
    document_id: str,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Nothing is answered from it any more."""
    if not reason.strip():
        errors = {"reason": "Write why: whoever looks for it later wants to know."}
        return _document(request, db, parts, document_id, errors=errors, status=422)
    document = commands.remove(db, document_id[:120], at, reason=reason.strip(), actor=who)
    return go(request, f"{PATH}/{document.id}", "It is withdrawn: nothing is answered from it any more.")


@router.post("/{document_id}/validity")
def validity(
    request: Request,
    document_id: str,
    who: Worker,
    db: Db,
    parts: Parts,
    at: Now,
    valid_until: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Changes the last day."""
    try:
        last = dt.date.fromisoformat(valid_until.strip()) if valid_until.strip() else None
        commands.set_last_day(db, who, document_id[:120], last, today(parts), at)
    except (ValueError, AlreadyOver) as error:
        problem = error.detail if isinstance(error, FolkmootError) else "Write a day as 2026-12-31."
        return _document(
            request,
            db,
            parts,
            document_id,
            errors={"valid_until": problem},
            filled={"valid_until": valid_until},
            status=422,
        )
    return go(request, f"{PATH}/{document_id}", "The last day is changed.")


@router.post("/{document_id}/restore")
def restore(request: Request, document_id: str, who: SlowWorker, parts: Parts) -> Response:
    """Puts this version into force again."""
    document = jobs.restore(
        parts.sessions,
        lambda: parts.get(SentenceEncoder),
        who,
        document_id[:26],
        parts.clock,
        parts.settings.time_zone,
    )
    return go(request, f"{PATH}/{document.id}", f"It is in force again, as version {document.version}.")
