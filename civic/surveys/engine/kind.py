"""What every type of question can say of itself, and how it refuses a value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.values import Value


class Unfit(Exception):
    """A value that the question does not take; `code` names the reason, `params` fill its sentence."""

    def __init__(self, code: str, **params: Value) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class QuestionType(ABC):
    """How one type of question behaves.

    `closed`: a valid answer can be told from chatter, so it counts even where the message looks like
    something else. `listed`: it has choices, `several`: more than one of them make an answer.
    `parameters`: those of the question's numbers it looks at. `asked`: it waits for an answer; a row that
    does not is either `told` (shown on the way) or `worked_out` (a result that nobody typed).
    `shares`: what a citizen sends instead of words.
    """

    closed: ClassVar[bool] = True
    listed: ClassVar[bool] = False
    several: ClassVar[bool] = False
    asked: ClassVar[bool] = True
    told: ClassVar[bool] = False
    worked_out: ClassVar[bool] = False
    shares: ClassVar[Literal["location", "photo"] | None] = None
    parameters: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        """The value as it is kept; raises `Unfit` for one that the question does not take."""

    def options(self, question: SurveyQuestion) -> tuple[str, ...]:
        """The answers that can be buttons; none for open questions."""
        return ()

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        """The value that an option stands for."""
        return option

    def in_order(self, question: SurveyQuestion, names: tuple[str, ...]) -> tuple[str, ...]:
        """Choices pressed one after the other, in the order in which they count."""
        return tuple(name for name in self.options(question) if name in names)

    def enough(self, question: SurveyQuestion, names: tuple[str, ...]) -> bool:
        """Whether the choices pressed so far are a whole answer without a press on Done."""
        return False
