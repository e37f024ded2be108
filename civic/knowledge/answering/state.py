"""What the steps share while they answer one question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from civic.knowledge.answering.outcomes import Answer, Cited
from civic.knowledge.answering.refusals import RefusalList
from civic.knowledge.index import Hit, PassageIndex, Query
from civic.knowledge.live import LiveIndex


@dataclass(frozen=True)
class Circumstances:
    """What is known around a question: what was noticed in it before, and what was asked back before."""

    danger: str | None = None
    personal_data: tuple[str, ...] = ()
    # False right after a question that was asked back: never two in a row.
    may_clarify: bool = True
    refusals: RefusalList = field(default_factory=RefusalList)


@dataclass
class Part:
    """One question of a message that may ask two things."""

    text: str
    context: str = ""
    query: Query | None = None
    hits: list[Hit] = field(default_factory=list)
    # The same and those behind them: how the best one stands among them says how sure we are.
    wide: list[Hit] = field(default_factory=list)
    confidence: float = 0.0
    cited: Cited | None = None


@dataclass
class Asking:
    """One question on its way; each step reads what the ones before it noted, and notes more."""

    session: Session
    live: LiveIndex
    question: str
    history: Sequence[str] = ()
    threshold: float = 0.0
    around: Circumstances = field(default_factory=Circumstances)
    index: PassageIndex | None = None
    parts: list[Part] = field(default_factory=list)

    @property
    def confidence(self) -> float:
        """How sure we are of the part of which we are surest."""
        return max((part.confidence for part in self.parts), default=0.0)

    @property
    def best(self) -> Part:
        """The part of which we are surest."""
        return max(self.parts, key=lambda part: part.confidence)

    @property
    def about(self) -> str | None:
        """The title of the best passage's document."""
        hits = self.best.hits if self.parts else []
        return hits[0].entry.title if hits else None


# A step ends the question by returning an answer; None hands on to the next one.
Step = Callable[[Asking], Answer | None]
