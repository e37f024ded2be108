"""The question types: each says which values it takes. A new type is a class in `TYPES`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.values import Value

SAFE_NUMBER = 10**12


class Unfit(Exception):
    """A value that the question does not take; `code` names the reason, `params` fill its sentence."""

    def __init__(self, code: str, **params: Value) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class QuestionType(ABC):
    """How one type of question behaves.

    `closed`: a valid answer can be told from chatter, so it counts even where the message looks like
    something else. `listed`: it has choices. `parameters`: those of the question's numbers it looks at.
    """

    closed: ClassVar[bool] = True
    listed: ClassVar[bool] = False
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


class Text(QuestionType):
    """Free words, kept as written."""

    closed = False
    parameters = frozenset({"max_characters"})

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        text = str(value).strip()
        longest = question.parameters.max_characters
        if not text:
            raise Unfit("empty")
        if len(text) > longest:
            raise Unfit("too_long", length=len(text), longest=longest)
        return text


class SelectOne(QuestionType):
    """One of the choices, kept by its name."""

    listed = True

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if not isinstance(value, str) or question.choice(value) is None:
            raise Unfit("choice")
        return value

    def options(self, question: SurveyQuestion) -> tuple[str, ...]:
        return tuple(choice.name for choice in question.choices)


class SelectMultiple(SelectOne):
    """Any of the choices, kept by name in the order of the question."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        names = set(value) if isinstance(value, tuple) else {str(value)}
        known = self.options(question)
        if not names:
            raise Unfit("choose_some")
        if not names <= set(known):
            raise Unfit("choices")
        return tuple(name for name in known if name in names)

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        return (option,)


class YesNo(QuestionType):
    """Yes or no, kept as the words `yes` and `no`."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if value not in ("yes", "no"):
            raise Unfit("yes_no")
        return value

    def options(self, question: SurveyQuestion) -> tuple[str, ...]:
        return ("yes", "no")


class Integer(QuestionType):
    """A whole number."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if not isinstance(value, int | float) or not abs(value) <= SAFE_NUMBER:  # "nan" is not either
            raise Unfit("integer")
        if value != int(value):
            raise Unfit("whole_number", number=value)
        return int(value)

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        return int(option)


class Decimal(QuestionType):
    """A number, with a fraction or without."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if not isinstance(value, int | float) or not abs(value) <= SAFE_NUMBER:
            raise Unfit("decimal")
        return int(value) if value == int(value) else value

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        return float(option)


class Range(QuestionType):
    """A rating: a whole number from `start` to `end` in steps of `step`."""

    parameters = frozenset({"start", "end", "step"})

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        numbers = question.parameters
        if not isinstance(value, int | float) or value not in self._scale(question):
            raise Unfit("range", start=numbers.start, end=numbers.end)
        return int(value)

    def options(self, question: SurveyQuestion) -> tuple[str, ...]:
        return tuple(str(number) for number in self._scale(question))

    def _scale(self, question: SurveyQuestion) -> range:
        numbers = question.parameters
        return range(numbers.start, numbers.end + 1, numbers.step)

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        return int(option)


TYPES: dict[str, QuestionType] = {
    "text": Text(),
    "select_one": SelectOne(),
    "select_multiple": SelectMultiple(),
    "yes_no": YesNo(),
    "integer": Integer(),
    "decimal": Decimal(),
    "range": Range(),
}
