"""Answers as messages: the words come from the catalogue, the quote from the document."""

from __future__ import annotations

from urllib.parse import quote as url_quote

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Citation, Reply
from civic.kit.services import Services
from civic.knowledge.answering import Answer, Status
from civic.knowledge.models import Document, Question


def answer_replies(
    session: Session, services: Services, answer: Answer, question: Question, *, buttons: bool
) -> list[Reply]:
    """The answer with its source and the question whether it helped; or that we do not know, and what to do.

    Without `buttons` inside a survey or a complaint, which asks its own question again.
    """
    language = question.language
    if answer.status is not Status.ANSWERED or answer.hit is None or answer.quote is None:
        return [
            Reply(
                text=services.text(answer.status.key, language),
                choices=_ways_on(services, question) if buttons else [],
                status=answer.status,
            )
        ]
    document = session.get_one(Document, answer.hit.entry.document_id)
    citation = cite(services.settings.site, document, answer)
    replies = [
        Reply(
            text=services.text(answer.status.key, language, title=document.title),
            citations=[citation],
            status=answer.status,
        )
    ]
    if buttons:
        replies.append(
            Reply(
                text=services.text("knowledge-did-this-help", language),
                choices=[
                    _choice(services, question, "knowledge-yes", "helpful"),
                    _choice(services, question, "knowledge-no", "unhelpful"),
                ],
            )
        )
    return replies


def cite(site: str, document: Document, answer: Answer) -> Citation:
    """Where the quote stands: the address opens our page of this very version at the passage, marked."""
    assert answer.hit is not None
    assert answer.quote is not None
    entry = answer.hit.entry
    start, end = answer.quote
    return Citation(
        title=document.title,
        url=f"{site}/documents/{url_quote(document.id)}?mark={entry.ordinal}:{start}-{end}#p-{entry.ordinal}",
        quote=entry.text[start:end],
        page=entry.page,
        section=" › ".join(entry.heading) or None,
        date=document.date.isoformat() if document.date else None,
    )


def rated(services: Services, question: Question, helpful: bool) -> list[Reply]:
    """Thanks for a rating; an answer that did not help leads on to people."""
    key = "knowledge-rated-helpful" if helpful else "knowledge-rated-unhelpful"
    offer = not helpful and question.reason != "passed_on"
    return [
        Reply(
            text=services.text(key, question.language),
            choices=_ways_on(services, question) if offer else [],
        )
    ]


def passed_on(services: Services, language: str) -> list[Reply]:
    """The promise that somebody will read the question."""
    return [Reply(text=services.text("knowledge-passed-on", language), status="passed_on")]


def rephrase(services: Services, language: str) -> list[Reply]:
    """How a question is asked so that it is found."""
    return [Reply(text=services.text("knowledge-rephrase-how", language))]


def stale(services: Services, language: str) -> list[Reply]:
    """The button belongs to a question that is no longer there."""
    return [Reply(text=services.text("knowledge-stale", language))]


def _ways_on(services: Services, question: Question) -> list[Choice]:
    return [
        _choice(services, question, "knowledge-pass-on", "pass_on"),
        _choice(services, question, "knowledge-rephrase", "rephrase"),
    ]


def _choice(services: Services, question: Question, key: str, verb: str) -> Choice:
    return Choice(label=services.text(key, question.language), value=f"knowledge:{verb}:{question.id}")
