"""Reads a survey file: YAML or XLSForm, and every problem with its row."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import yaml

from civic.surveys.definition import SurveyDefinition
from civic.surveys.errors import BrokenSurvey, Problem
from civic.surveys.reading import SHEETS, Reading
from civic.surveys.rows import Rows, Where
from civic.surveys.wording import did_you_mean

LARGEST = 500_000
XLSFORMS = (".xlsx", ".xlsm", ".xls", ".md", ".csv")
YAML = (".yml", ".yaml")
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class SurveyFileRead:
    """What a file holds: a survey where there is no error, and everything there is to say about it."""

    definition: SurveyDefinition | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What stops the file from being published."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


def files_in(folder: Path) -> list[Path]:
    """The survey files of a folder; what an office program leaves lying about is none."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in (*YAML, *XLSFORMS)
        and not path.name.startswith(("~$", "."))
        and path.stem.upper() != "README"
    )


def read_file(path: Path) -> SurveyDefinition:
    """The survey in a file; raises `BrokenSurvey` with all of its problems at once."""
    return _good(examine(path))


def read_text(text: str, file: str) -> SurveyDefinition:
    """The survey in a text; `file` is the name used in problems."""
    return _good(_examined(_yaml(text, file)))


def examine_text(text: str, file: str) -> SurveyFileRead:
    """Everything there is to say about a YAML text."""
    return _examined(_yaml(text, file))


def _good(read: SurveyFileRead) -> SurveyDefinition:
    if read.definition is None or read.errors:
        raise BrokenSurvey(list(read.errors))
    return read.definition


def examine(path: Path) -> SurveyFileRead:
    """Everything there is to say about a file, warnings too; never raises for what a designer wrote."""
    try:
        data = path.read_bytes()
    except OSError as error:
        cause = f"the file cannot be read ({error.strerror})"
        return _only(path.name, cause, "Check its name and rights.")
    return examine_bytes(data, path.name)


def examine_bytes(data: bytes, file: str) -> SurveyFileRead:
    """The same for a file that was uploaded; its name's ending says what it is."""
    suffix = PurePath(file).suffix.lower()
    if suffix in XLSFORMS:
        from civic.surveys.xlsform.read import rows_of  # spreadsheets take a second to load

        return _examined(rows_of(data, file))
    if suffix not in YAML:
        return _only(file, f"{suffix or 'a file without an ending'} is no survey", _KINDS)
    if len(data) > LARGEST:
        return _only(file, "the file is larger than 500 kB", "Split the survey.")
    try:
        return _examined(_yaml(data.decode("utf-8-sig"), file))
    except UnicodeDecodeError:
        return _only(file, "the file is not UTF-8 text", "Save it as UTF-8 in your editor.")


_KINDS = "Give it as .yml, .xlsx, .xls, .md or .csv."


def _only(file: str, cause: str, remedy: str) -> SurveyFileRead:
    return SurveyFileRead(None, (Problem(file=file, cause=cause, remedy=remedy, code="unreadable"),))


def _examined(rows: Rows) -> SurveyFileRead:
    reading = Reading(rows)
    definition = reading.definition()
    refused, errors = rows.refused, [one for one in reading.problems if one.severity == "error"]
    if refused is not None and not any(one.row and one.row == refused.row for one in errors):
        reading.problems.append(refused)
    problems = sorted(reading.problems, key=_position)
    wrong = any(problem.severity == "error" for problem in problems)
    return SurveyFileRead(None if wrong else definition, tuple(problems))


def _position(problem: Problem) -> tuple[bool, int, int]:
    sheet = SHEETS.index(problem.sheet) if problem.sheet in SHEETS else -1
    line = problem.line or 0
    return problem.severity == "warning", 0 if line else sheet, line or problem.row or 0


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the fast one, if built
    """YAML without its surprises: `yes`, `no` and dates stay the words the designer wrote."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _yaml(text: str, file: str) -> Rows:
    """The three sheets of a YAML file."""
    lines: dict[Path_, int] = {}
    problems: list[Problem] = []

    def say(cause: str, remedy: str, line: int | None = None) -> None:
        problems.append(Problem(file=file, cause=cause, remedy=remedy, line=line, row=line))

    def where(path: Path_) -> Where:
        fields = [part for part in path[2:] if isinstance(part, str)]
        inner = path
        while inner and inner not in lines:
            inner = inner[:-1]
        line, column = lines.get(inner), fields[0] if path[:1] == ("survey",) and fields else None
        sheet = str(path[0]) if path else None
        return Where(sheet=sheet, row=line, column=column, line=line)

    rows = Rows(file=file, sheets=None, where=where, problems=problems)
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        _walk(node, (), lines, say)
        sheets = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        cause = f"this is not valid YAML ({error.problem or error.context})"
        say(cause, "Check indents, colons and quotes near this line.", line)
        return rows
    except (yaml.YAMLError, RecursionError) as error:
        cause = f"this is not valid YAML ({str(error).splitlines()[0]})"
        say(cause, "Remove unusual characters and deep nesting.")
        return rows
    if not isinstance(sheets, dict):
        say("the file is empty or no survey", "Write settings:, choices: and survey:.", lines.get(()))
        return rows
    for name in sheets:
        if name not in SHEETS:
            remedy = did_you_mean(str(name), SHEETS, "Move it under settings:, choices: or survey:.")
            say(f"there is no part {name!r}", remedy, lines.get((name,)))
    rows.sheets = sheets
    return rows


def _walk(node: yaml.Node | None, path: Path_, lines: dict[Path_, int], say: Any) -> None:
    """Notes the line of everything, and keys that are written twice."""
    if node is None:
        return
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                say(f"{name!r} is written twice", "Keep one of the two.", key.start_mark.line + 1)
            seen.add(name)
            lines[(*path, name)] = key.start_mark.line + 1
            _walk(value, (*path, name), lines, say)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _walk(item, (*path, number), lines, say)
