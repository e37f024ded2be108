"""Questions that the assistant could not answer well, and the documents it answers from."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import Db, Page, Paging, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.knowledge import queries
from civic.knowledge.answering import Status
from civic.knowledge.errors import UnknownDocument, UnknownQuestion
from civic.knowledge.models import Document

router = APIRouter(tags=["Questions"])

Reader = Annotated[Official, Depends(official_with(Permission.QUESTIONS_READ))]

State = Literal["none", "open", "answered"]
Reason = Literal["unhelpful", "passed_on"]


class QuestionOut(BaseModel):
    """What a citizen asked, and what the assistant made of it."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "text": "Can I have a bonfire in my back garden?",
                "language": "en",
                "status": "unanswerable_no_source",
                "state": "open",
                "reason": "passed_on",
                "helpful": None,
                "score": 0.31,
                "quote": None,
                "document_id": None,
                "asked_at": "2026-03-02T12:00:00Z",
                "opened_at": "2026-03-02T12:01:00Z",
            }
        },
    )

    id: str
    text: str
    language: str
    status: Status = Field(description="What the citizen was told.")
    state: State = Field(description="`open`: somebody should look at it.")
    reason: Reason | None = Field(description="Why it is open.")
    helpful: bool | None = Field(description="The citizen's rating of the answer, if any.")
    score: float | None = Field(description="How sure the assistant was, from 0 to 1.")
    quote: str | None = Field(description="The words that were quoted as the answer.")
    document_id: str | None = Field(description="The document version they were quoted from.")
    asked_at: dt.datetime
    opened_at: dt.datetime | None


class QuestionFilter(Paging):
    """Which questions are wanted, newest first."""

    state: State | Literal["all"] = Field("open", description="`all` for every question that was asked.")
    reason: Reason | None = None
    status: Status | None = None
    since: AwareDatetime | None = Field(None, description="Asked at this time or later.")
    until: AwareDatetime | None = Field(None, description="Asked before this time.")
    search: str | None = Field(None, max_length=200, description="Words in the question or in the quote.")


class DocumentOut(BaseModel):
    """A document in force."""

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
                "format": "markdown",
                "state": "current",
                "passage_count": 9,
                "imported_at": "2026-03-02T12:00:00Z",
                "page": "https://talk.example.org/documents/01JD9ZK6W3Q8V5T2N7M4X0B1CE",
            }
        },
    )

    id: str
    key: str
    version: int
    title: str
    section: str | None
    date: dt.date | None
    format: str
    state: Literal["current", "replaced", "removed"]
    passage_count: int
    imported_at: dt.datetime
    page: str = Field(description="Where everybody can read it.")


@router.get("/questions", summary="List questions", responses=documented(401, 403, 422))
def list_questions(_: Reader, db: Db, wanted: Annotated[QuestionFilter, Query()]) -> Page[QuestionOut]:
    """Questions that were passed on or whose answer did not help; with `state=all` every question."""
    rows, total = queries.questions(
        db,
        queries.QuestionFilter(
            state=None if wanted.state == "all" else wanted.state,
            reason=wanted.reason,
            status=wanted.status,
            since=wanted.since,
            until=wanted.until,
            search=wanted.search,
        ),
        limit=wanted.limit,
        offset=wanted.offset,
    )
    items = [QuestionOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=wanted.limit, offset=wanted.offset)


@router.get("/questions/{question_id}", summary="Read a question", responses=documented(401, 403, 404))
def read_question(question_id: str, _: Reader, db: Db) -> QuestionOut:
    """One question."""
    found = queries.any_question(db, question_id)
    if found is None:
        raise UnknownQuestion
    return QuestionOut.model_validate(found)


class DocumentFilter(Paging):
    """Which documents are wanted."""

    search: str | None = Field(None, max_length=200, description="Words in the title.")


@router.get("/documents", summary="List documents", responses=documented(401, 403, 422))
def list_documents(
    _: Reader, db: Db, parts: Parts, wanted: Annotated[DocumentFilter, Query()]
) -> Page[DocumentOut]:
    """The documents in force, by department and title."""
    found = queries.current_documents(db, wanted.search)
    shown = found[wanted.offset : wanted.offset + wanted.limit]
    return Page(
        items=[_document(one, parts.settings.site) for one in shown],
        total=len(found),
        limit=wanted.limit,
        offset=wanted.offset,
    )


@router.get("/documents/{document_id}", summary="Read about a document", responses=documented(401, 403, 404))
def read_document(document_id: str, _: Reader, db: Db, parts: Parts) -> DocumentOut:
    """One document version by its id, or the version in force by its key."""
    found = queries.document(db, document_id)
    if found is None:
        raise UnknownDocument
    return _document(found, parts.settings.site)


def _document(document: Document, site: str) -> DocumentOut:
    values = {name: getattr(document, name) for name in DocumentOut.model_fields if name != "page"}
    return DocumentOut(**values, page=f"{site}/documents/{document.id}")
