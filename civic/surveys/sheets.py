"""Reads a survey file: YAML with the three sheets of XLSForm, and every problem with its line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, Field, ValidationError

from civic.surveys.checks import Place, check, check_list
from civic.surveys.definition import Part, SurveyChoice, SurveyDefinition, SurveyQuestion, Words
from civic.surveys.engine.types import TYPES
from civic.surveys.errors import BrokenSurvey, Problem
from civic.surveys.wording import did_you_mean, explain

SHEETS = ("settings", "choices", "survey")
LARGEST = 500_000
Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]


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


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the fast one, if built
    """YAML without its surprises: `yes`, `no` and dates stay the words the designer wrote."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_file(path: Path) -> SurveyDefinition:
    """The survey in a file; raises `BrokenSurvey` with all of its problems at once."""
    try:
        data = path.read_bytes()
        if len(data) > LARGEST:
            raise BrokenSurvey([_problem(path.name, "the file is larger than 500 kB", "Split the survey.")])
        return read_text(data.decode("utf-8-sig"), path.name)
    except UnicodeDecodeError:
        problem = _problem(path.name, "the file is not UTF-8 text", "Save it as UTF-8 in your editor.")
    except OSError as error:
        problem = _problem(
            path.name, f"the file cannot be read ({error.strerror})", "Check its name and rights."
        )
    raise BrokenSurvey([problem])


def read_text(text: str, file: str) -> SurveyDefinition:
    """The survey in a text; `file` is the name used in problems."""
    reading = _Reading(text, file)
    definition = reading.definition()
    if reading.problems or definition is None:
        raise BrokenSurvey(sorted(reading.problems, key=lambda problem: problem.line or 0))
    return definition


def _problem(file: str, cause: str, remedy: str, **where: Any) -> Problem:
    return Problem(file=file, cause=cause, remedy=remedy, **where)


def _stand_in(given: dict[str, Any]) -> SurveyQuestion | None:
    """The question without its broken fields, so that the others are checked in the same run."""
    try:
        return SurveyQuestion.model_validate(given)
    except ValidationError as error:
        broken = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    rest = {field: value for field, value in given.items() if field not in broken}
    try:
        return SurveyQuestion.model_validate({"label": "?", **rest})
    except ValidationError:
        return None


