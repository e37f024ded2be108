"""The lines of a PDF page with their place, size and weight."""

from __future__ import annotations

import ctypes
import math
import threading
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

# PDFium is not safe to call from two threads at once.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Line:
    """One line of text: its upper edge (PDF points, growing upwards), its letters' size and font."""

    text: str
    top: float
    left: float
    size: float
    font: str
    bold: bool


def read_lines(pdf: pypdfium2.PdfDocument, number: int) -> list[Line]:
    """The lines of page `number` (from 0) in reading order."""
    with _ONE_AT_A_TIME:
        page = pdf[number]
        text_page = page.get_textpage()
        try:
            return _lines(text_page)
        finally:
            text_page.close()
            page.close()


def _lines(text_page: pypdfium2.PdfTextPage) -> list[Line]:
    lines: list[Line] = []
    start = 0
    for raw in text_page.get_text_range().split("\n"):
        text = raw.strip()
        if text:
            first = start + len(raw) - len(raw.lstrip())
            middle = first + _middle_letter(text)
            # Text that runs up the page is a label of a drawing; it would tear the sentences beside it.
            if not _is_turned(text_page, middle):
                top, left, size = _place(text_page, middle, first)
                font = _font(text_page, middle)
                heavy = pdfium.FPDFText_GetFontWeight(text_page.raw, middle) >= 600
                bold = heavy or any(mark in font for mark in ("bold", "black", "heavy"))
                lines.append(Line(text.replace("\ufffe", "\u0002"), top, left, size, font, bold))
        start += len(raw) + 1
    return lines


def _middle_letter(text: str) -> int:
    """Where to measure: the first letter may be a bullet or a number in another font; a space has no size."""
    letters = [place for place, letter in enumerate(text) if not letter.isspace()]
    return letters[len(letters) // 2]


def _place(text_page: pypdfium2.PdfTextPage, middle: int, first: int) -> tuple[float, float, float]:
    start = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(text_page.raw, first, ctypes.byref(start))
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text_page.raw, middle, ctypes.byref(x), ctypes.byref(y))
    size = _size(text_page, middle)
    return round(y.value + size, 1), round(start.left, 1), round(size, 1)


def _size(text_page: pypdfium2.PdfTextPage, index: int) -> float:
    """The size a letter is set in; its box would say more about the font's own idea of its height."""
    matrix = pdfium.FS_MATRIX()
    size = float(pdfium.FPDFText_GetFontSize(text_page.raw, index))
    if pdfium.FPDFText_GetMatrix(text_page.raw, index, ctypes.byref(matrix)):
        size *= math.hypot(matrix.c, matrix.d) or 1.0
    return size


def _is_turned(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    angle = float(pdfium.FPDFText_GetCharAngle(text_page.raw, index))
    return abs(math.sin(angle)) > 0.5


def _font(text_page: pypdfium2.PdfTextPage, index: int) -> str:
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page.raw, index, buffer, len(buffer), ctypes.byref(flags))
    return buffer.value.decode("utf-8", "ignore").lower()
