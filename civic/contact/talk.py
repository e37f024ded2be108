"""The talk in which somebody asks for a person: one question at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from civic.contact.commands import enquire
from civic.contact.rules import ENOUGH_WORDS
from civic.conversation.open_text import Meaning, meaning, own_words
from civic.conversation.types import Turn


@dataclass(frozen=True)
class Progress:
    """How a message was taken, and what to say (keys of the catalogue)."""

    status: Literal["asking", "done", "interrupted"]
    say: tuple[str, ...] = ()


def advance(session: Session, turn: Turn, *, opening: str) -> Progress:
    """Takes one message; what is more than the wish for a person is the message itself."""
    own = own_words(turn.text or "", opening)
    if turn.starting:
        return _store(session, turn) if own >= ENOUGH_WORDS else Progress("asking", ("contact-ask",))
    if turn.resuming:
        return Progress("asking", ("contact-ask",))
    match meaning(turn):
        case Meaning.CANCEL:
            return Progress("done", ("contact-cancelled",))
        case Meaning.ASIDE if turn.intent == "talk_to_official":
            return Progress("asking", ("contact-ask",))  # the same button, pressed twice
        case Meaning.ASIDE:
            return Progress("interrupted")
        case Meaning.WORDS if own > 0:
            return _store(session, turn)
    return Progress("asking", ("contact-no-words",))


def _store(session: Session, turn: Turn) -> Progress:
    enquire(session, turn, turn.text or "")
    return Progress("done", ("contact-received",))
