"""Makes a definition of rows, from whatever file they come: all of their problems in one run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from civic.surveys.advice import advise
from civic.surveys.checks import Place, check, check_list
from civic.surveys.definition import (
    SurveyChoice,
    SurveyDefinition,
    SurveyGroup,
    SurveyQuestion,
)
from civic.surveys.engine.types import TYPES
from civic.surveys.errors import Problem
from civic.surveys.limits import LAYOUT, REFUSED_APPEARANCES, REFUSED_TYPES
from civic.surveys.rows import LenientSettings, Path_, Rows, SettingsSheet
from civic.surveys.wording import did_you_mean, explain

SHEETS = ("settings", "choices", "survey")
GROUPS = ("begin_group", "end_group")
Model = TypeVar("Model", bound=BaseModel)


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


class Reading:
    """One reading of one file: collects problems while it builds the definition."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.problems = rows.problems
        self._groups: list[SurveyGroup] = []
        self._group_rows: dict[str, int] = {}
        self._open: list[tuple[SurveyGroup | None, int]] = []

    def definition(self) -> SurveyDefinition | None:
        """The survey, or None where something is wrong."""
        sheets = self.rows.sheets
        if sheets is None:
            return None
        settings = self._settings(sheets.get("settings"))
        lists = dict(self._lists(sheets.get("choices") or {}))
        rows = sheets.get("survey")
        if not isinstance(rows, list) or not rows:
            self._add(
                ("survey",), "there are no questions", "List the questions under survey:.", "no_questions"
            )
            return None
        questions = [self._row(number, row, lists) for number, row in enumerate(rows)]
        for group, number in self._open:
            name = group.name if group else "?"
            self._add(("survey", number), f"the group {name} is not closed", "Add a row end_group.", "group")
        good = [question for question in questions if question is not None]
        every_name = [
            str(row["name"])
            for row in rows
            if isinstance(row, dict) and row.get("name") and str(row.get("type")) not in GROUPS
        ]
        places = [number for number, question in enumerate(questions) if question is not None]
        anonymous = bool(settings and settings.anonymous)
        for found in check(good, every_name, self._groups, anonymous=anonymous):
            place = found.place
            path = self._path(place, places)
            self._add(path, found.cause, found.remedy, found.code, question=place.question, field=place.field)
        if not any(TYPES[question.type].asked for question in good) and len(good) == len(
            [row for row in rows if not isinstance(row, dict) or row.get("type") not in GROUPS]
        ):
            self._add(("survey",), "nothing is asked", "Add a question.", "no_questions")
        if settings is None or any(problem.severity == "error" for problem in self.problems):
            return None
        given = settings.model_dump()
        given |= {"id": given.pop("form_id"), "title": given.pop("form_title")}
        given |= {"language": given.pop("default_language"), "questions": tuple(good)}
        given["groups"] = tuple(self._groups)
        made = self._valid(SurveyDefinition, given, ("settings",))
        if made and made.opens and made.closes and made.opens >= made.closes:
            self._add(("settings", "closes"), "the survey closes before it opens", "Correct opens or closes.")
            return None
        if made:
            self._advise(made, places)
        return made

    def _advise(self, definition: SurveyDefinition, places: list[int]) -> None:
        for found in advise(definition):
            path = self._path(found.place, places) if found.place.row >= 0 else ("settings",)
            self._add(
                path,
                found.cause,
                found.remedy,
                found.code,
                question=found.place.question or None,
                field=found.place.field,
                severity="warning",
            )

    def _path(self, place: Place, places: list[int]) -> Path_:
        number = self._group_rows[place.group] if place.group else places[place.row]
        base: Path_ = ("survey", number)
        return (*base, place.field) if place.field else base

    def _settings(self, raw: Any) -> SettingsSheet | None:
        if not isinstance(raw, dict):
            self._add(("settings",), "there are no settings", "Write settings: with form_id and form_title.")
            return None
        return self._valid(LenientSettings if self.rows.lenient else SettingsSheet, raw, ("settings",))

    def _lists(self, raw: Any) -> Iterator[tuple[str, tuple[SurveyChoice, ...]]]:
        if not isinstance(raw, dict):
            self._add(("choices",), "choices is no set of lists", "Write a list's name below choices:.")
            return
        for name, items in raw.items():
            path: Path_ = ("choices", str(name))
            least = 1 if self.rows.lenient else 2
            if not isinstance(items, list) or len(items) < least:
                cause = f"the list {name} needs two choices at least"
                self._add(path, cause, "Add choices to the list.", "no_choices")
                yield str(name), ()
                continue
            made = [
                self._valid(SurveyChoice, item, (*path, number), question=None)
                for number, item in enumerate(items)
            ]
            choices = tuple(choice for choice in made if choice is not None)
            for number, cause, remedy, code in check_list(choices):
                there = (*path, number) if number is not None and len(choices) == len(items) else path
                self._add(there, cause, remedy, code, field=f"choices.{name}")
            yield str(name), choices

    def _row(
        self, number: int, raw: Any, lists: dict[str, tuple[SurveyChoice, ...]]
    ) -> SurveyQuestion | None:
        path: Path_ = ("survey", number)
        if not isinstance(raw, dict):
            self._add(path, "this is not a question", "Start it with - type: and give it name and label.")
            return None
        kind = str(raw.get("type", "")).strip()
        if kind.replace(" ", "_") in GROUPS:
            self._group(number, raw, kind.replace(" ", "_"))
            return None
        return self._question(number, raw, lists)

    def _group(self, number: int, raw: dict[str, Any], kind: str) -> None:
        path: Path_ = ("survey", number)
        if kind == "end_group":
            if not self._open:
                self._add(path, "no group is open here", "Remove the row, or add begin_group.", "group")
            else:
                self._open.pop()
            return
        parent = next((group.name for group, _ in reversed(self._open) if group), None)
        given = {field: value for field, value in raw.items() if field != "type"} | {"parent": parent}
        given.setdefault("name", f"group_{number + 1}")
        group = self._valid(SurveyGroup, given, path, question=str(given["name"]))
        if group and any(one.name == group.name for one in self._groups):
            self._add(
                (*path, "name"),
                f"two groups are called {group.name!r}",
                "Give every group a name of its own.",
                "name_twice",
            )
            group = None
        self._appearance(path, given.get("appearance"), str(given["name"]))
        self._open.append((group, number))
        if group:
            self._groups.append(group)
            self._group_rows[group.name] = number

    def _appearance(self, path: Path_, appearance: Any, name: str) -> None:
        for word in str(appearance or "").split():
            here = (*path, "appearance")
            bare = word.split("(")[0].lower()
            if bare in REFUSED_APPEARANCES:
                code, cause, remedy = REFUSED_APPEARANCES[bare]
                self._add(here, cause, remedy, code, question=name, field="appearance")
            elif bare.startswith("ex:"):
                remedy = "Remove the appearance, or ask in words."
                self._add(here, "another app cannot be opened", remedy, "external_app", question=name)
            elif "(" in word and bare in ("search", "query"):
                remedy = "Copy the choices to the sheet choices."
                self._add(here, "the choices are in another file", remedy, "external_data", question=name)
            elif bare.rstrip("0123456789").rstrip("-") not in LAYOUT and bare not in LAYOUT:
                self._add(
                    here,
                    f"the appearance {word!r} is not known and changes nothing",
                    "Remove it.",
                    "appearance",
                    question=name,
                    field="appearance",
                    severity="warning",
                )

    def _question(
        self, number: int, raw: dict[str, Any], lists: dict[str, tuple[SurveyChoice, ...]]
    ) -> SurveyQuestion | None:
        path: Path_ = ("survey", number)
        name = str(raw.get("name", f"number {number + 1}"))
        given = dict(raw)
        kind, _, list_name = str(given.get("type", "")).strip().partition(" ")
        list_name = list_name.strip()
        if "type" in given:
            given["type"] = kind
            if kind.lower() in REFUSED_TYPES:
                code, cause, remedy = REFUSED_TYPES[kind.lower()]
                self._add((*path, "type"), cause, remedy, code, question=name, field="type")
                return None
            elif kind not in TYPES:
                remedy = did_you_mean(kind, TYPES, f"Use one of: {', '.join(TYPES)}.")
                cause = f"there is no type {kind!r}"
                self._add((*path, "type"), cause, remedy, "type", question=name, field="type")
                kind = ""
        self._appearance(path, given.get("appearance"), name)
        for own in ("choices", "group", "list_name"):
            if own in given:
                del given[own]
                cause = f"{own} cannot be written at the question"
                remedy = "Move them to a list under choices: and write type: select_one <list>."
                self._add((*path, own), cause, remedy, question=name, field=own)
        if kind and TYPES[kind].listed:
            if list_name not in lists:
                cause = f"there is no list {list_name!r} of choices" if list_name else "it names no list"
                remedy = did_you_mean(list_name, lists, f"Write type: {kind} <list>, and add the list.")
                self._add((*path, "type"), cause, remedy, "no_choices", question=name, field="type")
            else:
                given["choices"], given["list_name"] = lists[list_name], list_name
        elif kind and list_name:
            cause = f"the type {kind} takes no list of choices"
            remedy = f"Write type: {kind}."
            self._add((*path, "type"), cause, remedy, "type", question=name, field="type")
        if kind and TYPES[kind].worked_out and "label" not in given:
            given["label"] = name  # nobody sees it, and every column of a table has a heading
        given["group"] = next((group.name for group, _ in reversed(self._open) if group), None)
        question = self._valid(SurveyQuestion, given, path, question=name)
        if question is None and kind:
            question = _stand_in(given)
        return question if kind else None

    def _valid(self, model: type[Model], raw: Any, path: Path_, question: str | None = None) -> Model | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                inner = tuple(part for part in detail["loc"] if part not in ("root", "int", "float"))
                cause, remedy = explain(detail, model)
                field = ".".join(str(part) for part in inner) or None
                code = _code(detail["type"], field or "")
                self._add((*path, *inner), cause, remedy, code, question=question, field=field)
            return None

    def _add(
        self,
        path: Path_,
        cause: str,
        remedy: str,
        code: str = "mistake",
        *,
        question: str | None = None,
        field: str | None = None,
        severity: Any = "error",
    ) -> None:
        where = self.rows.where(path)
        problem = Problem(
            file=self.rows.file,
            cause=cause,
            remedy=remedy,
            question=question,
            field=field,
            sheet=where.sheet,
            row=where.row,
            column=where.column,
            line=where.line,
            severity=severity,
            code=code,
        )
        if problem not in self.problems:
            self.problems.append(problem)


def _code(kind: str, field: str) -> str:
    if field in ("label", "name", "parameters", "calculation"):
        return {"label": "no_label"}.get(field, field)
    return "parameters" if field.startswith("parameters.") else kind if kind == "missing" else "mistake"
