"""Answers as a package of FLOIP Flow Results 1.0.0-rc1: a descriptor, and one row an answer, in a ZIP."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy.orm import Session

from civic.kit.exports import CHUNK
from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.types import TYPES
from civic.surveys.queries import version
from civic.surveys.results.queries import Respondent

if TYPE_CHECKING:
    from civic.surveys.results.exporting import Table

VERSION = "1.0.0-rc1"
FIELDS = (
    ("timestamp", "Timestamp", "datetime"),
    ("row_id", "Row ID", "string"),
    ("contact_id", "Contact ID", "string"),
    ("session_id", "Session ID", "string"),
    ("question_id", "Question ID", "string"),
    ("response", "Response", "any"),
    ("response_metadata", "Response Metadata", "object"),
)
_TYPES = {
    "integer": "numeric",
    "decimal": "numeric",
    "range": "numeric",
    "date": "date",
    "time": "time",
    "geopoint": "geo_point",
    "image": "image",
}
DATA = "responses.json"


def package(
    session: Session,
    survey_id: str,
    table: Table,
    people: Iterable[Respondent],
    picture: Callable[[str], str] = str,
) -> Iterator[bytes]:
    """The ZIP in pieces; rows go to the disk as they come. `picture` gives the address of a photo."""
    numbers = [number for number, _ in table.versions]
    first, last = version(session, survey_id, numbers[-1]), version(session, survey_id, numbers[0])
    assert first is not None  # a survey has a version, or it would not be one
    assert last is not None
    about = descriptor(survey_id, table, first.published_at, last.published_at)
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("datapackage.json", json.dumps(about, ensure_ascii=False, indent=1))
            with bundle.open(DATA, "w", force_zip64=True) as data:
                data.write(b"[")
                for number, row in enumerate(rows(table, people, picture)):
                    text = json.dumps(row, ensure_ascii=False)
                    data.write((",\n" if number else "\n").encode() + text.encode())
                data.write(b"\n]\n")
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def descriptor(survey_id: str, table: Table, created: datetime, modified: datetime) -> dict[str, Any]:
    """What is in the package.

    Its id stays while the questions do: under one id the specification lets none of them change.
    """
    language = table.definition.language
    questions = {
        question.name: {
            "type": kind_of(question),
            "label": question.label.in_language(language),
            "type_options": _options(table, question),
        }
        for question in table.questions
    }
    asked = json.dumps([survey_id, language, questions], sort_keys=True)
    digest = hashlib.sha256(f"folkmoot survey {asked}".encode()).digest()[:16]
    resource = {
        "name": f"{survey_id}-data",
        "path": DATA,
        "access_method": "file",
        "mediatype": "application/json",
        "encoding": "utf-8",
        "schema": {
            "language": three_letters(language),
            "fields": [{"name": name, "title": title, "type": kind} for name, title, kind in FIELDS],
            "questions": questions,
        },
    }
    return {
        "profile": "flow-results-package",
        "name": survey_id,
        "flow_results_specification_version": VERSION,
        "created": _time(created),
        "modified": _time(modified),
        "id": str(UUID(bytes=digest, version=4)),
        "title": table.definition.title.in_language(language),
        "resources": [resource],
    }


def rows(table: Table, people: Iterable[Respondent], picture: Callable[[str], str]) -> Iterator[list[Any]]:
    """One row an answer that was given, respondents one after the other, in the order of the survey."""
    for each in people:
        respondent = each.row
        language = three_letters(respondent.language)
        for number, question in enumerate(table.questions):
            if each.answers.get(question.name) is None:
                continue
            response, about = _response(table, question, each, picture)
            about = about | {"language": language, "version": respondent.version}
            at = _time(each.times[question.name])
            # A person has one session that counts, and its id is all that tells one person from another.
            ids = [f"{respondent.id}-{number}", respondent.id, respondent.id]
            yield [at, *ids, question.name, response, about]


@lru_cache(maxsize=256)
def three_letters(language: str) -> str:
    """The language's code in ISO 639-3, which the specification asks for: `fr` is `fra`."""
    from babel.core import get_global

    base = language.split("-")[0].casefold()
    aliases = get_global("language_aliases").items()
    return next((three for three, two in aliases if two == base and len(three) == 3), base)


def kind_of(question: SurveyQuestion) -> str:
    """The specification's word for a type of question."""
    if TYPES[question.type].several:
        return "select_many"
    if question.type in _TYPES:
        return _TYPES[question.type]
    return "select_one" if TYPES[question.type].options(question) else "text"


def _options(table: Table, question: SurveyQuestion) -> dict[str, Any]:
    kind = kind_of(question)
    if kind in ("select_one", "select_many"):
        known = table.choices_of[question.name]
        found: dict[str, Any] = {"choices": [*known, "other"], "labels": {**known, "other": "In other words"}}
        return found | ({"ranked": True} if question.type == "rank" else {})
    if question.type == "range":
        return {"range": [question.parameters.start, question.parameters.end]}
    return {}


def _response(
    table: Table, question: SurveyQuestion, given: Respondent, picture: Callable[[str], str]
) -> tuple[Any, dict[str, Any]]:
    kind, value = kind_of(question), given.answers[question.name]
    if kind in ("select_one", "select_many"):
        code, _, other = table.parts(question, given)
        return code, {"other": other} if other else {}
    if kind == "geo_point":
        return [float(part) for part in str(value).split()[:2]], {}
    if kind == "time":
        return f"{value}:00", {}
    if kind == "image":
        return picture(str(value)), {}
    return value if kind == "numeric" else str(value), {}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
