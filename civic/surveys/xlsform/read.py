"""Reads an XLSForm into rows: its three sheets in the words of a survey of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any

from civic.surveys.errors import Problem
from civic.surveys.rows import Rows, Where
from civic.surveys.wording import did_you_mean
from civic.surveys.xlsform.book import Book, Cells, filled
from civic.surveys.xlsform.columns import KNOWN, MEDIA, SILENT, TRANSLATED, Column, column
from civic.surveys.xlsform.languages import code_of
from civic.surveys.xlsform.row import RowReader

Path_ = tuple[str | int, ...]


def rows_of(data: bytes, file: str) -> Rows:
    """The sheets of an XLSForm as rows, with everything that pyxform says against it."""
    reading = _Workbook(data, file)
    sheets = reading.sheets()
    return Rows(
        file=file,
        sheets=sheets,
        where=reading.where,
        problems=reading.book.problems,
        refused=reading.refused,
        lenient=True,
    )


class _Workbook:
    """One reading of one workbook."""

    def __init__(self, data: bytes, file: str) -> None:
        self.book = Book(data, file)
        self.refused: Problem | None = None
        self._places: dict[Path_, Where] = {}
        self._default = ""

    def sheets(self) -> dict[str, Any] | None:
        """The three sheets; None where the file cannot be opened."""
        book = self.book.opened()
        if book is None:
            return None
        self.refused = self.book.judged()
        settings = self._settings((book.settings or [{}])[0])
        lists = self._choices(book.choices or [])
        rows = list(self._survey(book.survey or [], lists))
        if any(filled(row) for row in book.entities or []):
            remedy = "Remove the sheet: a chat shares no records between forms."
            self.book.say("entities", None, None, "the form makes or changes entities", remedy, "entities")
        return {"settings": settings, "choices": lists, "survey": rows}

    def where(self, path: Path_) -> Where:
        """Sheet, row and column of a field; the nearest that is known."""
        while path:
            if path in self._places:
                return self._places[path]
            path = path[:-1]
        return Where()

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
        stem = PurePath(self.book.file).stem
        raw: dict[str, Any] = {"form_title": stem.replace("_", " "), "form_id": stem}
        for name, (one, value) in fields.items():
            self._places[("settings", name)] = Where("settings", 2, one.heading)
            if name in KNOWN["settings"]:
                raw[name] = value
            elif name in ("public_key", "submission_url", "auto_send", "auto_delete"):
                cause = f"{one.heading} is for forms that a device sends somewhere else"
                code = "encryption" if name == "public_key" else "elsewhere"
                severity = "error" if name == "public_key" else "warning"
                self.book.say("settings", 2, one.heading, cause, "Remove the column.", code, severity)
            elif name not in SILENT["settings"]:
                remedy = did_you_mean(name, KNOWN["settings"], "Remove the column, or correct its heading.")
                cause = f"the column {one.heading!r} is not known and changes nothing"
                self.book.say("settings", 1, one.heading, cause, remedy, "unknown_column", "warning")
        made = re.sub(r"[^a-z0-9]+", "-", str(raw["form_id"]).lower()).strip("-")[:50]
        made = made if made[:1].isalpha() else f"survey-{made}".rstrip("-")[:50]
        if "form_id" in fields and made != raw["form_id"]:
            cause = f"a form_id has only small letters, digits and -: {raw['form_id']!r} becomes {made!r}"
            self.book.say("settings", 2, "form_id", cause, f"Write {made}.", "form_id", "warning")
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
                        self.book.say("choices", number, one.heading, cause, remedy, "media")
                elif field == "also":
                    raw["also"] = tuple(word.strip() for word in str(value).split(",") if word.strip())
                elif field in ("name", "label"):
                    raw[field] = value
                else:
                    raw.setdefault("more", {})[field] = value
            if "label" not in raw and "name" in raw:
                raw["label"] = raw["name"]
                cause = f"the choice {raw['name']!r} has no label, so its name is shown"
                self.book.say("choices", number, "label", cause, "Write a label.", "no_label", "warning")
            items.append(raw)
        return lists

    def _survey(
        self, sheet: Sequence[Cells], lists: dict[str, list[dict[str, Any]]]
    ) -> Iterator[dict[str, Any]]:
        reader = RowReader(self.book, lists, self._places)
        count = 0
        for number, cells in enumerate(sheet, start=2):
            fields = self._fields(cells, "survey")
            disabled = str(fields.pop("disabled", (None, ""))[1]).lower() in ("yes", "true", "1")
            if not fields or disabled or not ({"type", "name", "label"} & set(fields)):
                continue
            for raw in reader.read(number, fields):
                self._places[("survey", count)] = Where("survey", number)
                for field, (one, _) in fields.items():
                    self._places[("survey", count, field)] = Where("survey", number, one.heading)
                count += 1
                yield raw
