"""Questions that wait for an official, and answers that wait for approval."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from api.deps import Db, Now, Parts
from api.pages.session import HOME
from api.pages.shell import go, nav, official_on_page, render
from civic.accounts.models import Official
from civic.accounts.rules import Permission
from civic.encoder import SentenceEncoder
from civic.kit.errors import FolkmootError
from civic.kit.services import Services
from civic.knowledge.answers import commands, queries, waiting
from civic.knowledge.answers.commands import Given
from civic.knowledge.parts import today

PATH = f"{HOME}/questions"
router = APIRouter(prefix=PATH, include_in_schema=False)
nav(PATH, "Questions", Permission.QUESTIONS_READ, order=30)

Reader = Annotated[Official, Depends(official_on_page(Permission.QUESTIONS_READ))]
Answerer = Annotated[Official, Depends(official_on_page(Permission.QUESTIONS_ANSWER))]
Approver = Annotated[Official, Depends(official_on_page(Permission.KNOWLEDGE_APPROVE))]


@router.get("")
def open_questions(
    request: Request, _: Reader, db: Db, parts: Parts, reason: Literal["", "passed_on", "unhelpful"] = ""
) -> Response:
    """What waits for an answer, what was asked most often first; and what waits for approval."""
    proposed, total = queries.page(db, "proposed", 50)
    return render(
        request,
        "knowledge_questions.html",
        groups=waiting.waiting(db, parts, reason or None)[:100],
        reason=reason,
        proposed=proposed,
        proposed_total=total,
        base=PATH,
    )


@router.get("/answers/{answer_id}")
def one_answer(request: Request, answer_id: str, who: Reader, db: Db) -> Response:
    """An answer, and whether it should be found by everybody."""
    return _answer(request, db, answer_id)


def _answer(request: Request, db: Session, answer_id: str, **more: Any) -> Response:
    found = queries.get(db, answer_id[:26])
    return render(request, "knowledge_answer.html", answer=found, base=PATH, **more)


@router.post("/answers/{answer_id}/decision")
def decide(
    request: Request,
    answer_id: str,
    who: Approver,
    db: Db,
    parts: Parts,
    at: Now,
    decision: Annotated[Literal["approve", "decline"], Form()] = "decline",
    reason: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Makes the answer part of the knowledge, or keeps it out."""
    if decision == "decline":
        commands.decline(db, who, answer_id[:26], reason.strip() or None, at)
        return go(request, PATH, "The answer stays with the citizens who asked.")
    document = commands.approve(db, who, answer_id[:26], lambda: parts.get(SentenceEncoder), today(parts), at)
    return go(request, f"{HOME}/documents/{document.id}", "From now on everybody who asks gets this answer.")


@router.get("/{question_id}")
def one_question(request: Request, question_id: str, _: Reader, db: Db, parts: Parts) -> Response:
    """A question, those that ask the same, and a form for the answer."""
    return _question(request, db, parts, question_id)


def _question(request: Request, db: Session, parts: Services, question_id: str, **more: Any) -> Response:
    asked = queries.question(db, question_id[:26])
    same = waiting.same_as(db, parts, asked) if asked.state == "open" else []
    return render(
        request,
        "knowledge_question.html",
        asked=asked,
        same=[(one, waiting.redacted(parts, one)) for one in same],
        wording=waiting.redacted(parts, asked),
        answer=queries.get(db, asked.answer_id) if asked.answer_id else None,
        base=PATH,
        **more,
    )


@router.post("/{question_id}/answer")
def answer(
    request: Request,
    question_id: str,
    who: Answerer,
    db: Db,
    parts: Parts,
    at: Now,
    text: Annotated[str, Form(max_length=4000)] = "",
    question: Annotated[str, Form(max_length=300)] = "",
    section: Annotated[str, Form(max_length=120)] = "",
    valid_until: Annotated[str, Form(max_length=20)] = "",
    also: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Tells the citizens, and proposes the answer for the knowledge where a public question is given."""
    filled = {"text": text, "question": question, "section": section, "valid_until": valid_until}
    try:
        last = dt.date.fromisoformat(valid_until) if valid_until.strip() else None
        if not text.strip():
            raise ValueError("text")
        given = Given(text.strip(), question.strip() or None, section.strip() or None, last)
        with db.begin_nested():
            found = commands.answer(
                db,
                who,
                question_id[:26],
                given,
                also=[one[:26] for one in also or []],
                say=parts.text,
                town=parts.settings.town,
                region=parts.settings.region,
                now=at,
            )
    except ValueError as error:
        wrong = {"text": "Write an answer."} if str(error) == "text" else {"valid_until": "Write a day."}
        return _question(request, db, parts, question_id, errors=wrong, filled=filled, status=422)
    except FolkmootError as error:
        where = "question" if error.code == "public_wording_needed" else "form"
        errors = {where: f"{error.detail} {error.remedy}".strip()}
        return _question(request, db, parts, question_id, errors=errors, filled=filled, status=error.status)
    citizens = "1 citizen was told" if found.told == 1 else f"{found.told} citizens were told"
    more = " It waits for approval." if found.state == "proposed" else ""
    return go(request, PATH, f"{citizens}.{more}")
