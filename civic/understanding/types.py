"""What a typed message can be: an answer, one of several possible answers, no answer, or another wish."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# A text, a choice's name, "yes"/"no", a number, a day ("2027-01-31"), a time ("15:30"),
# a place ("51.5 -0.1"), or the names of several choices.
Value = str | int | float | tuple[str, ...]


class Move(StrEnum):
    """What a citizen can do other than answer."""

    BACK = "back"
    SKIP = "skip"
    REPEAT = "repeat"
    WHY = "why"
    PAUSE = "pause"
    STOP = "stop"
    DONE = "done"
    GO_ON = "go_on"
    KEEP = "keep"  # the answer from before, or the one proposed


@dataclass(frozen=True)
class Given:
    """A typed answer to the current question; `read_as`: it was not typed exactly like that.

    `other`: the citizen's own words beside the option that stands for none of the others.
    """

    value: Value
    read_as: bool = False
    other: str | None = None


@dataclass(frozen=True)
class Unsure:
    """A typed answer that may mean one of these values; the citizen decides.

    `other`: the words as typed, kept if the citizen decides for the option that stands for anything else.
    """

    values: tuple[Value, ...]
    other: str | None = None


@dataclass(frozen=True)
class Unclear:
    """A typed message that is no answer to the current question."""

    code: str


Reading = Given | Unsure | Unclear
