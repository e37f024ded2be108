"""The documents that answers come from: uploaded, replaced, ended, brought back, and looked through."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, UploadFile
from pydantic import BaseModel, ConfigDict, Field

from api.deps import Db, Now, Page, Paging, Parts, official_with, slow_official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.kit.db import read_session
from civic.kit.services import Services
from civic.knowledge import commands, duplicates, jobs, queries, uploads
from civic.knowledge.encoding import Encoding
from civic.knowledge.errors import UnknownDocument
from civic.knowledge.models import Document
from civic.knowledge.parts import today
from civic.knowledge.validity import WARNED_BEFORE, Ending, ending

router = APIRouter(tags=["Documents"])

Reader = Annotated[Official, Depends(official_with(Permission.QUESTIONS_READ))]
Worker = Annotated[Official, Depends(official_with(Permission.KNOWLEDGE_WORK))]
# Before the database is held: encoding a long document takes seconds.
SlowWorker = Annotated[Official, Depends(slow_official_with(Permission.KNOWLEDGE_WORK))]

State = Literal["current", "replaced", "removed", "expired"]


class DocumentOut(BaseModel):
    """One version of a document."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "key": "parking-permits",
                "version": 2,
                "title": "Residents' and visitors' parking permits",
                "section": "Parking and Highways",
                "date": "2025-06-02",
                "valid_until": "2026-05-31",
                "ending": "no",
                "author": None,
                "format": "markdown",
                "state": "current",
                "reason": None,
                "passage_count": 9,
                "quoted": 41,
                "imported_at": "2026-03-02T12:00:00Z",
                "ended_at": None,
                "page": "https://talk.example.org/documents/01JD9ZK6W3Q8V5T2N7M4X0B1CE",
            }
        },
    )

    id: str
    key: str = Field(description="The name that all versions share.")
    version: int
    title: str
    section: str | None
    date: dt.date | None
    valid_until: dt.date | None = Field(description="The last day on which it is found.")
    ending: Ending = Field(description="`soon`: within 30 days; `over`: its last day is past.")
    author: str | None
    format: str
    state: State
    reason: str | None = Field(description="Why it was withdrawn.")
    passage_count: int
    quoted: int = Field(description="In how many answers it was quoted.")
    imported_at: dt.datetime
    ended_at: dt.datetime | None
    page: str = Field(description="Where everybody can read it.")


class DocumentFilter(Paging):
    """Which documents are wanted."""

    state: State | Literal["all"] = Field("current", description="`all` for every version.")
    search: str | None = Field(None, max_length=200, description="Words in the title.")
    format: str | None = Field(None, max_length=16, description="Such as `pdf` or `answer`.")
    ending: bool = Field(False, description="Only those whose last day comes within 30 days.")


class PassageOut(BaseModel):
    """A passage: what is found, quoted and linked to."""

    ordinal: int
    heading: list[str]
    page: int | None
    text: str = Field(examples=["A second permit for the same household costs £95 a year."])
    quoted: int = Field(description="In how many answers it was quoted.", examples=[12])


class NearOut(BaseModel):
    """One of two passages."""

    document_id: str
    title: str
    passage: int
    text: str


class DuplicateOut(BaseModel):
    """Two passages that say nearly the same in nearly the same words."""

    cosine: float = Field(description="How near they are in meaning, up to 1.", examples=[0.94])
    overlap: float = Field(description="Which share of the shorter one stands in the other.")
    passages: list[NearOut]


class UploadOut(BaseModel):
    """What became of an uploaded file."""

    added: int
    replaced: int
    unchanged: int
    problems: list[str] = Field(description="A sentence for each part that could not be read.")
    documents: list[DocumentOut]
    duplicates: list[DuplicateOut] = Field(description="What these documents say that others say too.")


class WithdrawalIn(BaseModel):
    """Why it should be found no more."""

    model_config = ConfigDict(str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=300, examples=["The scheme ended."])


class ValidityIn(BaseModel):
    """The last day on which it is found; null for no end."""

    valid_until: dt.date | None = Field(examples=["2026-12-31"])


@router.get("/documents", summary="List documents", responses=documented(401, 403, 422))
def list_documents(
    _: Reader, db: Db, parts: Parts, wanted: Annotated[DocumentFilter, Query()]
) -> Page[DocumentOut]:
    """The documents in force, by department and title; or those of another state."""
    rows, total = queries.documents(
        db,
        queries.DocumentFilter(
            state=None if wanted.state == "all" else wanted.state,
            search=wanted.search,
            format=wanted.format,
            ends_before=today(parts) + WARNED_BEFORE if wanted.ending else None,
        ),
        limit=wanted.limit,
        offset=wanted.offset,
    )
    quoted = queries.quoted(db, [row.id for row in rows])
    items = [document_out(row, parts, sum(quoted.get(row.id, {}).values())) for row in rows]
    return Page(items=items, total=total, limit=wanted.limit, offset=wanted.offset)


