"""Writes a survey as an XLSForm workbook; read again, it is the same survey."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from civic.surveys.definition import SurveyChoice, SurveyDefinition, SurveyGroup, SurveyQuestion, Words
from civic.surveys.engine.types import TYPES
from civic.surveys.xlsform.languages import heading_of

_ORDER = (
    *("type", "name", "label", "hint", "why", "required", "relevant", "constraint", "constraint_message"),
    *("default", "calculation", "choice_filter", "appearance", "parameters"),
    "max_characters",
)
Row = dict[str, str]


def workbook(definition: SurveyDefinition) -> bytes:
    """The workbook (.xlsx) of a survey."""
    out = io.BytesIO()
    # No cell is a formula or a link, whatever it begins with.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        head = book.add_format({"bold": True, "bg_color": "#e8eef4"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows, order in _sheets(definition):
            sheet = book.add_worksheet(name)
            columns = _columns(rows, order)
            sheet.freeze_panes(1, 0)
            for place, heading in enumerate(columns):
                sheet.write_string(0, place, heading, head)
                sheet.set_column(place, place, 40 if heading.startswith(("label", "consent", "hint")) else 18)
            for number, row in enumerate(rows, start=1):
                for place, heading in enumerate(columns):
                    if heading in row:
                        sheet.write_string(number, place, row[heading], body)
    return out.getvalue()


def _columns(rows: Sequence[Row], order: Sequence[str]) -> list[str]:
    """The headings in use: the known ones in order, each with its languages; then the designer's own."""
    used = dict.fromkeys(heading for row in rows for heading in row)
    known = [one for field in order for one in used if one == field or one.startswith(f"{field}::")]
    return [*known, *(one for one in used if one not in known)]


def _sheets(definition: SurveyDefinition) -> Iterable[tuple[str, list[Row], Sequence[str]]]:
    yield "survey", list(_survey(definition)), _ORDER
    yield "choices", list(_choices(definition)), ("list_name", "name", "label", "also")
    settings = {"form_title": definition.title, "form_id": definition.id}
    row = _row(
        {
            **settings,
            "description": definition.description,
            "consent": definition.consent,
            "thanks": definition.thanks,
            "default_language": heading_of(definition.language),
            "anonymous": "yes" if definition.anonymous else None,
            "opens": definition.opens.isoformat() if definition.opens else None,
            "closes": definition.closes.isoformat() if definition.closes else None,
        }
    )
    order = ("form_title", "form_id", "description", "consent", "thanks", "default_language")
    yield "settings", [row], order


def _row(fields: Mapping[str, Any]) -> Row:
    row: Row = {}
    for field, value in fields.items():
        if isinstance(value, Words):
            for language, text in value.root.items():
                row[f"{field}::{heading_of(language)}" if language else field] = text
        elif value is not None:
            row[field] = str(value)
    return row


def _survey(definition: SurveyDefinition) -> Iterable[Row]:
    groups = {group.name: group for group in definition.groups}
    inside: list[str] = []
    written: set[str] = set()
    for question in definition.questions:
        chain = _chain(question.group, groups)
        while inside and inside != chain[: len(inside)]:
            inside.pop()
            yield {"type": "end_group"}
        for name in chain[len(inside) :]:
            inside.append(name)
            written.add(name)
            group = groups[name]
            yield _row({"type": "begin_group", **_group(group)})
        yield _question(question)
    for _ in inside:
        yield {"type": "end_group"}


def _chain(name: str | None, groups: Mapping[str, SurveyGroup]) -> list[str]:
    chain: list[str] = []
    while name is not None:
        chain.insert(0, name)
        name = groups[name].parent
    return chain


def _group(group: SurveyGroup) -> dict[str, Any]:
    return {
        "name": group.name,
        "label": group.label,
        "relevant": group.relevant,
        "appearance": group.appearance,
    }


def _question(question: SurveyQuestion) -> Row:
    kind = TYPES[question.type]
    written = f"{question.type} {question.list_name or question.name}" if kind.listed else question.type
    numbers = question.parameters
    parameters = longest = None
    if question.type == "range":
        parameters = f"start={numbers.start} end={numbers.end} step={numbers.step}"
    elif question.type == "text" and numbers.max_characters != type(numbers)().max_characters:
        longest = numbers.max_characters
    return _row(
        {
            "type": "select_one yes_no" if question.type == "yes_no" else written,
            "name": question.name,
            "label": None
            if kind.worked_out and question.label.root == {"": question.name}
            else question.label,
            "hint": question.hint,
            "why": question.why,
            "required": "yes" if question.required else None,
            "relevant": question.relevant,
            "constraint": question.constraint,
            "constraint_message": question.constraint_message,
            "default": question.default,
            "calculation": question.calculation,
            "choice_filter": question.choice_filter,
            "appearance": question.appearance,
            "parameters": parameters,
            "max_characters": longest,
        }
    )


def _choices(definition: SurveyDefinition) -> Iterable[Row]:
    lists: dict[str, tuple[SurveyChoice, ...]] = {}
    for question in definition.questions:
        if TYPES[question.type].listed:
            lists.setdefault(question.list_name or question.name, question.choices)
    for name, choices in lists.items():
        for choice in choices:
            also = ", ".join(choice.also) or None
            yield (
                {"list_name": name}
                | _row({"name": choice.name, "label": choice.label, "also": also})
                | choice.more
            )
    if any(question.type == "yes_no" for question in definition.questions):
        yield {"list_name": "yes_no", "name": "yes", "label": "Yes"}
        yield {"list_name": "yes_no", "name": "no", "label": "No"}
