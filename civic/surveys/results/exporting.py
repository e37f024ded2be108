"""Answers for other programs: one row a respondent, the same columns for all of them, and a codebook.

Columns stand in the order of the survey, whatever anybody was asked, and carry names of questions and
choices that no translation changes. A question that only older versions asked has its column at the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from civic.kit import exports
from civic.kit.exports import CHUNK, Cell
from civic.surveys import queries as surveys
from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.types import TYPES
from civic.surveys.models import SurveySession
from civic.surveys.results import queries
from civic.surveys.results.queries import Respondent
from civic.surveys.results.splits import label_of
from civic.surveys.results.tables import columns

Form = Literal["csv", "xlsx", "json", "flow", "codebook"]
MEDIA_TYPES = {
    **exports.MEDIA_TYPES,
    "json": "application/json",
    "flow": "application/zip",
    "codebook": exports.MEDIA_TYPES["csv"],
}
ENDINGS = {"flow": "zip", "codebook": "codebook.csv"}
FIXED = ("respondent", "version", "language", "completed")
CODEBOOK = ("column", "question", "type", "label", "code", "code_label", "versions", "asked_if")
# A value that is no choice of a list stands in a column of its own, beside the code.
OTHER_CODE = "other"


class Table:
    """The columns of a survey's export; `labels` adds one beside each question with choices."""

    def __init__(self, versions: Sequence[tuple[int, SurveyDefinition]], *, labels: bool = True) -> None:
        self.versions, self.labels = versions, labels
        self.definition = versions[0][1]
        self.questions = columns([definition for _, definition in versions])
        self.choices_of = {question.name: self._known(question) for question in self.questions}

    @property
    def heads(self) -> list[str]:
        """The names of the columns."""
        found = list(FIXED)
        for question in self.questions:
            found.append(question.name)
            if self.labels and self.choices_of[question.name]:
                found += [f"{question.name}:label", f"{question.name}:other"]
        return found

    def about(self, row: SurveySession) -> list[Cell]:
        """The cells of a respondent before the answers."""
        return [row.id, row.version, row.language, _moment(row, self.definition)]

    def cells(self, one: Respondent) -> list[Cell]:
        """One respondent; what was skipped or never asked is an empty cell."""
        found = self.about(one.row)
        for question in self.questions:
            code, label, other = self.parts(question, one)
            found.append(_joined(code, " "))
            if self.labels and self.choices_of[question.name]:
                found += [_joined(label, "; "), _joined(other, "; ")]
        return found

    def parts(self, question: SurveyQuestion, given: Respondent) -> tuple[Any, Any, Any]:
        """An answer as its codes, their labels, and what was said in other words than the choices."""
        value = given.answers.get(question.name)
        known = self.choices_of[question.name]
        if value is None or not known:
            return value, None, None
        values = [str(one) for one in (value if isinstance(value, list | tuple) else [value])]
        codes = [one if one in known else OTHER_CODE for one in values]
        other = [one for one in values if one not in known]
        other += [given.others[question.name]] if given.others.get(question.name) else []
        labels = [known.get(one, one) for one in codes]
        if isinstance(value, list | tuple):
            return codes, labels, other
        plain = value if value in known or isinstance(value, int | float) else codes[0]
        return plain, labels[0], other[0] if other else None

    def codebook(self) -> Iterator[list[Cell]]:
        """What each column and each code means: one row a question, and one a code of it."""
        language = self.definition.language
        for question in self.questions:
            within = [(number, one) for number, one in self.versions if question.name in one.by_name]
            asked_if = " and ".join(within[0][1].conditions[question.name])
            numbers = " ".join(str(number) for number, _ in reversed(within))
            label = question.label.in_language(language)
            yield [question.name, question.name, question.type, label, "", "", numbers, asked_if]
            for code, words in self.choices_of[question.name].items():
                yield [question.name, question.name, question.type, label, code, words, numbers, asked_if]

    def _known(self, question: SurveyQuestion) -> dict[str, str]:
        """The choices of every version with their labels in the survey's own language, the newest words."""
        found: dict[str, str] = {}
        for _, definition in self.versions:
            own = definition.by_name.get(question.name)
            for name in TYPES[own.type].options(own) if own is not None else ():
                found.setdefault(name, label_of(own or question, name, definition.language))
        return found


def export(
    session: Session,
    survey_id: str,
    form: Form,
    now: datetime,
    *,
    labels: bool = True,
    picture: Callable[[str], str] = str,
) -> Iterator[bytes]:
    """Everybody's answers in pieces; no more than a few hundred respondents are in memory at a time."""
    from civic.surveys.results import flow_results

    surveys.one_published(session, survey_id)
    table = Table(queries.numbered_versions(session, survey_id), labels=labels)
    people = queries.respondents(session, survey_id)
    if form == "flow":
        return flow_results.package(session, survey_id, table, people, picture)
    if form == "json":
        return _json(survey_id, table, people, now)
    if form == "codebook":
        return exports.csv_rows(CODEBOOK, table.codebook())
    rows = (table.cells(one) for one in people)
    if form == "csv":
        return exports.csv_rows(table.heads, rows)
    return exports.xlsx_file(table.heads, rows, "Answers", {"Codebook": [CODEBOOK, *table.codebook()]})


def _json(survey_id: str, table: Table, people: Iterable[Respondent], now: datetime) -> Iterator[bytes]:
    head = {
        "survey": survey_id,
        "title": table.definition.title.in_language(table.definition.language),
        "exported_at": now.isoformat(),
        "codebook": [dict(zip(CODEBOOK, row, strict=True)) for row in table.codebook()],
    }
    text = json.dumps(head, ensure_ascii=False)
    pieces, size, first = [f'{text[:-1]}, "respondents": [\n'], 0, True
    for each in people:
        given = {}
        for question in table.questions:
            code, label, other = table.parts(question, each)
            given[question.name] = {"code": code, "label": label, "other": other}
        one = dict(zip(FIXED, table.about(each.row), strict=True)) | {"answers": given}
        pieces.append(("" if first else ",\n") + json.dumps(one, ensure_ascii=False))
        first = False
        size += len(pieces[-1])
        if size >= CHUNK:
            yield "".join(pieces).encode()
            pieces, size = [], 0
    yield ("".join(pieces) + "\n]}\n").encode()


def _moment(row: SurveySession, definition: SurveyDefinition) -> str:
    """When it was completed; of an anonymous survey the day alone is stored."""
    if row.completed_at is None:
        return ""
    return row.completed_at.date().isoformat() if definition.anonymous else row.completed_at.isoformat()


def _joined(value: Any, glue: str) -> Cell:
    if isinstance(value, list | tuple):
        return glue.join(str(one) for one in value)
    if value is None or isinstance(value, str | int | float):
        return value
    return json.dumps(value, ensure_ascii=False)
