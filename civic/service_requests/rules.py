"""What may happen to a service request, who may do it, and what the citizen is told: all decided here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random

from civic.accounts.rules import Permission, Role, may
from civic.kit.danger import find_danger as find_danger  # complaints ask here, as for every decision
from civic.service_requests.errors import IllegalTransition, MessageNeeded, OriginalNeeded, RoleMayNot


class Status(StrEnum):
    """Where a service request stands."""

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_CITIZEN = "waiting_for_citizen"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    REOPENED = "reopened"


class Priority(StrEnum):
    """How urgent a service request is: the deadline follows from it."""

    NORMAL = "normal"
    HIGH = "high"
    EMERGENCY = "emergency"


class Actor(StrEnum):
    """Who can take a step."""

    OFFICIAL = "official"
    CITIZEN = "citizen"


class Needs(StrEnum):
    """What must come with a step."""

    NOTHING = "nothing"
    MESSAGE = "message"
    ORIGINAL = "original"


@dataclass(frozen=True)
class Transition:
    """One legal step. `told` is the catalogue key of what the citizen hears; None: nothing is said.

    `by` says whose step it is; an official needs the permission, a citizen must be one of the reporters.
    """

    source: Status
    target: Status
    permission: Permission = Permission.CASES_WORK
    told: str | None = None
    needs: Needs = Needs.NOTHING
    by: tuple[Actor, ...] = (Actor.OFFICIAL,)


S = Status
TOLD = "service-requests-told-"
EITHER = (Actor.OFFICIAL, Actor.CITIZEN)
OPEN = (S.SUBMITTED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.WAITING_FOR_CITIZEN, S.REOPENED)
ENDED = (S.RESOLVED, S.CLOSED, S.REJECTED, S.DUPLICATE)
# While it is the citizen's turn the clock of the deadline stands still.
RUNNING = (S.SUBMITTED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.REOPENED)

# The whole policy at once: from where, to where, what the citizen hears, and what the official must add.
TRANSITIONS: tuple[Transition, ...] = (
    Transition(S.SUBMITTED, S.ACKNOWLEDGED, told=TOLD + "acknowledged"),
    Transition(S.SUBMITTED, S.IN_PROGRESS, told=TOLD + "in-progress"),
    Transition(S.ACKNOWLEDGED, S.IN_PROGRESS, told=TOLD + "in-progress"),
    Transition(S.REOPENED, S.IN_PROGRESS, told=TOLD + "in-progress"),
    # The citizen takes this one by answering.
    Transition(S.WAITING_FOR_CITIZEN, S.IN_PROGRESS, told=TOLD + "in-progress", by=EITHER),
    *(
        Transition(source, S.WAITING_FOR_CITIZEN, told=TOLD + "waiting-for-citizen", needs=Needs.MESSAGE)
        for source in (S.SUBMITTED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.REOPENED)
    ),
    *(
        Transition(source, S.RESOLVED, told=TOLD + "resolved")
        for source in (S.ACKNOWLEDGED, S.IN_PROGRESS, S.WAITING_FOR_CITIZEN, S.REOPENED)
    ),
    *(Transition(source, S.REJECTED, told=TOLD + "rejected", needs=Needs.MESSAGE) for source in OPEN),
    *(Transition(source, S.DUPLICATE, told=TOLD + "duplicate", needs=Needs.ORIGINAL) for source in OPEN),
    # The citizen has heard the result already; that the file is closed is of interest to nobody else.
    *(Transition(source, S.CLOSED) for source in (S.RESOLVED, S.REJECTED, S.DUPLICATE)),
    # Who reported it may take it back, and nobody else: they know, so nothing is said to them.
    *(Transition(source, S.CLOSED, by=(Actor.CITIZEN,)) for source in OPEN),
    # "It is not fixed" opens it again.
    *(Transition(source, S.REOPENED, told=TOLD + "reopened", by=EITHER) for source in (S.RESOLVED, S.CLOSED)),
    *(Transition(source, S.REOPENED, told=TOLD + "reopened") for source in (S.REJECTED, S.DUPLICATE)),
)
BY_STEP: Mapping[tuple[Status, Status], Transition] = {(t.source, t.target): t for t in TRANSITIONS}


def legal_steps(current: Status, by: Actor = Actor.OFFICIAL) -> list[Transition]:
    """Where somebody may take a service request from here."""
    return [step for step in TRANSITIONS if step.source is current and by in step.by]


def citizens_step(current: Status, target: Status) -> Transition | None:
    """The step that a citizen may take on their own report; None where it is not theirs."""
    step = BY_STEP.get((current, target))
    return step if step is not None and Actor.CITIZEN in step.by else None


def move(current: Status, target: Status, role: Role, *, message: str | None, original: bool) -> Transition:
    """The step from one status to another, or the rule that it would break."""
    transition = BY_STEP.get((current, target))
    if transition is None or Actor.OFFICIAL not in transition.by:
        possible = ", ".join(step.target.value for step in legal_steps(current))
        raise IllegalTransition(
            f"A service request that is {current.value} cannot become {target.value}.",
            remedy=f"Possible now: {possible}.",
        )
    if not may(role, transition.permission):
        raise RoleMayNot(f"The role {role.value} may not do this step.", remedy="Ask an agent.")
    if transition.needs is Needs.MESSAGE and not (message or "").strip():
        raise MessageNeeded(
            f"To become {target.value}, the citizen must be told why.", remedy="Add a `message`."
        )
    if transition.needs is Needs.ORIGINAL and not original:
        raise OriginalNeeded("Which one does it repeat?", remedy="Add `duplicate_of`, e.g. FM-7K3Q9.")
    return transition


# ------------------------------------------------------------------------------------------------ numbers

# Crockford's alphabet: no I, L, O or U, so that what is read aloud or scribbled down can be read back.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "FM"
LENGTH = 5
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_WITH_PREFIX = re.compile(
    r"(?<![a-z0-9])f\s?m[\s\-–—_.:#]*((?:[a-z0-9][\s\-]?){4}[a-z0-9]|[a-z0-9]{6})(?![a-z0-9])", re.IGNORECASE
)
_BARE = re.compile(r"(?<![a-z0-9])([a-z0-9]{5,6})(?![a-z0-9])", re.IGNORECASE)
_CLEAR_DIGITS = "23456789"


def new_tracking_number(random: Random, length: int = LENGTH) -> str:
    """A number such as FM-7K3Q9; who allots it tries another one where it is taken.

    It has a letter and a digit that cannot be misread, so that no word ("fm radio") passes for a number.
    """
    while True:
        body = "".join(random.choice(ALPHABET) for _ in range(length))
        if set(body) & set(_CLEAR_DIGITS) and not body.isdigit():
            return f"{PREFIX}-{body}"


def find_tracking_number(text: str, *, bare: bool = False) -> str | None:
    """The tracking number that a text names, however it was typed: small, without dash, I for 1, O for 0.

    `bare`: also without FM in front, where a number is what one expects.
    """
    for pattern in (_WITH_PREFIX, _BARE) if bare else (_WITH_PREFIX,):
        for found in pattern.finditer(text):
            typed = re.sub(r"[\s\-]", "", found.group(1)).upper()
            body = typed.translate(MISREAD)
            # "fm radio" has no digit; without the prefix a year or a word must not pass either.
            clear = bool(set(body) & set(_CLEAR_DIGITS)) and not body.isdigit()
            if clear or (pattern is _WITH_PREFIX and any(sign.isdigit() for sign in typed)):
                return f"{PREFIX}-{body}"
    return None


# -------------------------------------------------------------------------------------------- the rest

MAX_DESCRIPTION = 2000
MAX_ADDRESS = 200
MAX_NAME = 80
MAX_ANSWER = 300
MAX_PHOTOS = 5
DRAFT_LIVES = timedelta(hours=24)


def cut(text: str, limit: int) -> tuple[str, bool]:
    """The text within the limit, cut between words, and whether something was cut."""
    if len(text) <= limit:
        return text, False
    head = text[:limit]
    return (head.rsplit(None, 1)[0] if " " in head[limit // 2 :] else head).rstrip(), True


def says_something(text: str) -> bool:
    """Whether there is a letter or a digit at all, rather than only signs and pictures."""
    return any(character.isalnum() for character in text)


def looks_like_a_name(text: str) -> bool:
    """Whether a text can be somebody's name: a few words, no digits, no question."""
    words = text.split()
    letters = sum(character.isalpha() for character in text)
    return (
        1 <= len(words) <= 5
        and len(text) <= MAX_NAME
        and letters >= 2
        and not any(character.isdigit() or character in "?!<>{}/@:;|" for character in text)
    )
