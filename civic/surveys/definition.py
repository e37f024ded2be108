"""A survey as published: everything the engine needs, and nothing that changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

# As in XLSForm. "." is left out at the end, where it would end a sentence of a label.
NAME = r"^[A-Za-z_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_-])?$"
CHOICE = r"^[^\s]{1,64}$"
LIST = r"^[^\s]{1,100}$"


class Words(RootModel[dict[str, str]]):
    """A text in one language or several; plain text in a file is the survey's own language."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, given: Any) -> Any:
        return {"": str(given)} if isinstance(given, str | int | float) else given

    @field_validator("root")
    @classmethod
    def _not_empty(cls, words: dict[str, str]) -> dict[str, str]:
        if not words or any(not text.strip() for text in words.values()):
            raise ValueError("the text is empty")
        return {language: text.strip() for language, text in words.items()}

    def in_language(self, language: str) -> str:
        """The text in a language, or in the survey's own where there is no translation."""
        for key in (language, language.split("-")[0], ""):
            if key in self.root:
                return self.root[key]
        return next(iter(self.root.values()))

    def __hash__(self) -> int:
        return hash(tuple(self.root.items()))


class Part(BaseModel):
    """A part of a definition: no unknown fields, and never changed once made."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class SurveyChoice(Part):
    """One answer to choose; `also` are other words by which citizens may call it.

    `more` are columns of the designer's own, for `choice_filter` to look at.
    """

    name: str = Field(pattern=CHOICE)
    label: Words
    also: tuple[str, ...] = ()
    more: dict[str, str] = {}


class Parameters(Part):
    """Numbers that some types need: `start`, `end`, `step` of a range, `max_characters` of a text."""

    start: int | float = 1
    end: int | float = 5
    step: int | float = Field(1, gt=0)
    max_characters: int = Field(1000, ge=1, le=2000)

    @field_validator("start", "end", "step")
    @classmethod
    def _whole(cls, number: int | float) -> int | float:
        return int(number) if number == int(number) else number


class SurveyGroup(Part):
    """Questions that belong together: `relevant` holds for all of them, and for the groups inside."""

    name: str = Field(pattern=NAME)
    label: Words | None = None
    relevant: str | None = None
    appearance: str | None = None
    parent: str | None = None


class SurveyQuestion(Part):
    """One row: what is asked, of whom (`relevant`), and which answers count (`constraint`).

    Notes, calculations and hidden values are rows too; their types say that nobody is asked.
    """

    type: str
    name: str = Field(pattern=NAME)
    label: Words
    hint: Words | None = None
    why: Words | None = None
    required: bool = False
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: Words | None = None
    default: str | None = None
    calculation: str | None = None
    choice_filter: str | None = None
    appearance: str | None = None
    list_name: str | None = None
    choices: tuple[SurveyChoice, ...] = ()
    parameters: Parameters = Parameters()
    group: str | None = None

    def choice(self, name: str) -> SurveyChoice | None:
        """The choice of that name."""
        return next((choice for choice in self.choices if choice.name == name), None)


class SurveyDefinition(Part):
    """A whole survey: consent first, questions in their order, thanks at the end."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,49}$")
    title: Words
    description: Words | None = None
    language: str = "en"
    consent: Words | None = None  # the house's own words, where a designer gives none
    thanks: Words | None = None
    anonymous: bool = False
    opens: datetime | None = None
    closes: datetime | None = None
    groups: tuple[SurveyGroup, ...] = ()
    questions: tuple[SurveyQuestion, ...] = Field(min_length=1)

    @field_validator("opens", "closes")
    @classmethod
    def _aware(cls, moment: datetime | None) -> datetime | None:
        # A date without a zone is the designer's plain day: taken as UTC.
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> SurveyDefinition:
        """A copy that has forgotten what was worked out from the original's questions."""
        copied = super().model_copy(update=update, deep=deep)
        for name in set(copied.__dict__) - set(type(self).model_fields):
            del copied.__dict__[name]
        return copied

    @cached_property
    def by_name(self) -> dict[str, SurveyQuestion]:
        """The questions by name, in their order."""
        return {question.name: question for question in self.questions}

    @cached_property
    def places(self) -> dict[str, int]:
        """Where in the survey each row stands, by name."""
        return {question.name: place for place, question in enumerate(self.questions)}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages in which anything is said, the survey's own first."""
        found = {self.language: None}
        pending: list[Any] = [self]
        while pending:
            one = pending.pop()
            if isinstance(one, Words):
                found |= dict.fromkeys(language for language in one.root if language)
            elif isinstance(one, Part):
                pending += [getattr(one, name) for name in type(one).model_fields]
            elif isinstance(one, tuple):
                pending += one
        return tuple(found)

    @cached_property
    def conditions(self) -> dict[str, tuple[str, ...]]:
        """By row, what must be true for it: the conditions of its groups from the outside in, and its own."""
        groups = {group.name: group for group in self.groups}
        found = {}
        for question in self.questions:
            own = [question.relevant]
            name = question.group
            while name is not None:
                own.append(groups[name].relevant)
                name = groups[name].parent
            found[question.name] = tuple(one for one in reversed(own) if one is not None)
        return found

    def is_open(self, now: datetime) -> bool:
        """Whether answers are taken at that moment."""
        return (self.opens is None or self.opens <= now) and (self.closes is None or now < self.closes)
