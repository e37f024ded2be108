"""Decisions about sessions: pure functions."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from enum import StrEnum

from civic.surveys.engine.state import Stage, SurveyState


class SessionState(StrEnum):
    """Where a session stands; the first two can go on."""

    OPEN = "open"
    PAUSED = "paused"
    COMPLETED = "completed"
    DECLINED = "declined"
    STOPPED = "stopped"


UNFINISHED = (SessionState.OPEN, SessionState.PAUSED)

_ENDS = {
    Stage.FINISHED: SessionState.COMPLETED,
    Stage.DECLINED: SessionState.DECLINED,
    Stage.STOPPED: SessionState.STOPPED,
}

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


def is_aside(text: str, intent: str, confidence: float, *, closed: bool) -> bool:
    """Whether a message that is no answer goes to somebody else, and the survey comes back after it.

    At an open question the words are the answer, unless they are a question in every respect.
    """
    asks = text.rstrip().endswith("?") and intent in ("ask_policy", "check_status")
    return asks or (closed and intent in ASIDE and confidence >= SURE)


def respondent_key(secret: str, survey_id: str, citizen_id: str) -> str:
    """Who takes part, as a keyed hash: tells whether somebody has answered, and never who has."""
    message = f"{survey_id}\n{citizen_id}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def day_of(moment: datetime) -> datetime:
    """The day without its time, by which nobody can be recognised."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
