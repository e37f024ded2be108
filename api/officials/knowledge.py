"""Questions that the assistant could not answer well, what officials answer, and the coverage."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.deps import Db, Now, Page, Paging, Parts, official_with
from api.problems import documented
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.knowledge import coverage, queries
from civic.knowledge.answering import Status
from civic.knowledge.answers import commands, waiting
from civic.knowledge.answers import queries as answers
from civic.knowledge.answers.commands import Given
from civic.knowledge.encoding import Encoding
from civic.knowledge.errors import UnknownQuestion
from civic.knowledge.parts import today

router = APIRouter(tags=["Questions"])

Reader = Annotated[Official, Depends(official_with(Permission.QUESTIONS_READ))]
Answerer = Annotated[Official, Depends(official_with(Permission.QUESTIONS_ANSWER))]
Approver = Annotated[Official, Depends(official_with(Permission.KNOWLEDGE_APPROVE))]

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
                "answer_id": None,
                "answered_at": None,
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
    answer_id: str | None = Field(description="The official's answer, if there is one.")
    answered_at: dt.datetime | None


class QuestionFilter(Paging):
    """Which questions are wanted, newest first."""

    state: State | Literal["all"] = Field("open", description="`all` for every question that was asked.")
    reason: Reason | None = None
    status: Status | None = None
    since: AwareDatetime | None = Field(None, description="Asked at this time or later.")
    until: AwareDatetime | None = Field(None, description="Asked before this time.")
    search: str | None = Field(None, max_length=200, description="Words in the question or in the quote.")


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


class GroupOut(BaseModel):
    """Questions that mean the same."""

    wording: str = Field(
        description="The one that stands for all, without personal data.",
        examples=["Is there a zoo in town?"],
    )
    citizens: int = Field(description="From how many conversations they come.", examples=[3])
    question_ids: list[str]


@router.get("/question-groups", summary="List open questions by meaning", responses=documented(401, 403))
def list_groups(_: Reader, db: Db, parts: Parts, reason: Reason | None = None) -> list[GroupOut]:
    """Open questions that ask the same, together; what was asked most often comes first."""
    return [_group(one) for one in waiting.waiting(db, parts, reason)]


def _group(group: waiting.Group) -> GroupOut:
    ids = [one.id for one in group.questions]
    return GroupOut(wording=group.wording, citizens=group.citizens, question_ids=ids)


class PublicIn(BaseModel):
    """The wording with which an answer may become part of the knowledge."""

    model_config = ConfigDict(str_strip_whitespace=True)

    question: str = Field(
        min_length=3,
        max_length=300,
        description="As anybody could ask it. What the citizen wrote is never published.",
        examples=["Is there a zoo in Marlow Vale?"],
    )
    section: str | None = Field(None, max_length=120, examples=["Parks and Open Spaces"])
    valid_until: dt.date | None = Field(None, description="The last day on which it is found.")


class AnswerIn(BaseModel):
    """What the citizen is told."""

    model_config = ConfigDict(str_strip_whitespace=True)

    text: str = Field(
        min_length=1, max_length=4000, examples=["No. The nearest one is in Hartwell, half an hour by train."]
    )
    public: PublicIn | None = Field(None, description="Proposes the answer for the knowledge.")
    also: list[str] | None = Field(
        None,
        max_length=500,
        description="Other open questions that it answers; left out: all that ask the same.",
    )


class RevisionIn(PublicIn):
    """A better wording."""

    text: str = Field(min_length=1, max_length=4000, examples=["No. The nearest one is in Hartwell."])


class DecisionIn(BaseModel):
    """Whether it becomes part of the knowledge."""

    model_config = ConfigDict(str_strip_whitespace=True)

    approved: bool = Field(examples=[True])
    reason: str | None = Field(None, max_length=300, description="Why not.")


AnswerState = Literal["told", "proposed", "approved", "declined"]


class AnswerOut(BaseModel):
    """What an official answered."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CF",
                "state": "proposed",
                "question": "Is there a zoo in Marlow Vale?",
                "text": "No. The nearest one is in Hartwell, half an hour by train.",
                "section": "Parks and Open Spaces",
                "valid_until": None,
                "author": "Parks",
                "official_id": "01JD9ZK6W3Q8V5T2N7M4X0B1AA",
                "created_at": "2026-03-02T12:00:00Z",
                "told": 3,
                "decided_by": None,
                "decided_at": None,
                "reason": None,
                "document_id": None,
            }
        },
    )

    id: str
    state: AnswerState = Field(description="`told`: only the citizens who asked know it.")
    question: str | None = Field(description="The public wording.")
    text: str
    section: str | None
    valid_until: dt.date | None
    author: str = Field(description="The office that is named when it is quoted.")
    official_id: str
    created_at: dt.datetime
    told: int = Field(description="How many citizens were told.")
    decided_by: str | None
    decided_at: dt.datetime | None
    reason: str | None
    document_id: str | None = Field(description="The document that it became.")


