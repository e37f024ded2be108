"""Reads every file that a designer edits and names the first mistake of each, with line and remedy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml
from fluent.syntax import FluentParser, ast

from civic.kit import danger
from civic.knowledge.answering import refusals
from civic.service_requests import areas, calendar, places, services
from civic.service_requests.errors import BrokenServiceList
from civic.surveys.errors import BrokenSurvey
from civic.surveys.sheets import files_in, read_file

ROOT = Path(__file__).resolve().parent.parent


def main(root: Path = ROOT) -> int:
    """Print one sentence a broken file; 1 when there was any."""
    problems = list(mistakes(root))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def mistakes(root: Path) -> Iterator[str]:
    """A sentence for each file that cannot be used."""
    for path in sorted([*root.glob("*.yml"), *root.glob("data/**/*.yml"), *root.glob("content/demo/*.yml")]):
        yield from _checked(path, root, _yaml)
    for path in sorted(root.glob("content/locales/**/*.ftl")):
        yield from _checked(path, root, _fluent)
    yield from _lists(root)
    for path in files_in(root / "content" / "surveys"):
        try:
            read_file(path)
        except BrokenSurvey as broken:
            yield from map(str, broken.problems)
    for path in sorted(root.glob("content/policies/**/*")):
        if path.is_file() and path.suffix in {".md", ".html", ".jsonl"}:
            yield from _checked(path, root, lambda text: None)


def _lists(root: Path) -> Iterator[str]:
    """Mistakes in the lists of services, dangers and refusals."""
    for name, read in (
        ("services.yml", services.load),
        ("danger.yml", danger.load),
        ("refusals.yml", refusals.load),
    ):
        try:
            read(root / "content" / name)
        except (BrokenServiceList, danger.BrokenDangerList, refusals.BrokenRefusals) as broken:
            yield f"{broken.detail} {broken.remedy}"
    try:
        areas.load(root / "content" / areas.FILE)
        places.load(root / "content" / places.FILE)
        calendar.load(root / "content" / calendar.FILE, "", "", "UTC")
    except (areas.BrokenAreas, places.BrokenPlaces, calendar.BrokenClosingDays) as broken:
        yield f"{broken.detail} {broken.remedy}"


def _checked(path: Path, root: Path, check: Callable[[str], str | None]) -> Iterator[str]:
    name = path.relative_to(root)
    try:
        problem = check(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8; save the file as UTF-8"
    except OSError as error:
        problem = f"it cannot be read ({error.strerror})"
    if problem:
        yield f"{name}: {problem}."


def _yaml(text: str) -> str | None:
    try:
        for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        return f"{where}{error.problem or error.context}; check indentation, quotes and colons there"
    except yaml.YAMLError as error:
        return str(error).splitlines()[0]
    return None


def _fluent(text: str) -> str | None:
    for entry in FluentParser().parse(text).body:
        if isinstance(entry, ast.Junk):
            found = entry.annotations[0] if entry.annotations else None
            at = entry.span.start if entry.span else 0
            line = text.count("\n", 0, at) + 1
            return f"line {line}: {found.message if found else 'this is not a message'}"
    return None


if __name__ == "__main__":
    sys.exit(main())
