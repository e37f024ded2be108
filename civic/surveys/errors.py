"""What can be wrong with a survey, one class or problem per broken rule."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from civic.kit.errors import Invalid, NotFound


class Problem(BaseModel):
    """One mistake in a designer's file: where it is, what is wrong, and what to do.

    `severity`: an `error` stops the file from being published, a `warning` does not. In a YAML file `row`
    is the line and `column` the field.
    """

    model_config = ConfigDict(frozen=True)

    file: str
    cause: str
    remedy: str
    line: int | None = None
    question: str | None = None
    field: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    severity: Literal["error", "warning"] = "error"
    code: str = "mistake"

    def __str__(self) -> str:
        where = [self.file]
        if self.line:
            where.append(f"line {self.line}")
        elif self.sheet:
            where.append(f"sheet {self.sheet}")
            if self.row:
                where.append(f"row {self.row}")
        if self.question:
            where.append(f"question {self.question}")
        if self.field and self.line:
            where.append(f"field {self.field}")
        elif self.column:
            where.append(f"column {self.column}")
        cause = self.cause[:1].upper() + self.cause[1:]
        warning = "warning: " if self.severity == "warning" else ""
        return f"{warning}{', '.join(where)}: {cause}. {self.remedy}"


class BrokenSurvey(Invalid):
    """A survey file has mistakes; `problems` lists every one of them."""

    code = "survey_broken"
    title = "This survey file has mistakes"

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class UnknownSurvey(NotFound):
    """No survey has this id."""

    code = "survey_unknown"
    title = "There is no survey of this name"


class QuotaRefused(Invalid):
    """A quota counts an answer that nobody can give."""

    code = "survey_quota_refused"
    title = "This quota cannot be counted"
