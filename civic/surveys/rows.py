"""A designer's file as rows, from whatever program it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import Field

from civic.surveys.definition import Part, Words
from civic.surveys.errors import Problem

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Where:
    """Where something stands in a designer's file."""

    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    line: int | None = None


@dataclass
class Rows:
    """A file as rows: its three sheets, where each thing stands, and what was wrong before they were read.

    `sheets`: `settings` by field, `choices` by list, `survey` in order; None where the file cannot be read.
    """

    file: str
    sheets: dict[str, Any] | None
    where: Callable[[Path_], Where]
    problems: list[Problem] = field(default_factory=list)
    refused: Problem | None = None  # what another tool says, told where we say nothing about that row
    lenient: bool = False  # an XLSForm of elsewhere has no consent and no thanks


class SettingsSheet(Part):
    """The `settings` of a file."""

    form_id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,49}$")
    form_title: Words
    description: Words | None = None
    default_language: str = "en"
    consent: Words
    thanks: Words
    anonymous: bool = False
    opens: datetime | None = None
    closes: datetime | None = None


class LenientSettings(SettingsSheet):
    """The `settings` of a form that was not made for us."""

    consent: Words | None = None  # type: ignore[assignment]
    thanks: Words | None = None  # type: ignore[assignment]
