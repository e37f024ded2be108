"""When a message is complete, and how an enquiry moves on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from civic.contact.errors import IllegalStep

# From so many words of their own on, the message that asked for a person is the message to that person.
ENOUGH_WORDS = 4


class State(StrEnum):
    """What officials did about it."""

    NEW = "new"
    READ = "read"
    ANSWERED = "answered"


ALLOWED: Mapping[State, frozenset[State]] = {
    State.NEW: frozenset({State.READ, State.ANSWERED}),
    State.READ: frozenset({State.ANSWERED}),
    State.ANSWERED: frozenset(),
}


def move(current: State, target: State) -> State:
    """The new state, if the step is a legal one; staying is legal."""
    if target != current and target not in ALLOWED[current]:
        raise IllegalStep(
            f"An enquiry that is {current.value} cannot become {target.value}.",
            remedy="It goes from new to read to answered, and never back.",
        )
    return target
