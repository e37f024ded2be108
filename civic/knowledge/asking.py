"""What a citizen does with knowledge: asks, says what was meant, rates, passes a question on."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from civic.conversation.redaction import reword
from civic.conversation.types import Reply, Turn
from civic.kit.errors import FolkmootError
from civic.kit.personal_data import find, redact
from civic.kit.services import Services
from civic.knowledge import commands, queries, replies, rules
from civic.knowledge.answering import Answer, Circumstances, Status, answer, others
from civic.knowledge.answering.refusals import load
from civic.knowledge.errors import UnknownQuestion
from civic.knowledge.live import LiveIndex
from civic.knowledge.models import Question

log = logging.getLogger(__name__)

# After this time a typed "no" is hardly about the answer any more.
RATING_STAYS_OPEN = timedelta(minutes=30)
# Outcomes of a message that nobody took for a question which are said all the same.
SAID_ANYWAY = frozenset(
    {Status.ANSWERED, Status.ANSWERED_PARTLY, Status.PERSONAL_DATA_REFUSED, Status.EMERGENCY_SIGNPOSTED}
)


def ask(session: Session, turn: Turn, services: Services, clause: str | None = None) -> list[Reply]:
    """Answers a message, and notes what was asked and what became of it.

    `clause` is the part of the message that asks, where the rest of it is about something else.
    """
    before = queries.latest_question(session, turn.conversation_id)
    if said := _not_meant(session, turn, services, before):
        return said
    found, text = _answer(session, turn, services, before, clause)
    return _reply(session, turn, services, found, text, before)


def ask_if_known(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Answers a message whose wish nobody understood, if the documents do; nothing otherwise."""
    before = queries.latest_question(session, turn.conversation_id)
    found, text = _answer(session, turn, services, before)
    # A topic may be asked back about; what names none was simply not understood.
    if found.status in SAID_ANYWAY or (found.status == Status.CLARIFY and found.topics):
        return _reply(session, turn, services, found, text, before)
    return []


def _answer(
    session: Session, turn: Turn, services: Services, before: Question | None, clause: str | None = None
) -> tuple[Answer, str]:
    """The outcome, and the text as it may be kept."""
    text = (turn.text or "").strip()
    personal = tuple(turn.personal_data or ())
    # In a loop the gateway lets personal data through: it may belong there, but not into a question.
    if turn.loop is not None and (
        seen := find(text, services.settings.region, (services.settings.council_phone,))
    ):
        personal = tuple(dict.fromkeys(one.kind for one in seen))
        text = redact(text, seen, lambda kind: services.text(f"personal-data-{kind}", turn.language))
        # The dialogue forgets it by the status of the answer.
        reword(session, turn.conversation_id, turn.message_id, text)
    try:
        around = Circumstances(
            danger=turn.danger,
            personal_data=personal,
            may_clarify=turn.loop is None and not _just_clarified(before, turn),
            refusals=load(services.settings.content / "refusals.yml"),
        )
        found = answer(
            session,
            services.get(LiveIndex),
            clause or text,
            history=turn.history,
            threshold=services.settings.answer_threshold,
            around=around,
        )
    except DBAPIError:
        raise  # the whole turn is tried again
    except Exception as error:
        log.error(
            "a question ended in a fault: %s", _where(error), exc_info=not isinstance(error, FolkmootError)
        )
        found = Answer(Status.ERROR_INTERNAL, detail=type(error).__name__[:60])
    return found, text


def _reply(
    session: Session,
    turn: Turn,
    services: Services,
    found: Answer,
    text: str,
    before: Question | None,
) -> list[Reply]:
    clarifies = before.id if before is not None and _just_clarified(before, turn) else None
    question = commands.note_question(
        session,
        turn.conversation_id,
        turn.message_id,
        text,
        turn.language,
        noted(found, clarifies),
        turn.now,
    )
    return replies.answer_replies(session, services, found, question, buttons=turn.loop is None)


def noted(found: Answer, clarifies: str | None = None) -> commands.Outcome:
    """What is noted of an answer."""
    entry = found.hit.entry if found.hit else None
    return commands.Outcome(
        status=found.status,
        score=found.confidence,
        document_id=entry.document_id if entry else None,
        passage_ordinal=entry.ordinal if entry else None,
        quote=found.quoted,
        detail=found.detail,
        topic=found.about,
        alternatives=[[one.entry.document_id, one.entry.ordinal] for one in found.others[: others.KEPT]]
        or None,
        topics=[[one.label, one.document_id, one.ordinal] for one in found.topics] or None,
        clarifies=clarifies,
    )


