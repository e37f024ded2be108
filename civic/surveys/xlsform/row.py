"""One row of the sheet `survey` in the words of a survey of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from civic.surveys.rows import Where
from civic.surveys.wording import did_you_mean
from civic.surveys.xlsform.book import Book
from civic.surveys.xlsform.columns import KNOWN, MEDIA, SILENT, Column
from civic.surveys.xlsform.types import parameters, row_type

_TRUE, _FALSE = {"yes", "true", "true()", "1"}, {"no", "false", "false()", "0", ""}
Lists = dict[str, list[dict[str, Any]]]
Places = dict[tuple[str | int, ...], Where]


class RowReader:
    """Reads row after row; `lists` and `places` grow where a row makes a list of its own."""

    def __init__(self, book: Book, lists: Lists, places: Places) -> None:
        self._book, self._lists, self._places = book, lists, places
        self._told: set[str] = set()  # headings that were told of already

    def read(
        self,
        number: int,
        fields: dict[str, tuple[Column, Any]],
    ) -> Iterator[dict[str, Any]]:
        """The rows of ours that a row makes: none, one, or two for `or_other`."""
        raw: dict[str, Any] = {}
        for field, (one, value) in fields.items():
            if field in KNOWN["survey"]:
                raw[field] = value
            else:
                self._unknown(number, field, one)
        if "type" not in raw:
            self._book.say("survey", number, "type", "the row has no type", "Write a type.", "type")
            return
        kind = row_type(str(raw["type"]))
        raw["type"] = kind.type
        if kind.type in ("begin_group", "end_group"):
            kept = ("type", "name", "label", "relevant", "appearance")
            raw = {field: value for field, value in raw.items() if field in kept}
            raw |= {"relevant": _condition(raw["relevant"])} if "relevant" in raw else {}
            yield raw
            return
        if kind.calculation:
            raw["calculation"] = kind.calculation
            raw.pop("label", None)
        if kind.constraint and "constraint" not in raw:
            raw["constraint"], raw["constraint_message"] = kind.constraint, "0 - 100"
        self._plain(number, raw, fields)
        if "label" not in raw and "hint" in raw:
            raw["label"] = raw.pop("hint")
        if kind.or_other:
            yield from self._with_other(raw)
        else:
            yield _yes_no(raw, self._lists)

    def _unknown(self, number: int, field: str, one: Column) -> None:
        if field in MEDIA:
            remedy = "Describe it in words: label or hint."
            self._book.say(
                "survey", number, one.heading, f"a question has no {field} in a chat", remedy, "media"
            )
        elif field in ("trigger", "save_to"):
            code = "trigger" if field == "trigger" else "entities"
            cause = f"{one.heading} does nothing in a chat"
            self._book.say("survey", number, one.heading, cause, "Remove it.", code)
        elif one.heading not in self._told and field not in SILENT["survey"]:
            self._told.add(one.heading)
            remedy = did_you_mean(field, KNOWN["survey"], "Remove the column, or correct its heading.")
            cause = f"the column {one.heading!r} changes nothing in a chat"
            self._book.say("survey", number, one.heading, cause, remedy, "unknown_column", "warning")

    def _plain(self, number: int, raw: dict[str, Any], fields: dict[str, tuple[Column, Any]]) -> None:
        """Cells in the words of XLSForm as fields in ours."""
        required = str(raw.get("required", "")).strip()
        if required.lower() in _TRUE | _FALSE:
            raw["required"] = required.lower() in _TRUE
        else:
            remedy = "Write yes or no; ask the question in two rows with different conditions."
            cause = "a question is required always or never"
            heading = fields["required"][0].heading
            self._book.say("survey", number, heading, cause, remedy, "required_expression")
            raw["required"] = False
        for field in ("relevant", "constraint", "calculation"):
            if field in raw:
                raw[field] = _condition(raw[field])
        if "constraint" in raw:
            raw.setdefault("constraint_message", {"en": "That answer does not fit here."})
        kind = str(raw["type"]).split(" ")[0]
        if "parameters" in raw:
            given = parameters(str(raw.pop("parameters")))
            known = {"range": {"start", "end", "step"}, "text": {"max_characters"}}.get(kind, set())
            raw["parameters"] = {name: value for name, value in given.items() if name in known}
            if left := sorted(set(given) - known):
                cause = f"the parameters {', '.join(left)} change nothing in a chat"
                heading = fields["parameters"][0].heading
                severity = "warning" if set(left) <= _LAYOUT_PARAMETERS else "error"
                code = "chance" if {"randomize", "seed"} & set(left) else "parameters"
                self._book.say("survey", number, heading, cause, "Remove them.", code, severity)
        if "max_characters" in raw:  # a column of ours: XLSForm takes no such parameter
            raw["parameters"] = raw.get("parameters", {}) | {"max_characters": raw.pop("max_characters")}
        if kind == "range":
            raw["parameters"] = {"start": 1, "end": 10, "step": 1} | raw.get("parameters", {})
        self._read_only(number, raw, kind, fields)

    def _read_only(
        self, number: int, raw: dict[str, Any], kind: str, fields: dict[str, tuple[Column, Any]]
    ) -> None:
        locked = str(raw.pop("read_only", "")).strip().lower() in _TRUE
        if kind in ("calculate", "hidden", "note"):
            return
        if locked and "calculation" in raw:
            raw["type"] = "calculate"
            cause = "it is worked out and kept, and not shown in the chat"
            remedy = "Write type: calculate, and show it in a note as ${name}."
            self._book.say("survey", number, fields["type"][0].heading, cause, remedy, "read_only", "warning")
        elif locked and kind == "text" and "label" in raw:
            raw["type"] = "note"
        elif locked:
            remedy = "Show it in a note, or let it be answered."
            cause = "the question cannot be answered"
            self._book.say("survey", number, fields["read_only"][0].heading, cause, remedy, "read_only")
        elif "calculation" in raw and "default" not in raw:
            raw["default"] = raw.pop("calculation")
            cause = "the worked out value is proposed as the answer"
            heading = fields["calculation"][0].heading
            self._book.say("survey", number, heading, cause, "Write it in default.", "calculation", "warning")

    def _with_other(self, raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """`or_other`: the list with one choice more, and a question for the words."""
        lists = self._lists
        kind, _, name = str(raw["type"]).partition(" ")
        if name in lists and f"{name}-or-other" not in lists:
            labels = lists[name][0].get("label") if lists[name] else None
            languages = list(labels) if isinstance(labels, dict) else [""]
            label = dict.fromkeys(languages, "Other")
            other = {"name": "other", "label": label, "also": ("something else", "another")}
            lists[f"{name}-or-other"] = [*lists[name], other]
            for number in range(len(lists[name])):
                self._places[("choices", f"{name}-or-other", number)] = self._places[
                    ("choices", name, number)
                ]
        yield raw | {"type": f"{kind} {name}-or-other" if name in lists else raw["type"]}
        asked = raw.get("name", "")
        yield {
            "type": "text",
            "name": f"{asked}_other",
            "label": dict.fromkeys(raw.get("label") or {"": ""}, "What is it, in your own words?"),
            "relevant": f"selected(${{{asked}}}, 'other')",
        }


_LAYOUT_PARAMETERS = {
    "app",
    "rows",
    "max_pixels",
    "allow_mock_accuracy",
    "capture_accuracy",
    "warning_accuracy",
    "value",
    "label",
    "incremental",
    "placeholder",
    "tick_interval",
    "tick_labelset",
    "quality",
}


def _condition(written: Any) -> str:
    text = " ".join(str(written).split())
    low = text.lower()
    return "true()" if low in ("yes", "true") else "false()" if low in ("no", "false") else text


def _yes_no(raw: dict[str, Any], lists: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """A choice of our own two words is our own type, which understands them in many ways."""
    if raw["type"] != "select_one yes_no":
        return raw
    items = lists.get("yes_no", [])
    plain = [(item.get("name"), item.get("label")) for item in items]
    ours = [("yes", {"": "Yes"}), ("no", {"": "No"})]
    if plain == ours and all(set(item) == {"name", "label"} for item in items) and "choice_filter" not in raw:
        return raw | {"type": "yes_no"}
    return raw
