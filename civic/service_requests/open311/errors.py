"""How a request of another system is refused: every reason at once, each with its code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from civic.kit.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True)
class Reason:
    """One thing that is wrong, as the standard words it: a code and a sentence for people."""

    code: int
    description: str


class Refusal(Invalid):
    """What another system sent cannot be used; `status` is the one that the standard asks for."""

    code = "open311_refused"
    title = "This cannot be used as it is"

    def __init__(self, reasons: Sequence[Reason], *, retry_after: int | None = None) -> None:
        super().__init__(" ".join(reason.description for reason in reasons))
        self.reasons = list(reasons)
        self.status = reasons[0].code
        self.retry_after = retry_after


def refuse(code: int, description: str, *, retry_after: int | None = None) -> Refusal:
    """A refusal for one reason."""
    return Refusal([Reason(code, description)], retry_after=retry_after)


class UnknownKey(NotFound):
    """No other system has a key under this name."""

    code = "unknown_open311_key"
    title = "There is no key of this name"


class KeyNameTaken(Conflict):
    """Another system has a key under this name already."""

    code = "open311_key_name_taken"
    title = "There is a key of this name already"


class UnusableKeyName(Invalid):
    """The name of a key is too long, too short or no name."""

    code = "unusable_open311_key_name"
    title = "This cannot be the name of a key"
