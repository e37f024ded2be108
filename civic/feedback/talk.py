"""The talk in which feedback is given: what was said goes in, what to say next comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from civic.conversation.open_text import Meaning, meaning, own_words
from civic.conversation.types import Turn
from civic.feedback import queries
from civic.feedback.models import Feedback, FeedbackTalk
from civic.feedback.rules import AFTER, ENOUGH_WORDS, SKIP, Labels, State, Step
from civic.kit.ids import new_id

PREFIX = "feedback:"

# A stray word at a question with buttons must not start a complaint.
SURE = 0.6


@dataclass(frozen=True)
class Progress:
    """How a message was taken: what to say (keys of the catalogue), and which question comes next."""

    status: Literal["asking", "done", "interrupted"]
    say: tuple[str, ...] = ()
    ask: Step | None = None


def advance(session: Session, turn: Turn, *, opening: str, labels: dict[Step, Labels]) -> Progress:
    """Takes one message. The text is stored as soon as it is there: leaving half-way does not lose it."""
    talk = queries.talk(session, turn.conversation_id)
    if turn.starting or talk is None:
        return _begin(session, turn, opening)
    step = Step(talk.step)
    if turn.resuming:
        return Progress("asking", ask=step)
    if step is Step.TEXT:
        return _take_text(session, turn, talk, opening)
    return _take_option(session, turn, talk, step, labels[step])


def _begin(session: Session, turn: Turn, opening: str) -> Progress:
    session.execute(delete(FeedbackTalk).where(FeedbackTalk.conversation_id == turn.conversation_id))
    talk = FeedbackTalk(
        conversation_id=turn.conversation_id, step=Step.TEXT, feedback_id=None, updated_at=turn.now
    )
    session.add(talk)
    session.flush()
    if turn.text and own_words(turn.text, opening) >= ENOUGH_WORDS:
        return _store(session, turn, talk, turn.text)
    return Progress("asking", ask=Step.TEXT)


def _take_text(session: Session, turn: Turn, talk: FeedbackTalk, opening: str) -> Progress:
    match meaning(turn):
        case Meaning.CANCEL:
            return _withdraw(session, talk)
        case Meaning.ASIDE if turn.intent == "give_feedback":
            return Progress("asking", ask=Step.TEXT)  # the same button, pressed twice
        case Meaning.ASIDE:
            return Progress("interrupted")
        case Meaning.WORDS if own_words(turn.text or "", opening) > 0:
            return _store(session, turn, talk, turn.text or "")
    return Progress("asking", say=("feedback-no-words",), ask=Step.TEXT)


def _store(session: Session, turn: Turn, talk: FeedbackTalk, text: str) -> Progress:
    feedback = Feedback(
        id=new_id(turn.now),
        citizen_id=turn.citizen_id,
        conversation_id=turn.conversation_id,
        language=turn.language,
        text=text,
        state=State.NEW.value,
        created_at=turn.now,
    )
    session.add(feedback)
    session.flush()
    talk.feedback_id = feedback.id
    return _next(session, turn, talk, Step.TEXT, ("feedback-noted",))


def _take_option(session: Session, turn: Turn, talk: FeedbackTalk, step: Step, labels: Labels) -> Progress:
    option = _option(turn, step, labels)
    if option is None:
        if turn.intent == "cancel":
            return _withdraw(session, talk)
        if turn.intent == "deny":
            option = SKIP
        elif _is_something_else(turn):
            return Progress("interrupted")
        else:
            return Progress("asking", say=("feedback-choose",), ask=step)
    if option != SKIP and talk.feedback_id is not None:
        feedback = queries.get(session, talk.feedback_id)
        if step is Step.TOPIC:
            feedback.topic = option
        else:
            feedback.rating = int(option)
    return _next(session, turn, talk, step)


def _option(turn: Turn, step: Step, labels: Labels) -> str | None:
    """A valid answer to a closed question beats whatever else the message may look like."""
    if turn.choice is not None:
        asked, _, option = turn.choice.removeprefix(PREFIX).partition(":")
        mine = turn.choice.startswith(PREFIX) and asked == step and option in labels.of
        return option if mine else None
    return labels.match(turn.text) if turn.text else None


def _is_something_else(turn: Turn) -> bool:
    """Whether a message that is no option is meant for another part of the assistant."""
    if turn.text is None:
        return True
    return turn.confidence >= SURE and turn.intent not in ("out_of_scope", "give_feedback", "affirm")


def _next(
    session: Session, turn: Turn, talk: FeedbackTalk, step: Step, say: tuple[str, ...] = ()
) -> Progress:
    following = AFTER[step]
    if following is None:
        session.delete(talk)
        return Progress("done", say=(*say, "feedback-thanks"))
    talk.step = following.value
    talk.updated_at = turn.now
    return Progress("asking", say=say, ask=following)


def _withdraw(session: Session, talk: FeedbackTalk) -> Progress:
    """Cancelling takes back what nobody has read yet."""
    if talk.feedback_id is not None:
        session.execute(
            delete(Feedback).where(Feedback.id == talk.feedback_id, Feedback.state == State.NEW.value)
        )
    session.execute(delete(FeedbackTalk).where(FeedbackTalk.conversation_id == talk.conversation_id))
    return Progress("done", say=("feedback-cancelled",))
