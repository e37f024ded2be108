"""Answers as messages: the words come from the catalogue, the quote from the document."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote as url_quote

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Citation, Reply
from civic.kit import danger
from civic.kit.services import Services
from civic.knowledge.answering import Answer, Cited, Status, words_key
from civic.knowledge.answering.outcomes import Topic
from civic.knowledge.models import Document, Question


def answer_replies(
    session: Session, services: Services, answer: Answer, question: Question, *, buttons: bool
) -> list[Reply]:
    """The outcome in words: an answer with its source and whether it helped, or what can be done instead.

    Without `buttons` inside a survey or a complaint, which asks its own question again.
    """
    language = question.language
    if answer.status == Status.EMERGENCY_SIGNPOSTED:
        return [_emergency(services, answer, language)]
    if not answer.shown:
        return [_not_shown(services, answer, question, buttons=buttons)]
    documents = {
        one.hit.entry.document_id: session.get_one(Document, one.hit.entry.document_id)
        for one in answer.cited
    }
    titles = list(dict.fromkeys(document.title for document in documents.values()))
    text = services.text(
        words_key(answer.status),
        language,
        title="”, “".join(titles),
        why=answer.detail or "",
        missing="”, “".join(answer.missing),
    )
    citations = [
        citation
        for one in answer.cited
        for citation in cite(services.settings.site, documents[one.hit.entry.document_id], one)
    ]
    replies = [Reply(text=text, citations=citations, status=answer.status)]
    if buttons:
        choices = [
            _choice(services, question, "knowledge-yes", "helpful"),
            _choice(services, question, "knowledge-no", "unhelpful"),
        ]
        if question.alternatives:
            choices.append(_choice(services, question, "knowledge-not-meant", "other"))
        replies.append(Reply(text=services.text("knowledge-did-this-help", language), choices=choices))
    return replies


# After these there is nothing that the council's staff could be asked.
_NO_WAYS_ON = (Status.PERSONAL_DATA_REFUSED, Status.CLARIFY)


def _not_shown(services: Services, answer: Answer, question: Question, *, buttons: bool) -> Reply:
    kinds = [kind for kind in (answer.detail or "").split(",") if kind]
    named = (
        ", ".join(services.text(f"personal-data-{kind}", question.language) for kind in kinds)
        if answer.status == Status.PERSONAL_DATA_REFUSED
        else ""
    )
    choices = [
        Choice(label=topic.label, value=f"knowledge:topic:{question.id}:{number}")
        for number, topic in enumerate(answer.topics)
    ]
    if answer.status not in _NO_WAYS_ON:
        choices += _ways_on(services, question)
    # A button would leave the loop; a link to the page does not.
    pages = answer.status == Status.UNANSWERABLE_NO_SOURCE and not buttons
    text = services.text(
        words_key(answer.status),
        question.language,
        kinds=named,
        topics=len(answer.topics) if buttons or pages else 0,
    )
    return Reply(
        text=text,
        choices=choices if buttons else [],
        citations=[_page(services, topic) for topic in answer.topics] if pages else [],
        status=answer.status,
    )


def _page(services: Services, topic: Topic) -> Citation:
    """A page as it may be near a question: nothing of it is quoted."""
    address = f"{services.settings.site}/documents/{url_quote(topic.document_id)}"
    return Citation(title=topic.label, url=address, quote="")


def _emergency(services: Services, answer: Answer, language: str) -> Reply:
    """The words for this kind of danger; those for a life in danger where the list has changed since."""
    kinds = danger.load(services.settings.content / "danger.yml").kinds
    words = next((kind.words for kind in kinds if kind.kind == answer.detail), "emergency-life")
    return Reply(text=services.text(words, language), status=answer.status)


def cite(site: str, document: Document, cited: Cited) -> list[Citation]:
    """Where a quote stands: the address opens our page of this very version at the passage, marked.

    The line that introduces the quoted list comes first, where it is not in the quote.
    """
    entry = cited.hit.entry
    return [
        Citation(
            title=document.title,
            url=f"{site}/documents/{url_quote(document.id)}?mark={entry.ordinal}:{start}-{end}#p-{entry.ordinal}",
            quote=entry.text[start:end],
            page=entry.page,
            section=" › ".join(entry.heading) or None,
            date=document.date.isoformat() if document.date else None,
        )
        for start, end in ([cited.head] if cited.head else []) + [cited.quote]
    ]


def other_passages(
    session: Session, services: Services, question: Question, shown: Sequence[Cited]
) -> list[Reply]:
    """The next passages, and the way to people."""
    language = question.language
    ways = _ways_on(services, question)
    if not shown:
        return [Reply(text=services.text("knowledge-no-others", language), choices=ways)]
    citations = [
        citation
        for one in shown
        for citation in cite(
            services.settings.site, session.get_one(Document, one.hit.entry.document_id), one
        )
    ]
    text = services.text("knowledge-others", language)
    yes = _choice(services, question, "knowledge-yes", "helpful")
    return [
        Reply(text=text, citations=citations, status="others_shown"),
        Reply(text=services.text("knowledge-others-helped", language), choices=[yes, *ways]),
    ]


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
