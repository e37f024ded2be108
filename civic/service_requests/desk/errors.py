"""Each rule of the desk that can be broken, one class a rule."""

from __future__ import annotations

from civic.kit.errors import Conflict, Invalid, NotFound


class CannotBeAssigned(Invalid):
    """The official named may not work on this case, or there is no such official."""

    code = "cannot_be_assigned"
    title = "The case cannot be given to this official"


class SameType(Conflict):
    """The case has this type already."""

    code = "same_type"
    title = "The case has this type already"


class UnusableFilter(Invalid):
    """A saved filter needs a name and something that it filters by."""

    code = "unusable_filter"
    title = "This filter cannot be kept"


class UnknownFilter(NotFound):
    """The official keeps no such filter."""

    code = "unknown_filter"
    title = "You keep no such filter"


class UnusableTemplate(Invalid):
    """A template has a name, words, and only placeholders that exist."""

    code = "unusable_template"
    title = "This template cannot be used"


class UnknownTemplate(NotFound):
    """There is no such template."""

    code = "unknown_template"
    title = "There is no such template"


class TooManyAtOnce(Invalid):
    """More cases in one request than are changed at once."""

    code = "too_many_at_once"
    title = "These are too many at once"


class UnusableWebhook(Invalid):
    """The address is not one that we would call."""

    code = "unusable_webhook"
    title = "This address cannot be called"


class UnknownWebhook(NotFound):
    """There is no such webhook."""

    code = "unknown_webhook"
    title = "There is no such webhook"


class KeyUsedForSomethingElse(Invalid):
    """The idempotency key came with another request before."""

    code = "key_used_for_something_else"
    title = "This idempotency key belongs to another request"


class SameRequestUnderWay(Conflict):
    """The same request is being worked on, or ended in a way that nobody knows."""

    code = "same_request_under_way"
    title = "The same request was sent before and has no answer yet"


class UnusableKey(Invalid):
    """The idempotency key is empty, too long or has characters that headers do not have."""

    code = "unusable_key"
    title = "This idempotency key cannot be used"


class UnknownField(Invalid):
    """A field was asked for that there is not."""

    code = "unknown_field"
    title = "There is no such field"
