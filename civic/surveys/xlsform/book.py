"""A workbook as it was opened, and everything that was said against it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from civic.surveys.errors import Problem

LARGEST = 5_000_000
LARGEST_UNPACKED = 100_000_000
_ROW = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEET = re.compile(r"sheet:? '?(survey|choices|settings)'?")
_ROOT = "form_as_a_whole"  # the name of the XForm's root: none that a question has
Cells = Mapping[str, str]


class Book:
    """One file: opened here, judged by pyxform, its problems told with sheet, row and column."""

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self.data = data
        self.problems: list[Problem] = []

    def opened(self) -> Any:
        """The sheets; None where the file cannot be opened."""
        if len(self.data) > LARGEST:
            self.say(None, None, None, "the file is larger than 5 MB", "Remove pictures.", "unreadable")
            return None
        kind = PurePath(self.file).suffix.lower()
        if kind in (".xlsx", ".xlsm") and not _harmless(self.data):
            cause = "the file is no workbook, or unpacks to more than 100 MB"
            self.say(None, None, None, cause, "Save it again as .xlsx.", "unreadable")
            return None
        from pyxform.errors import PyXFormError
        from pyxform.xls2json_backends import get_xlsform

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of features of Excel that no form needs
                book = get_xlsform(io.BytesIO(self.data), file_type=kind)
            if not any(filled(row) for row in book.survey or []):
                names = ", ".join(book.sheet_names or ()) or "none"
                cause = f"there is no sheet survey with questions (sheets: {names})"
                self.say(None, None, None, cause, "Call the sheet of questions survey.", "no_questions")
                return None
            return book
        except Exception as error:  # whatever a file of unknown origin does to three spreadsheet readers
            said = str(error).strip().splitlines() if isinstance(error, PyXFormError) else []
            cause = f"the file cannot be opened as {kind} and is no XLSForm"
            cause += f" ({said[0][:200]})" if said else ""
            self.say(None, None, None, cause, "Open it and save it again.", "unreadable")
            return None

    def judged(self) -> Problem | None:
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

    def say(
        self,
        sheet: str | None,
        row: int | None,
        heading: str | None,
        cause: str,
        remedy: str,
        code: str,
        severity: Any = "error",
    ) -> None:
        """Notes one problem at its place."""
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


def filled(row: Cells) -> bool:
    """Whether anything stands in a row."""
    return any(str(cell).strip() for cell in row.values())


def _harmless(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(part.file_size for part in packed.infolist()) <= LARGEST_UNPACKED
    except zipfile.BadZipFile:
        return False
