"""The order of questions, what counts as an answer to them, and how feedback moves on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from civic.conversation.open_text import words
from civic.feedback.errors import IllegalStep


class Step(StrEnum):
    """What is being asked."""

    TEXT = "text"
    TOPIC = "topic"
    RATING = "rating"


class Topic(StrEnum):
    """What the feedback is about."""

    ASSISTANT = "assistant"
    SERVICE = "service"
    IDEA = "idea"
    OTHER = "other"


RATINGS = range(1, 6)
SKIP = "skip"

OPTIONS: Mapping[Step, tuple[str, ...]] = {
    Step.TOPIC: (*(topic.value for topic in Topic), SKIP),
    Step.RATING: (*(str(rating) for rating in RATINGS), SKIP),
}

AFTER: Mapping[Step, Step | None] = {Step.TEXT: Step.TOPIC, Step.TOPIC: Step.RATING, Step.RATING: None}

# From so many words of their own on, the message that opened the talk is the feedback itself.
ENOUGH_WORDS = 3


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
            f"Feedback that is {current.value} cannot become {target.value}.",
            remedy="It goes from new to read to answered, and never back.",
        )
    return target


@dataclass(frozen=True)
class Labels:
    """The words on the buttons of a question, by what they stand for."""

    of: Mapping[str, str]

    def match(self, said: str) -> str | None:
        """The option that somebody typed instead of pressing it: its label, or a number that is offered."""
        typed = words(said)
        for option, label in self.of.items():
            if typed == words(label):
                return option
        numbers = {word for word in typed if word.isdigit()}
        return min(numbers) if len(numbers) == 1 and len(typed) <= 3 and numbers <= set(self.of) else None
