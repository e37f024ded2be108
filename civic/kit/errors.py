"""Every refusal that the product can express, named by what the caller should do about it."""

from __future__ import annotations


class FolkmootError(Exception):
    """A broken rule: `code` names the rule, `params` fill its sentence, `remedy` says what to do.

    Features subclass one of the kinds below, one class per rule, with a `code` of their own.
    The edge translates once: a catalogue sentence for citizens, problem+json for the API.
    """

    code = "error"
    status = 500
    title = "Something went wrong"

    def __init__(self, detail: str = "", *, remedy: str = "", **params: object) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.remedy = remedy
        self.params = params


class Invalid(FolkmootError):
    """What was sent cannot be used; nothing was changed."""

    code = "invalid"
    status = 422
    title = "This cannot be used as it is"


class Unauthenticated(FolkmootError):
    """Who is calling is not known."""

    code = "unauthenticated"
    status = 401
    title = "Sign in first"


class Forbidden(FolkmootError):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403
    title = "Your role does not allow this"


class NotFound(FolkmootError):
    """There is no such thing, or the caller may not know of it."""

    code = "not_found"
    status = 404
    title = "There is nothing here"


class Conflict(FolkmootError):
    """The thing is not in a state in which this can be done."""

    code = "conflict"
    status = 409
    title = "This cannot be done now"


class TooMany(FolkmootError):
    """Come back later; `retry_after` seconds is in the params where it is known."""

    code = "too_many"
    status = 429
    title = "Too many requests"


class Unavailable(FolkmootError):
    """A part that is needed does not answer; the same call may work later."""

    code = "unavailable"
    status = 503
    title = "A part of the service does not answer"
