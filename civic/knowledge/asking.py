"""What a citizen does with knowledge: asks, rates, passes a question on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from civic.conversation.types import Reply, Turn
from civic.kit.services import Services
from civic.knowledge import commands, queries, replies
from civic.knowledge.answering import Answer, Status, answer
from civic.knowledge.errors import UnknownQuestion
from civic.knowledge.live import LiveIndex
from civic.knowledge.models import Question

# After this time a typed "no" is hardly about the answer any more.
RATING_STAYS_OPEN = timedelta(minutes=30)


def ask(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Answers a message, and notes what was asked and what became of it."""
    return _reply(session, turn, services, _answer(session, turn, services))


def ask_if_known(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Answers a message whose wish nobody understood, if the documents do; nothing otherwise."""
    found = _answer(session, turn, services)
    return _reply(session, turn, services, found) if found.status == Status.ANSWERED else []


def _answer(session: Session, turn: Turn, services: Services) -> Answer:
    return answer(
        session,
        services.get(LiveIndex),
        (turn.text or "").strip(),
        history=turn.history,
        threshold=services.settings.answer_threshold,
    )


def _reply(session: Session, turn: Turn, services: Services, found: Answer) -> list[Reply]:
    text = (turn.text or "").strip()
    entry = found.hit.entry if found.hit else None
    question = commands.note_question(
        session,
        turn.conversation_id,
        turn.message_id,
        text,
        turn.language,
        commands.Outcome(
            status=found.status,
            score=found.confidence,
            document_id=entry.document_id if entry else None,
            passage_ordinal=entry.ordinal if entry else None,
            quote=found.quoted,
        ),
        turn.now,
    )
    return replies.answer_replies(session, services, found, question, buttons=turn.loop is None)


def press(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Does what a button under an answer says: `knowledge:<verb>:<question id>`."""
    _, verb, question_id = [*(turn.choice or "").split(":"), "", ""][:3]
    try:
        match verb:
            case "helpful" | "unhelpful":
                helpful = verb == "helpful"
                question = commands.rate(session, turn.conversation_id, question_id, helpful, turn.now)
                return replies.rated(services, question, helpful)
            case "pass_on":
                commands.pass_on(session, turn.conversation_id, question_id, turn.now)
                return replies.passed_on(services, turn.language)
            case "rephrase":
                return replies.rephrase(services, turn.language)
    except UnknownQuestion:
        pass
    return replies.stale(services, turn.language)


def answer_in_words(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Takes a typed yes or no to what stood under the last answer; nothing when it asked nothing.

    Under an answer that was "Did this help?", under a refusal or an unhelpful answer whether to pass
    the question on.
    """
    question = queries.latest_question(session, turn.conversation_id)
    if question is None or turn.intent not in ("affirm", "deny") or not _waits(question, turn):
        return []
    yes = turn.intent == "affirm"
    if question.status == "answered" and question.helpful is None:
        rated = commands.rate(session, turn.conversation_id, question.id, yes, turn.now)
        return replies.rated(services, rated, yes)
    if yes and question.reason != "passed_on":
        commands.pass_on(session, turn.conversation_id, question.id, turn.now)
        return replies.passed_on(services, turn.language)
    return []


def _waits(question: Question, turn: Turn) -> bool:
    """Whether a yes can still mean this question, and nothing else was typed since then."""
    if turn.now - question.asked_at > RATING_STAYS_OPEN:
        return False
    since = turn.history[-1:]
    return since == [question.text] or (question.helpful is False and question.text in turn.history[-2:])