def press(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Does what a button under an answer says: `knowledge:<verb>:<question id>`."""
    _, verb, question_id, which = [*(turn.choice or "").split(":"), "", "", ""][:4]
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
            case "other":
                return show_others(session, turn, services, question_id)
            case "topic":
                return answer_topic(session, turn, services, question_id, which)
    except UnknownQuestion:
        pass
    return replies.stale(services, turn.language)


def show_others(session: Session, turn: Turn, services: Services, question_id: str) -> list[Reply]:
    """ "Not what I meant": the next two passages with what they say, and then the way to people."""
    question = commands.rate(session, turn.conversation_id, question_id, False, turn.now)
    passages = [(str(document), int(ordinal)) for document, ordinal in question.alternatives or []]
    shown = others.quotes(session, services.get(LiveIndex), question.text, passages[: others.SHOWN_AT_ONCE])
    question.alternatives = [list(one) for one in passages[others.SHOWN_AT_ONCE :]] or None
    return replies.other_passages(session, services, question, shown)


def answer_topic(
    session: Session, turn: Turn, services: Services, question_id: str, which: str
) -> list[Reply]:
    """Answers a vague message from the topic that was chosen."""
    asked = queries.question(session, turn.conversation_id, question_id)
    offered = (asked.topics if asked is not None else None) or []
    if asked is None or not which.isdigit() or int(which) >= len(offered):
        raise UnknownQuestion
    label, document_id, ordinal = offered[int(which)]
    text = f"{asked.text}: {label}"
    # A page's title is like all of its passages: which of them answers, the question alone says.
    looked_for = asked.text if ordinal is None else text
    found = others.about_topic(session, services.get(LiveIndex), looked_for, document_id, ordinal)
    question = commands.note_question(
        session, turn.conversation_id, turn.message_id, text, turn.language, noted(found, asked.id), turn.now
    )
    return replies.answer_replies(session, services, found, question, buttons=turn.loop is None)


def answer_in_words(session: Session, turn: Turn, services: Services) -> list[Reply]:
    """Takes a typed yes, no or "not what I meant" to what stood under the last answer.

    Nothing when it asked nothing: under an answer that was "Did this help?", under a refusal or an
    unhelpful answer whether to pass the question on.
    """
    question = queries.latest_question(session, turn.conversation_id)
    if said := _not_meant(session, turn, services, question):
        return said
    if question is None or turn.intent not in ("affirm", "deny") or not _waits(question, turn):
        return []
    if rules.asks_what_if(turn.text or ""):  # "what if I dont" is no "no"
        return ask(session, turn, services)
    yes = turn.intent == "affirm"
    if question.status in (Status.ANSWERED, Status.ANSWERED_PARTLY) and question.helpful is None:
        rated = commands.rate(session, turn.conversation_id, question.id, yes, turn.now)
        return replies.rated(services, rated, yes)
    if yes and question.reason != "passed_on" and question.status not in _NOTHING_TO_PASS_ON:
        commands.pass_on(session, turn.conversation_id, question.id, turn.now)
        return replies.passed_on(services, turn.language)
    return []


_NOTHING_TO_PASS_ON = (Status.PERSONAL_DATA_REFUSED, Status.EMERGENCY_SIGNPOSTED, Status.CLARIFY)


def _not_meant(session: Session, turn: Turn, services: Services, question: Question | None) -> list[Reply]:
    """The next passages, when a message says that the last answer was about something else."""
    recent = question is not None and turn.now - question.asked_at <= RATING_STAYS_OPEN
    if question is None or not recent or not rules.says_not_meant(turn.text or ""):
        return []
    if question.status not in (Status.ANSWERED, Status.ANSWERED_PARTLY, Status.UNANSWERABLE_NO_SOURCE):
        return []
    return show_others(session, turn, services, question.id)


def _just_clarified(before: Question | None, turn: Turn) -> bool:
    """Whether the last question of the conversation was asked back, and not long ago."""
    return (
        before is not None
        and before.status == Status.CLARIFY
        and turn.now - before.asked_at <= RATING_STAYS_OPEN
    )


def _waits(question: Question, turn: Turn) -> bool:
    """Whether a yes can still mean this question, and nothing else was typed since then."""
    if turn.now - question.asked_at > RATING_STAYS_OPEN:
        return False
    since = turn.history[-1:]
    return since == [question.text] or (question.helpful is False and question.text in turn.history[-2:])


def _where(error: Exception) -> str:
    """The name of a fault; its message may hold what the citizen wrote."""
    return type(error).__name__
