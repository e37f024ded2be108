"""Each rule of enquiries that can be broken, one class a rule."""

from __future__ import annotations

from civic.kit.errors import Conflict, NotFound


class UnknownEnquiry(NotFound):
    """There is no enquiry with this id; its citizen may have deleted it."""

    code = "unknown_enquiry"
    title = "There is no such enquiry"


class IllegalStep(Conflict):
    """An enquiry does not go back to an earlier state."""

    code = "enquiry_illegal_step"
    title = "An enquiry cannot change like this"


class SaidAlready(Conflict):
    """The same answer was given to the same enquiry before."""

    code = "enquiry_said_already"
    title = "This answer was sent already"
