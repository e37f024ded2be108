"""Where one citizen is in one survey, what they can do, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from civic.surveys.engine.values import Value
from civic.understanding.types import Given as Given
from civic.understanding.types import Move as Move
from civic.understanding.types import Unclear as Unclear
from civic.understanding.types import Unsure as Unsure

CONSENT = "consent"  # the first step has a name like a question's, so that its buttons work alike
SPEAK = "~"  # the sign of a button that changes the language


class Stage(StrEnum):
    """How far the citizen is; the last three are ends."""

    CONSENT = "consent"
    ASKING = "asking"
    FINISHED = "finished"
    DECLINED = "declined"
    STOPPED = "stopped"

    @property
    def over(self) -> bool:
        return self in (Stage.FINISHED, Stage.DECLINED, Stage.STOPPED)


class Answered(BaseModel):
    """One answer given, or one question skipped (`value` is None)."""

    model_config = ConfigDict(frozen=True)

    question: str
    value: Value | None
    at: datetime
    other: str | None = None  # the citizen's own words beside the choice that stands for anything else


class SurveyState(BaseModel):
    """The whole position of a session; the question to ask follows from the answers."""

    model_config = ConfigDict(frozen=True)

    stage: Stage = Stage.CONSENT
    answers: tuple[Answered, ...] = ()
    toggled: tuple[str, ...] = ()  # choices tapped so far at a question with several
    suggested: tuple[Value, ...] = ()  # what we think was meant, until the citizen says so
    heard: str | None = None  # the words that may mean one of them, or something on no list
    stopping: bool = False  # asked whether to really stop
    paused: bool = False
    started: datetime | None = None
    language: str | None = None  # which the citizen chose, where it is not their own
    # Answers taken back. They count for nothing, and are offered again where their question comes up again.
    aside: tuple[Answered, ...] = ()

    @property
    def values(self) -> dict[str, Value | None]:
        """The answers by question."""
        return {answered.question: answered.value for answered in self.answers}

    @property
    def at(self) -> datetime | None:
        """The moment that `today()` means in conditions: of the last answer, so that back undoes it too."""
        return self.answers[-1].at if self.answers else self.started


@dataclass(frozen=True)
class Pressed:
    """A button of a question: `option` set, added (`+`) or removed (`-`), or a move.

    With the sign `~`, `option` is the language to go on in, whatever the question.
    """

    question: str
    option: str = ""
    sign: str = "="
    move: Move | None = None


Answer = Given | Unsure | Unclear | Pressed | Move


class Event:
    """Something that came of a step."""


@dataclass(frozen=True)
class ConsentAsked(Event):
    """Consent is asked for, with the number of questions to expect."""

    total: int


@dataclass(frozen=True)
class Asked(Event):
    """A question is asked: `number` of `total`, with the choices tapped so far."""

    question: str
    number: int
    total: int
    toggled: tuple[str, ...] = ()
    proposed: Value | None = None  # the answer from before going back, or the designer's default


@dataclass(frozen=True)
class Told(Event):
    """A note on the way, which waits for no answer."""

    note: str


@dataclass(frozen=True)
class Toggled(Event):
    """These choices are tapped so far; the question is still the same."""

    question: str
    toggled: tuple[str, ...]


@dataclass(frozen=True)
class Kept(Event):
    """An answer counts; `read_as`: tell the citizen how it was understood."""

    question: str
    value: Value
    read_as: bool = False
    other: str | None = None


@dataclass(frozen=True)
class Refused(Event):
    """An answer does not count, for this reason."""

    question: str
    code: str
    params: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Suggested(Event):
    """The citizen is asked which of these values was meant."""

    question: str
    values: tuple[Value, ...]
    other: str | None = None


@dataclass(frozen=True)
class Explained(Event):
    """Why a question is asked."""

    question: str


@dataclass(frozen=True)
class StopAsked(Event):
    """The citizen is asked whether to stop for good; so many answers would be lost."""

    question: str
    answers: int


@dataclass(frozen=True)
class Resumed(Event):
    """The citizen came back to this place."""

    number: int
    total: int


@dataclass(frozen=True)
class Noticed(Event):
    """Something without particulars: `skipped`, `undone`, `stale`, `required`, `first`, `paused`,
    `stopped`, `declined`, `finished` or `over`."""

    code: str


@dataclass(frozen=True)
class Step:
    """What came of an answer: the next state, and the events that led there."""

    state: SurveyState
    events: tuple[Event, ...]
