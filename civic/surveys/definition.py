"""A survey as published: everything the engine needs, and nothing that changes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,39}$"


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
    """One answer to choose; `also` are other words by which citizens may call it."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")
    label: Words
    also: tuple[str, ...] = ()


class Parameters(Part):
    """Numbers that some types need: `start`, `end`, `step` of a range, `max_characters` of a text."""

    start: int = 1
    end: int = 5
    step: int = Field(1, ge=1)
    max_characters: int = Field(1000, ge=1, le=2000)


class SurveyQuestion(Part):
    """One question: what is asked, of whom (`relevant`), and which answers count (`constraint`)."""

    type: str
    name: str = Field(pattern=NAME)
    label: Words
    hint: Words | None = None
    why: Words | None = None
    required: bool = False
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: Words | None = None
    choices: tuple[SurveyChoice, ...] = ()
    parameters: Parameters = Parameters()

    def choice(self, name: str) -> SurveyChoice | None:
        """The choice of that name."""
        return next((choice for choice in self.choices if choice.name == name), None)


class SurveyDefinition(Part):
    """A whole survey: consent first, questions in their order, thanks at the end."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,49}$")
    title: Words
    description: Words | None = None
    language: str = "en"
    consent: Words
    thanks: Words
    anonymous: bool = False
    opens: datetime | None = None
    closes: datetime | None = None
    questions: tuple[SurveyQuestion, ...] = Field(min_length=1)

    @field_validator("opens", "closes")
    @classmethod
    def _aware(cls, moment: datetime | None) -> datetime | None:
        # A date without a zone is the designer's plain day: taken as UTC.
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment

    @cached_property
    def by_name(self) -> dict[str, SurveyQuestion]:
        """The questions by name, in their order."""
        return {question.name: question for question in self.questions}

    def is_open(self, now: datetime) -> bool:
        """Whether answers are taken at that moment."""
        return (self.opens is None or self.opens <= now) and (self.closes is None or now < self.closes)