class AnswerFilter(Paging):
    """Which answers are wanted, newest first."""

    state: AnswerState | None = None


@router.post(
    "/questions/{question_id}/answer",
    status_code=201,
    summary="Answer a question",
    responses=documented(401, 403, 404, 409, 422),
)
def answer_question(
    question_id: str, said: AnswerIn, caller: Answerer, db: Db, parts: Parts, at: Now
) -> AnswerOut:
    """Tells every citizen who asked this, each in their channel; with `public` it waits for approval."""
    also = said.also
    if also is None:
        asked = answers.question(db, question_id)
        also = [one.id for one in waiting.same_as(db, parts, asked)]
    given = Given(said.text)
    if said.public is not None:
        given = Given(said.text, said.public.question, said.public.section, said.public.valid_until)
    found = commands.answer(
        db,
        caller,
        question_id,
        given,
        also=also,
        say=parts.text,
        town=parts.settings.town,
        region=parts.settings.region,
        now=at,
    )
    return AnswerOut.model_validate(found)


@router.get("/answers", summary="List officials' answers", responses=documented(401, 403, 422))
def list_answers(_: Reader, db: Db, wanted: Annotated[AnswerFilter, Query()]) -> Page[AnswerOut]:
    """Answers, newest first; `state=proposed` are those that wait for approval."""
    rows, total = answers.page(db, wanted.state, wanted.limit, wanted.offset)
    items = [AnswerOut.model_validate(row) for row in rows]
    return Page(items=items, total=total, limit=wanted.limit, offset=wanted.offset)


@router.get("/answers/{answer_id}", summary="Read an answer", responses=documented(401, 403, 404))
def read_answer(answer_id: str, _: Reader, db: Db) -> AnswerOut:
    """One answer."""
    return AnswerOut.model_validate(answers.get(db, answer_id))


@router.put("/answers/{answer_id}", summary="Revise an answer", responses=documented(401, 403, 404, 422))
def revise_answer(
    answer_id: str, better: RevisionIn, caller: Answerer, db: Db, parts: Parts, at: Now
) -> AnswerOut:
    """Proposes a better wording; the one in force stays until this is approved. Nobody is told again."""
    given = Given(better.text, better.question, better.section, better.valid_until)
    return AnswerOut.model_validate(commands.revise(db, caller, answer_id, given, parts.settings.region, at))


@router.post(
    "/answers/{answer_id}/decision",
    summary="Approve or decline an answer",
    responses=documented(401, 403, 404, 409, 422),
)
def decide_answer(
    answer_id: str, decision: DecisionIn, caller: Approver, db: Db, parts: Parts, at: Now
) -> AnswerOut:
    """Approved, it is a document: the next citizen who asks gets it with its source."""
    if decision.approved:
        commands.approve(db, caller, answer_id, parts.get(Encoding).current, today(parts), at)
    else:
        commands.decline(db, caller, answer_id, decision.reason, at)
    return AnswerOut.model_validate(answers.get(db, answer_id))


class CountsOut(BaseModel):
    """How many questions, and what became of them."""

    model_config = ConfigDict(from_attributes=True)

    asked: int = Field(examples=[120])
    answered: int = Field(description="A document answered.", examples=[90])
    refused: int = Field(description="No document answered.", examples=[22])
    aside: int = Field(
        description="Asked back, or not for documents (an emergency, personal data).", examples=[8]
    )
    helpful: int = Field(examples=[40])
    unhelpful: int = Field(examples=[6])
    open: int = Field(description="Waits for an official.", examples=[4])
    answered_by_officials: int = Field(examples=[9])


class TopicOut(CountsOut):
    """The same for one topic."""

    topic: str | None = Field(
        description="Section of the document that answered; empty: it has none; null: none answered.",
        examples=["Parking and Highways"],
    )


class CoverageOut(BaseModel):
    """What was asked in a period."""

    total: CountsOut
    topics: list[TopicOut]
    unanswered: list[GroupOut] = Field(description="What was not answered, or not well, by meaning.")


@router.get("/coverage", summary="Read the coverage", responses=documented(401, 403, 422))
def read_coverage(
    _: Reader,
    db: Db,
    parts: Parts,
    since: Annotated[AwareDatetime | None, Query(description="Asked at this time or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Asked before this time.")] = None,
) -> CoverageOut:
    """What was asked, answered, refused and unhelpful, by topic."""
    found = coverage.coverage(db, parts, since, until)
    return CoverageOut(
        total=CountsOut.model_validate(found.total),
        topics=[TopicOut(topic=topic, **counts.__dict__) for topic, counts in found.topics],
        unanswered=[_group(one) for one in found.unanswered],
    )
