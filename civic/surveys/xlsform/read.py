"""Reads an XLSForm into rows: what pyxform says of it, and what a chat makes of its columns."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from civic.surveys.errors import Problem
from civic.surveys.reading import Rows, Where
from civic.surveys.wording import did_you_mean
from civic.surveys.xlsform.columns import KNOWN, MEDIA, SILENT, TRANSLATED, Column, column
from civic.surveys.xlsform.languages import code_of
from civic.surveys.xlsform.types import parameters, row_type

LARGEST = 5_000_000
LARGEST_UNPACKED = 100_000_000
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEET = re.compile(r"sheet:? '?(survey|choices|settings)'?")
_ROOT = "form_as_a_whole"  # the name of the XForm's root: none that a question has
_TRUE, _FALSE = {"yes", "true", "true()", "1"}, {"no", "false", "false()", "0", ""}
Path_ = tuple[str | int, ...]
Cells = Mapping[str, str]


def rows_of(data: bytes, file: str) -> Rows:
    """The sheets of an XLSForm as rows, with everything that pyxform says against it."""
    reading = _Workbook(data, file)
    sheets = reading.sheets()
    return Rows(
        file=file,
        sheets=sheets,
        where=reading.where,
        problems=reading.problems,
        refused=reading.refused,
        lenient=True,
    )


class _Workbook:
    """One reading of one workbook."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self.data = data
        self.problems: list[Problem] = []
        self.refused: Problem | None = None
        self._places: dict[Path_, Where] = {}
        self._default = ""

    def sheets(self) -> dict[str, Any] | None:
        """The three sheets; None where the file cannot be opened."""
        book = self._opened()
        if book is None:
            return None
        self.refused = self._by_pyxform()
        settings = self._settings((book.settings or [{}])[0])
        lists = self._choices(book.choices or [])
        rows = list(self._survey(book.survey or [], lists))
        if any(self._filled(row) for row in book.entities or []):
            remedy = "Remove the sheet: a chat shares no records between forms."
            self._say("entities", None, None, "the form makes or changes entities", remedy, "entities")
        return {"settings": settings, "choices": lists, "survey": rows}

    def where(self, path: Path_) -> Where:
        """Sheet, row and column of a field; the nearest that is known."""
        while path:
            if path in self._places:
                return self._places[path]
            path = path[:-1]
        return Where()

    def _opened(self) -> Any:
        if len(self.data) > LARGEST:
            self._say(None, None, None, "the file is larger than 5 MB", "Remove pictures.", "unreadable")
            return None
        kind = PurePath(self.file).suffix.lower()
        if kind in (".xlsx", ".xlsm") and not _harmless(self.data):
            cause = "the file is no workbook, or unpacks to more than 100 MB"
            self._say(None, None, None, cause, "Save it again as .xlsx.", "unreadable")
            return None
        from pyxform.errors import PyXFormError
        from pyxform.xls2json_backends import get_xlsform

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of features of Excel that no form needs
                book = get_xlsform(io.BytesIO(self.data), file_type=kind)
            if not any(self._filled(row) for row in book.survey or []):
                names = ", ".join(book.sheet_names or ()) or "none"
                cause = f"there is no sheet survey with questions (sheets: {names})"
                self._say(None, None, None, cause, "Call the sheet of questions survey.", "no_questions")
                return None
            return book
        except Exception as error:  # whatever a file of unknown origin does to three spreadsheet readers
            said = str(error).strip().splitlines() if isinstance(error, PyXFormError) else []
            cause = f"the file cannot be opened as {kind} and is no XLSForm"
            cause += f" ({said[0][:200]})" if said else ""
            self._say(None, None, None, cause, "Open it and save it again.", "unreadable")
            return None

    def _by_pyxform(self) -> Problem | None:
        """What pyxform refuses the form for; what it only warns of is noted."""
        from pyxform.xls2xform import convert

        said: list[str] = []
        refused = None
        kind = PurePath(self.file).suffix.lower()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                convert(
                    io.BytesIO(self.data),
                    warnings=said,
                    validate=False,
                    file_type=kind,
                    form_name=_ROOT,
                )
        except Exception as error:  # pyxform's own refusals, and what it trips over
            refused = self._quoted(str(error) or type(error).__name__, "error")
        for text in said:
            # Missing translations are told by us, by row; how large a photo is, the chat decides.
            if ("label" not in text or _ROW.search(text)) and "max-pixels" not in text:
                self.problems.append(self._quoted(text, "warning"))
        return refused

    def _quoted(self, text: str, severity: Any) -> Problem:
        row = _ROW.search(text)
        sheet = _SHEET.search(text)
        cause = " ".join(_ROW.sub("", text).split())[:400].rstrip(".")
        return Problem(
            file=self.file,
            cause=f"XLSForm: {cause}",
            remedy="Correct it in the spreadsheet." if severity == "error" else "Check it.",
            sheet="survey" if row else sheet[1] if sheet else None,
            row=int(row[1]) if row else None,
            severity=severity,
            code="xlsform",
        )

    def _say(
        self,
        sheet: str | None,
        row: int | None,
        heading: str | None,
        cause: str,
        remedy: str,
        code: str,
        severity: Any = "error",
    ) -> None:
        self.problems.append(
            Problem(
                file=self.file,
                cause=cause,
                remedy=remedy,
                sheet=sheet,
                row=row,
                column=heading,
                severity=severity,
                code=code,
            )
        )

    @staticmethod
    def _filled(row: Cells) -> bool:
        return any(str(cell).strip() for cell in row.values())

    def _fields(self, row: Cells, sheet: str) -> dict[str, tuple[Column, Any]]:
        """The cells of a row by field; translated ones as one text in several languages."""
        found: dict[str, tuple[Column, Any]] = {}
        for heading, cell in row.items():
            text = str(cell).strip()
            if not text:
                continue
            one = column(str(heading), sheet)
            if one.field in TRANSLATED[sheet]:
                words = found[one.field][1] if one.field in found else {}
                words.setdefault(one.language, text)
                found[one.field] = (found.get(one.field, (one,))[0], words)
            else:
                found.setdefault(one.field, (one, text))
        for field in TRANSLATED[sheet] & set(found):
            first, words = found[field]
            ordered = sorted(words.items(), key=lambda item: item[0] != self._default)
            found[field] = (first, dict(ordered))
        return found

    def _settings(self, row: Cells) -> dict[str, Any]:
        heading = next(
            (cell for name, cell in row.items() if column(name, "settings").field == "default_language"), ""
        )
        self._default = code_of(heading) if heading and heading != "default" else ""
        fields = self._fields(row, "settings")
        self._places[("settings",)] = Where("settings", 2)
        stem = PurePath(self.file).stem
        raw: dict[str, Any] = {"form_title": stem.replace("_", " "), "form_id": stem}
        for name, (one, value) in fields.items():
            self._places[("settings", name)] = Where("settings", 2, one.heading)
            if name in KNOWN["settings"]:
                raw[name] = value
            elif name in ("public_key", "submission_url", "auto_send", "auto_delete"):
                cause = f"{one.heading} is for forms that a device sends somewhere else"
                code = "encryption" if name == "public_key" else "elsewhere"
                severity = "error" if name == "public_key" else "warning"
                self._say("settings", 2, one.heading, cause, "Remove the column.", code, severity)
            elif name not in SILENT["settings"]:
                remedy = did_you_mean(name, KNOWN["settings"], "Remove the column, or correct its heading.")
                cause = f"the column {one.heading!r} is not known and changes nothing"
                self._say("settings", 1, one.heading, cause, remedy, "unknown_column", "warning")
        made = re.sub(r"[^a-z0-9]+", "-", str(raw["form_id"]).lower()).strip("-")[:50]
        made = made if made[:1].isalpha() else f"survey-{made}".rstrip("-")[:50]
        if "form_id" in fields and made != raw["form_id"]:
            cause = f"a form_id has only small letters, digits and -: {raw['form_id']!r} becomes {made!r}"
            self._say("settings", 2, "form_id", cause, f"Write {made}.", "form_id", "warning")
        raw["form_id"] = made
        raw["default_language"] = self._default or "en"
        return raw

    def _choices(self, sheet: Sequence[Cells]) -> dict[str, list[dict[str, Any]]]:
        lists: dict[str, list[dict[str, Any]]] = {}
        with_media: set[str] = set()
        for number, cells in enumerate(sheet, start=2):
            fields = self._fields(cells, "choices")
            name = fields.pop("list_name", (None, ""))[1]
            if not fields or not name:
                continue
            items = lists.setdefault(str(name), [])
            path: Path_ = ("choices", str(name), len(items))
            self._places.setdefault(path[:2], Where("choices", number))
            self._places[path] = Where("choices", number)
            raw: dict[str, Any] = {}
            for field, (one, value) in fields.items():
                self._places[(*path, field)] = Where("choices", number, one.heading)
                if field in MEDIA:
                    if name not in with_media:
                        with_media.add(str(name))
                        cause = f"the choices of {name} are shown by {field}, and a chat shows words"
                        remedy = "Remove the column, and say it in label."
                        self._say("choices", number, one.heading, cause, remedy, "media")
                elif field == "also":
                    raw["also"] = tuple(word.strip() for word in str(value).split(",") if word.strip())
                elif field in ("name", "label"):
                    raw[field] = value
                else:
                    raw.setdefault("more", {})[field] = value
            if "label" not in raw and "name" in raw:
                raw["label"] = raw["name"]
                cause = f"the choice {raw['name']!r} has no label, so its name is shown"
                self._say("choices", number, "label", cause, "Write a label.", "no_label", "warning")
            items.append(raw)
        return lists

    def _survey(
        self, sheet: Sequence[Cells], lists: dict[str, list[dict[str, Any]]]
    ) -> Iterator[dict[str, Any]]:
        told: set[str] = set()
        count = 0
        for number, cells in enumerate(sheet, start=2):
            fields = self._fields(cells, "survey")
            disabled = str(fields.pop("disabled", (None, ""))[1]).lower() in ("yes", "true", "1")
            if not fields or disabled or not ({"type", "name", "label"} & set(fields)):
                continue
            for raw in self._row(number, fields, lists, told):
                self._places[("survey", count)] = Where("survey", number)
                for field, (one, _) in fields.items():
                    self._places[("survey", count, field)] = Where("survey", number, one.heading)
                count += 1
                yield raw

    def _row(
        self,
        number: int,
        fields: dict[str, tuple[Column, Any]],
        lists: dict[str, list[dict[str, Any]]],
        told: set[str],
    ) -> Iterator[dict[str, Any]]:
        raw: dict[str, Any] = {}
        for field, (one, value) in fields.items():
            if field in KNOWN["survey"]:
                raw[field] = value
            else:
                self._unknown(number, field, one, told)
        if "type" not in raw:
            self._say("survey", number, "type", "the row has no type", "Write a type.", "type")
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
            yield from self._with_other(raw, lists)
        else:
            yield _yes_no(raw, lists)

    def _unknown(self, number: int, field: str, one: Column, told: set[str]) -> None:
        if field in MEDIA:
            remedy = "Describe it in words: label or hint."
            self._say("survey", number, one.heading, f"a question has no {field} in a chat", remedy, "media")
        elif field in ("trigger", "save_to"):
            code = "trigger" if field == "trigger" else "entities"
            cause = f"{one.heading} does nothing in a chat"
            self._say("survey", number, one.heading, cause, "Remove it.", code)
        elif one.heading not in told and field not in SILENT["survey"]:
            told.add(one.heading)
            remedy = did_you_mean(field, KNOWN["survey"], "Remove the column, or correct its heading.")
            cause = f"the column {one.heading!r} changes nothing in a chat"
            self._say("survey", number, one.heading, cause, remedy, "unknown_column", "warning")

    def _plain(self, number: int, raw: dict[str, Any], fields: dict[str, tuple[Column, Any]]) -> None:
        """Cells in the words of XLSForm as fields in ours."""
        required = str(raw.get("required", "")).strip()
        if required.lower() in _TRUE | _FALSE:
            raw["required"] = required.lower() in _TRUE
        else:
            remedy = "Write yes or no; ask the question in two rows with different conditions."
            cause = "a question is required always or never"
            heading = fields["required"][0].heading
            self._say("survey", number, heading, cause, remedy, "required_expression")
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
                self._say("survey", number, heading, cause, "Remove them.", code, severity)
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
            self._say("survey", number, fields["type"][0].heading, cause, remedy, "read_only", "warning")
        elif locked and kind == "text" and "label" in raw:
            raw["type"] = "note"
        elif locked:
            remedy = "Show it in a note, or let it be answered."
            cause = "the question cannot be answered"
            self._say("survey", number, fields["read_only"][0].heading, cause, remedy, "read_only")
        elif "calculation" in raw and "default" not in raw:
            raw["default"] = raw.pop("calculation")
            cause = "the worked out value is proposed as the answer"
            heading = fields["calculation"][0].heading
            self._say("survey", number, heading, cause, "Write it in default.", "calculation", "warning")

    def _with_other(
        self, raw: dict[str, Any], lists: dict[str, list[dict[str, Any]]]
    ) -> Iterator[dict[str, Any]]:
        """`or_other`: the list with one choice more, and a question for the words."""
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


def _harmless(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(part.file_size for part in packed.infolist()) <= LARGEST_UNPACKED
    except zipfile.BadZipFile:
        return False