@router.post(
    "/documents", status_code=201, summary="Upload a document", responses=documented(401, 403, 409, 422)
)
def upload_document(
    caller: SlowWorker,
    parts: Parts,
    file: UploadFile,
    name: Annotated[str | None, Form(alias="id", max_length=120, description="The document's id.")] = None,
) -> UploadOut:
    """Puts a file into force, as a new document or as the next version of the one with its id.

    It is taken whole or not at all; the earlier version is found until the new one is complete.
    """
    result = uploads.upload(parts, caller, file.filename or "", file.file, name=name)
    with read_session(parts.sessions) as session:
        rows = [session.get_one(Document, each) for each in result.documents]
        near = duplicates.pairs(queries.searchable(session), result.documents) if rows else []
    return UploadOut(
        added=result.added,
        replaced=result.replaced,
        unchanged=result.unchanged,
        problems=result.problems,
        documents=[document_out(row, parts) for row in rows],
        duplicates=[duplicate_out(pair) for pair in near[:20]],
    )


@router.get("/documents/{document_id}", summary="Read about a document", responses=documented(401, 403, 404))
def read_document(document_id: str, _: Reader, db: Db, parts: Parts) -> DocumentOut:
    """One document version by its id, or the version in force by its key."""
    found = _found(queries.document(db, document_id))
    return document_out(found, parts, sum(queries.quoted(db, [found.id]).get(found.id, {}).values()))


@router.get(
    "/documents/{document_id}/versions",
    summary="List a document's versions",
    responses=documented(401, 403, 404),
)
def list_versions(document_id: str, _: Reader, db: Db, parts: Parts) -> list[DocumentOut]:
    """All versions, the newest first; each can be read and brought back."""
    rows = queries.versions(db, _found(queries.document(db, document_id)).key)
    quoted = queries.quoted(db, [row.id for row in rows])
    return [document_out(row, parts, sum(quoted.get(row.id, {}).values())) for row in rows]


@router.get(
    "/documents/{document_id}/passages",
    summary="List a document's passages",
    responses=documented(401, 403, 404),
)
def list_passages(document_id: str, _: Reader, db: Db) -> list[PassageOut]:
    """The passages in order, and how often each was quoted."""
    found = _found(queries.document(db, document_id))
    quoted = queries.quoted(db, [found.id]).get(found.id, {})
    return [
        PassageOut(
            ordinal=one.ordinal,
            heading=one.heading,
            page=one.page,
            text=one.text,
            quoted=quoted.get(one.ordinal, 0),
        )
        for one in queries.passages(db, found.id)
    ]


@router.patch(
    "/documents/{document_id}",
    summary="Change until when it is found",
    responses=documented(401, 403, 404, 422),
)
def change_validity(
    document_id: str, change: ValidityIn, caller: Worker, db: Db, parts: Parts, at: Now
) -> DocumentOut:
    """From the day after on nothing is answered from it."""
    last = change.valid_until
    return document_out(commands.set_last_day(db, caller, document_id, last, today(parts), at), parts)


@router.post(
    "/documents/{document_id}/withdrawal",
    summary="Withdraw a document",
    responses=documented(401, 403, 404, 422),
)
def withdraw_document(
    document_id: str, why: WithdrawalIn, caller: Worker, db: Db, parts: Parts, at: Now
) -> DocumentOut:
    """Nothing is answered from it any more, at once; what was quoted stays readable."""
    return document_out(commands.remove(db, document_id, at, reason=why.reason, actor=caller), parts)


@router.post(
    "/documents/{document_id}/restoration",
    status_code=201,
    summary="Bring a version back",
    responses=documented(401, 403, 404, 409, 422),
)
def restore_document(
    document_id: str, caller: SlowWorker, parts: Parts, until: ValidityIn | None = None
) -> DocumentOut:
    """Puts the text of an earlier, withdrawn or expired version into force, as the next version."""
    document = jobs.restore(
        parts.sessions,
        parts.get(Encoding).current,
        caller,
        document_id,
        parts.clock,
        parts.settings.time_zone,
        until.valid_until if until else None,
    )
    return document_out(document, parts)


@router.get("/duplicates", summary="List near-identical passages", responses=documented(401, 403))
def list_duplicates(_: Reader, db: Db) -> list[DuplicateOut]:
    """Passages in force that say nearly the same in nearly the same words, the likest first."""
    return [duplicate_out(pair) for pair in duplicates.pairs(queries.searchable(db))[:200]]


def _found(document: Document | None) -> Document:
    if document is None:
        raise UnknownDocument
    return document


def document_out(document: Document, parts: Services, quoted: int = 0) -> DocumentOut:
    """A version as the API shows it."""
    made = {"page", "ending", "quoted"}
    values = {name: getattr(document, name) for name in DocumentOut.model_fields if name not in made}
    return DocumentOut.model_validate(
        {
            **values,
            "page": f"{parts.settings.site}/documents/{document.id}",
            "ending": ending(document.valid_until, today(parts)),
            "quoted": quoted,
        }
    )


def duplicate_out(pair: duplicates.Pair) -> DuplicateOut:
    """Two passages as the API shows them."""
    return DuplicateOut(
        cosine=round(pair.cosine, 3),
        overlap=round(pair.overlap, 3),
        passages=[
            NearOut(document_id=one.document_id, title=one.title, passage=one.ordinal, text=one.text)
            for one in (pair.one, pair.other)
        ],
    )
