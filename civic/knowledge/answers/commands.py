"""An official answers once: everybody who asked the same is told, and, approved, all who ask from now on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.accounts.rules import Role
from civic.audit.commands import record
from civic.audit.rules import Detail
from civic.conversation.types import Reply
from civic.delivery.commands import tell
from civic.kit.ids import new_id
from civic.kit.personal_data import find
from civic.knowledge import commands
from civic.knowledge.answers import queries
from civic.knowledge.answers.models import OfficialAnswer
from civic.knowledge.errors import AnsweredAlready, DecidedAlready, NotOpen, OwnAnswer, PublicWordingNeeded
from civic.knowledge.importing.types import Block, ImportedDocument, tidy
from civic.knowledge.index import Encoder
from civic.knowledge.models import Document, Question
from civic.knowledge.prepare import prepare

Say = Callable[..., str]


@dataclass(frozen=True)
class Given:
    """What an official answers; with `question`, its public wording, it is proposed for the knowledge."""

    text: str
    question: str | None = None
    section: str | None = None
    valid_until: date | None = None


def answer(
    session: Session,
    official: Official,
    question_id: str,
    given: Given,
    *,
    also: Collection[str],
    say: Say,
    town: str,
    region: str,
    now: datetime,
) -> OfficialAnswer:
    """Answers a question, and those of `also` that still wait; each citizen is told in their channel.

    Raises `AnsweredAlready` when somebody was faster: a citizen never gets two answers to one question.
    """
    asked = queries.question(session, question_id, for_update=True)
    if asked.state == "answered":
        raise AnsweredAlready(remedy="Read the answer; if it is wrong, revise it.")
    if asked.state != "open":
        raise NotOpen(
            remedy="Only questions that were passed on, or whose answer did not help, are answered."
        )
    if given.question is not None:
        refuse_personal(given.question, region)
    found = OfficialAnswer(
        id=new_id(now),
        state="told" if given.question is None else "proposed",
        question=given.question and tidy(given.question),
        text=given.text,
        section=given.section,
        valid_until=given.valid_until,
        language=asked.language,
        official_id=official.id,
        author=(official.agency or town)[:120],
        created_at=now,
        told=0,
    )
    session.add(found)
    session.flush()
    waiting = [asked, *(one for one in queries.open_among(session, also) if one.id != asked.id)]
    for one in waiting:
        found.told += _tell(session, found, one, say, now)
        one.state, one.answer_id, one.answered_at = "answered", found.id, now
    details: dict[str, Detail] = {
        "answer_id": found.id,
        "questions": len(waiting),
        "proposed": given.question is not None,
    }
    record(session, official, "official:answer:question", asked.id, details, now)
    return found


def _tell(session: Session, found: OfficialAnswer, question: Question, say: Say, now: datetime) -> bool:
    """Tells one citizen; who asked the same twice in one conversation is told once."""
    asked = question.text if len(question.text) <= 200 else question.text[:199] + "…"
    words = say("knowledge-official-answer", question.language, asked=asked, answer=found.text)
    return tell(
        session,
        question.conversation_id,
        Reply(text=words, status="question_answered"),
        dedupe_key=f"official-answer:{found.id}",
        now=now,
    )


def refuse_personal(question: str, region: str) -> None:
    """Raises `PublicWordingNeeded` for a public question that is none, or that holds somebody's data."""
    if len(re.findall(r"\w+", question)) < 2:
        raise PublicWordingNeeded(
            "The public question has fewer than two words.", remedy="Write it as anybody could ask it."
        )
    if seen := find(question, region):
        kinds = ", ".join(sorted({one.kind for one in seen}))
        raise PublicWordingNeeded(
            f"The public question holds personal data ({kinds}).", remedy="Write it without them."
        )


def revise(
    session: Session, official: Official, answer_id: str, given: Given, region: str, now: datetime
) -> OfficialAnswer:
    """Changes the wording and proposes it anew; what is in force stays so until that is approved.

    Citizens who were told are not told again.
    """
    found = queries.get(session, answer_id, for_update=True)
    refuse_personal(given.question or "", region)
    found.question, found.text = tidy(given.question or ""), given.text
    found.section, found.valid_until = given.section, given.valid_until
    found.state, found.official_id = "proposed", official.id
    found.decided_by = found.decided_at = found.reason = None
    record(session, official, "official:revise:answer", found.id, None, now)
    return found


def approve(
    session: Session,
    official: Official,
    answer_id: str,
    encoder: Callable[[], Encoder],
    today: date,
    now: datetime,
) -> Document:
    """Makes an answer part of the knowledge: the next version of a document of the format `answer`.

    Raises `OwnAnswer` for who wrote it; only an administrator may, in a town hall of one.
    """
    found = _waiting(session, answer_id)
    if found.official_id == official.id and official.role is not Role.ADMIN:
        raise OwnAnswer(remedy="Ask a colleague to approve it.")
    commands.refuse_past(found.valid_until, today)
    prepared = prepare(_document(found, today), encoder())
    stored = commands.store(session, prepared, source=f"answer:{found.id}", now=now)
    found.state, found.document_id = "approved", stored.document.id
    found.decided_by, found.decided_at = official.id, now
    details: dict[str, Detail] = {"document_id": stored.document.id, "own": found.official_id == official.id}
    record(session, official, "official:approve:answer", found.id, details, now)
    return stored.document


def decline(
    session: Session, official: Official, answer_id: str, reason: str | None, now: datetime
) -> OfficialAnswer:
    """Keeps an answer out of the knowledge; the citizens who were told keep it."""
    found = _waiting(session, answer_id)
    found.state, found.reason = "declined", reason and reason[:300]
    found.decided_by, found.decided_at = official.id, now
    record(session, official, "official:decline:answer", found.id, None, now)
    return found


def _waiting(session: Session, answer_id: str) -> OfficialAnswer:
    found = queries.get(session, answer_id, for_update=True)
    if found.state != "proposed":
        raise DecidedAlready(
            remedy="To change an answer that is in force, revise it, or withdraw its document."
        )
    return found


def _document(found: OfficialAnswer, today: date) -> ImportedDocument:
    question = found.question or ""
    paragraphs = [tidy(part) for part in re.split(r"\n\s*\n", found.text)]
    content = "\n".join([question, found.text, found.section or "", str(found.valid_until)])
    return ImportedDocument(
        key=f"answer-{found.id.lower()}",
        title=question,
        blocks=tuple(Block(text) for text in paragraphs if text),
        format="answer",
        content_hash=hashlib.sha256(content.encode()).hexdigest(),
        section=found.section,
        date=today,
        valid_until=found.valid_until,
        author=found.author,
        language=found.language,
        named=True,
    )
