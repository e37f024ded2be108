"""Decisions about sessions: pure functions."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from civic.surveys.engine.state import Stage, SurveyState


class SessionState(StrEnum):
    """Where a session stands; the first two can go on."""

    OPEN = "open"
    PAUSED = "paused"
    COMPLETED = "completed"
    DECLINED = "declined"
    STOPPED = "stopped"
    EXPIRED = "expired"
    SCREENED = "screened"


# The dialogue's name for the talk.
LOOP = "survey_form"

UNFINISHED = (SessionState.OPEN, SessionState.PAUSED)


class Standing(StrEnum):
    """Whether people may begin a survey now, and why not. Who has begun may finish in any of them."""

    OPEN = "open"
    SCHEDULED = "scheduled"
    PAUSED = "paused"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


def standing(
    now: datetime,
    *,
    opens: datetime | None,
    closes: datetime | None,
    withdrawn: bool = False,
    closed: bool = False,
    paused: bool = False,
) -> Standing:
    """Where a survey stands at that moment; what an official decided goes before the calendar."""
    if withdrawn:
        return Standing.WITHDRAWN
    if closed or (closes is not None and closes <= now):
        return Standing.CLOSED
    if paused:
        return Standing.PAUSED
    return Standing.SCHEDULED if opens is not None and now < opens else Standing.OPEN


_ENDS = {
    Stage.FINISHED: SessionState.COMPLETED,
    Stage.DECLINED: SessionState.DECLINED,
    Stage.STOPPED: SessionState.STOPPED,
}

# How long a session waits for its citizen, and how long after the end of a survey a late answer still counts.
WAITS = timedelta(days=30)
LATE = timedelta(days=14)
# One friendly word to somebody who stopped in the middle, or was invited and has not begun.
REMIND_AFTER = timedelta(days=2)
REMIND_INVITED_AFTER = timedelta(days=5)


def is_over(updated: datetime, closes: datetime | None, now: datetime) -> bool:
    """Whether a session can no longer go on; what was answered stays."""
    return now - updated > WAITS or (closes is not None and now - closes > LATE)


# How long after its last message a talk is in the middle: nobody is cut off between two answers.
IN_THE_MIDDLE = timedelta(hours=1)

# What a message can be besides an answer, and how sure the classifier must be of it.
ASIDE = frozenset(
    {
        "ask_policy",
        "check_status",
        "report_problem",
        "give_feedback",
        "talk_to_official",
        "delete_my_data",
        "help",
        "greet",
        "thank",
        "bye",
        "bot_challenge",
    }
)
SURE = 0.6


def session_state(position: SurveyState) -> SessionState:
    """The session's state, as its position says."""
    if position.stage in _ENDS:
        return _ENDS[position.stage]
    return SessionState.PAUSED if position.paused else SessionState.OPEN


def asks(text: str) -> bool:
    """Whether a message has the form of a question."""
    return text.rstrip().endswith("?")


def is_aside(text: str, intent: str, confidence: float, *, closed: bool) -> bool:
    """Whether a message that is no answer goes to somebody else, and the survey comes back after it.

    At an open question the words are the answer, unless they are a question in every respect.
    """
    question = asks(text) and intent in ("ask_policy", "check_status")
    return question or (closed and intent in ASIDE and confidence >= SURE)


def respondent_key(secret: str, survey_id: str, citizen_id: str) -> str:
    """Who takes part, as a keyed hash: tells whether somebody has answered, and never who has."""
    message = f"{survey_id}\n{citizen_id}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def day_of(moment: datetime) -> datetime:
    """The day without its time, by which nobody can be recognised."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