class _Reading:
    """One reading of one file: collects problems while it builds the definition."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._lines: dict[Path_, int] = {}
        self._sheets = self._parse(text)

    def definition(self) -> SurveyDefinition | None:
        if self._sheets is None:
            return None
        settings = self._settings(self._sheets.get("settings"))
        lists = dict(self._lists(self._sheets.get("choices") or {}))
        rows = self._sheets.get("survey")
        if not isinstance(rows, list) or not rows:
            self._add(("survey",), "there are no questions", "List the questions under survey:.")
            return None
        questions = [self._question(number, row, lists) for number, row in enumerate(rows)]
        good = [question for question in questions if question is not None]
        every_name = [row.get("name") for row in rows if isinstance(row, dict)]
        places = [number for number, question in enumerate(questions) if question is not None]
        for place, cause, remedy in check(good, [str(name) for name in every_name if name]):
            self._add(self._path(place, places), cause, remedy, question=place.question, field=place.field)
        if self.problems or settings is None:
            return None
        given = settings.model_dump()
        given |= {"id": given.pop("form_id"), "title": given.pop("form_title")}
        given |= {"language": given.pop("default_language"), "questions": tuple(good)}
        made = self._valid(SurveyDefinition, given, ("settings",))
        if made and made.opens and made.closes and made.opens >= made.closes:
            self._add(("settings", "closes"), "the survey closes before it opens", "Correct opens or closes.")
        return made

    @staticmethod
    def _path(place: Place, places: list[int]) -> Path_:
        base: Path_ = ("survey", places[place.row])
        return (*base, place.field) if place.field else base

    def _parse(self, text: str) -> dict[str, Any] | None:
        try:
            loader = _Loader(text)
            node = loader.get_single_node()
            self._walk(node, ())
            sheets = loader.construct_document(node) if node else None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            cause = f"this is not valid YAML ({error.problem or error.context})"
            self.problems.append(
                _problem(self.file, cause, "Check indents, colons and quotes near this line.", line=line)
            )
            return None
        except (yaml.YAMLError, RecursionError) as error:
            cause = f"this is not valid YAML ({str(error).splitlines()[0]})"
            self.problems.append(_problem(self.file, cause, "Remove unusual characters and deep nesting."))
            return None
        if not isinstance(sheets, dict):
            self._add((), "the file is empty or no survey", "Write settings:, choices: and survey:.")
            return None
        for name in sheets:
            if name not in SHEETS:
                remedy = did_you_mean(str(name), SHEETS, "Move it under settings:, choices: or survey:.")
                self._add((name,), f"there is no part {name!r}", remedy)
        return sheets

    def _walk(self, node: yaml.Node | None, path: Path_) -> None:
        """Notes the line of everything, and keys that are written twice."""
        if node is None:
            return
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                name = str(key.value)
                here = (*path, name)
                if name in seen:
                    line = key.start_mark.line + 1
                    self._add(path, f"{name!r} is written twice", "Keep one of the two.", line=line)
                seen.add(name)
                self._lines[here] = key.start_mark.line + 1
                self._walk(value, here)
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self._walk(item, (*path, number))

    def _settings(self, raw: Any) -> SettingsSheet | None:
        if not isinstance(raw, dict):
            self._add(("settings",), "there are no settings", "Write settings: with form_id and form_title.")
            return None
        return self._valid(SettingsSheet, raw, ("settings",))

    def _lists(self, raw: Any) -> Iterator[tuple[str, tuple[SurveyChoice, ...]]]:
        if not isinstance(raw, dict):
            self._add(("choices",), "choices is no set of lists", "Write a list's name below choices:.")
            return
        for name, items in raw.items():
            path: Path_ = ("choices", str(name))
            if not isinstance(items, list) or len(items) < 2:
                self._add(path, f"the list {name} needs two choices at least", "Add choices to the list.")
                yield str(name), ()
                continue
            made = [
                self._valid(SurveyChoice, item, (*path, number), question=None)
                for number, item in enumerate(items)
            ]
            choices = tuple(choice for choice in made if choice is not None)
            for cause, remedy in check_list(choices):
                self._add(path, cause, remedy, field=f"choices.{name}")
            yield str(name), choices

    def _question(
        self, number: int, raw: Any, lists: dict[str, tuple[SurveyChoice, ...]]
    ) -> SurveyQuestion | None:
        path: Path_ = ("survey", number)
        if not isinstance(raw, dict):
            self._add(path, "this is not a question", "Start it with - type: and give it name and label.")
            return None
        name = str(raw.get("name", f"number {number + 1}"))
        given = dict(raw)
        kind, _, list_name = str(given.get("type", "")).strip().partition(" ")
        list_name = list_name.strip()
        if "type" in given:
            given["type"] = kind
            if kind not in TYPES:
                remedy = did_you_mean(kind, TYPES, f"Use one of: {', '.join(TYPES)}.")
                self._add((*path, "type"), f"there is no type {kind!r}", remedy, question=name, field="type")
                kind = ""
        if "choices" in given:
            del given["choices"]
            cause = "choices cannot be written at the question"
            remedy = "Move them to a list under choices: and write type: select_one <list>."
            self._add((*path, "choices"), cause, remedy, question=name, field="choices")
        elif kind and TYPES[kind].listed:
            if list_name not in lists:
                cause = f"there is no list {list_name!r} of choices" if list_name else "it names no list"
                remedy = did_you_mean(list_name, lists, f"Write type: {kind} <list>, and add the list.")
                self._add((*path, "type"), cause, remedy, question=name, field="type")
            else:
                given["choices"] = lists[list_name]
        elif kind and list_name:
            cause = f"the type {kind} takes no list of choices"
            self._add((*path, "type"), cause, f"Write type: {kind}.", question=name, field="type")
        question = self._valid(SurveyQuestion, given, path, question=name)
        if question is None and kind:
            question = _stand_in(given)
        return question if kind else None

    def _valid(self, model: type[Model], raw: Any, path: Path_, question: str | None = None) -> Model | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                inner = tuple(part for part in detail["loc"] if part != "root")
                cause, remedy = explain(detail, model)
                field = ".".join(str(part) for part in inner) or None
                self._add((*path, *inner), cause, remedy, question=question, field=field)
            return None

    def _add(
        self,
        path: Path_,
        cause: str,
        remedy: str,
        *,
        question: str | None = None,
        field: str | None = None,
        line: int | None = None,
    ) -> None:
        while line is None and path and path not in self._lines:
            path = path[:-1]
        line = line or self._lines.get(path)
        self.problems.append(_problem(self.file, cause, remedy, line=line, question=question, field=field))
