"""Each rule of feedback that can be broken, one class a rule."""

from __future__ import annotations

from civic.kit.errors import Conflict, NotFound


class UnknownFeedback(NotFound):
    """There is no feedback with this id; its citizen may have deleted it."""

    code = "unknown_feedback"
    title = "There is no such feedback"


class IllegalStep(Conflict):
    """Feedback does not go back to an earlier state."""

    code = "feedback_illegal_step"
    title = "Feedback cannot change like this"


class SaidAlready(Conflict):
    """The same answer was given to the same feedback before."""

    code = "feedback_said_already"
    title = "This answer was sent already"
