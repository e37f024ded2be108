"""What a survey's buttons carry: session, question and option, so that an old one answers nothing else."""

from __future__ import annotations

from civic.surveys.engine.state import SPEAK, Move, Pressed

PREFIX = "survey"
START = "start"
LATER = "later"
SUBSCRIBE = "survey:subscribe"
UNSUBSCRIBE = "survey:unsubscribe"
_SIGNS = f"=+-{SPEAK}"


def start(survey_id: str) -> str:
    """The value of a button that begins a survey, or goes on with it."""
    return f"{PREFIX}:{START}:{survey_id}"


def later(session_id: str) -> str:
    """The value of a button that leaves a waiting survey where it is."""
    return f"{PREFIX}:{LATER}:{session_id}"


def option(session_id: str, question: str, name: str, sign: str = "=") -> str:
    """The value of a button that answers (`=`), adds (`+`) or removes (`-`) a choice."""
    return f"{PREFIX}:{session_id}:{question}:{sign}{name}"


def speak(session_id: str, question: str, language: str) -> str:
    """The value of a button that goes on in another language."""
    return option(session_id, question, language, SPEAK)


def move(session_id: str, question: str, what: Move) -> str:
    """The value of a button that moves through the survey."""
    return f"{PREFIX}:{session_id}:{question}:!{what.value}"


def started(value: str | None) -> str | None:
    """The id of the survey that a button or a link begins; None for everything else."""
    parts = (value or "").split(":")
    return parts[2] if len(parts) == 3 and parts[:2] == [PREFIX, START] else None


def about_news(value: str | None) -> bool:
    """Whether the button says to tell of new surveys, or no more."""
    return value in (SUBSCRIBE, UNSUBSCRIBE)


def put_off(value: str | None) -> bool:
    """Whether the button says "not now"."""
    return (value or "").startswith(f"{PREFIX}:{LATER}:")


def pressed(value: str | None) -> tuple[str, Pressed] | None:
    """Session and press that a button stands for; None where it is none of a question's buttons."""
    parts = (value or "").split(":", 3)
    if len(parts) != 4 or parts[0] != PREFIX:
        return None
    _, session_id, question, what = parts
    if what[:1] == "!" and what[1:] in {one.value for one in Move}:
        return session_id, Pressed(question, move=Move(what[1:]))
    if what[:1] and what[:1] in _SIGNS:
        return session_id, Pressed(question, what[1:], what[:1])
    return None
