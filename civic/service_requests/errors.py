"""Each rule of service requests that can be broken, one class a rule."""

from __future__ import annotations

from civic.kit.errors import Conflict, Forbidden, Invalid, NotFound


class BrokenServiceList(Invalid):
    """The list of services cannot be read; the sentence names the row and the remedy."""

    code = "broken_service_list"
    title = "The list of services cannot be read"


class UnknownService(NotFound):
    """No service has this code."""

    code = "unknown_service"
    title = "There is no such service"


class UnknownServiceRequest(NotFound):
    """No service request has this number, or the caller may not know of it."""

    code = "unknown_service_request"
    title = "There is no such service request"


class UnknownAttachment(NotFound):
    """The service request has no such photo."""

    code = "unknown_attachment"
    title = "There is no such attachment"


class IllegalTransition(Conflict):
    """The service request cannot go from its status to the one asked for."""

    code = "illegal_transition"
    title = "This step is not possible now"


class ChangedMeanwhile(Conflict):
    """Somebody else changed the service request after the caller read it."""

    code = "changed_meanwhile"
    title = "Somebody else changed this service request"


class RoleMayNot(Forbidden):
    """The official's role does not allow this step."""

    code = "role_may_not"
    title = "Your role does not allow this step"


class MessageNeeded(Invalid):
    """This step must be explained to the citizen."""

    code = "message_needed"
    title = "This step needs a message to the citizen"


class OriginalNeeded(Invalid):
    """A duplicate must name the service request it repeats."""

    code = "original_needed"
    title = "A duplicate needs the number of the original"


class NobodyToTell(Conflict):
    """The citizen deleted their data or was never known, so a reply would reach nobody."""

    code = "nobody_to_tell"
    title = "There is nobody to tell any more"


class SaidAlready(Conflict):
    """The very same words were the last thing the citizen was told: a form that was sent twice."""

    code = "said_already"
    title = "The citizen was told exactly this already"


class BadCursor(Invalid):
    """The cursor was not made by this list, or belongs to another order."""

    code = "bad_cursor"
    title = "This cursor cannot be used"


class NotConfirmed(Conflict):
    """The draft was not at its summary when it should be filed."""

    code = "not_confirmed"
    title = "This report was not confirmed"
