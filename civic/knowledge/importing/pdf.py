"""PDF files: text in reading order with its page, paragraphs and headings told by place and size."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

import pypdfium2

from civic.knowledge.errors import UnreadableFile
from civic.knowledge.importing.pdf_lines import Line, read_lines
from civic.knowledge.importing.types import (
    Block,
    FileContent,
    ImportedDocument,
    content_hash,
    slug,
    tidy,
    to_date,
)

# A line at the top or bottom of this share of the pages is a running header or footer.
REPEATED = 0.25
EDGE_LINES = 5
NUMBER_LINES = 3
_NUMBER = re.compile(r"[\divxlc .|–-]+")
_LEADERS = re.compile(r"(\.\s?){4,}\s*[\divxlc]*\s*$")
_BULLET = re.compile(r"^\s*([•●▪■◦‣∙·\uf0b7\uf0a7➢✓Ø–-]|\(?[a-z0-9]{1,3}[.)])\s+")


_BULLET_SIGN = re.compile(r"^\s*[•●▪■◦‣∙·\uf0b7\uf0a7➢✓Ø]\s+")
_LEVELS = 3  # of headings above a passage
_LONGEST_CHAPTER = 15  # pages


@dataclass(frozen=True)
class _Shape:
    """What is usual in this document: size and font of its text, and the step from line to line."""

    size: float
    step: float
    font: str


def parse(data: bytes, name: str) -> FileContent:
    """The one document of a PDF; raises `UnreadableFile` for a locked, damaged or scanned one."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile(
                "This PDF asks for a password.", remedy="Save a copy without one."
            ) from error
        raise UnreadableFile(
            "This is not a PDF, or it is damaged.", remedy="Open it in a viewer and save it anew."
        ) from error
    try:
        pages = [read_lines(pdf, number) for number in range(len(pdf))]
        meta = pdf.get_metadata_dict()
    finally:
        pdf.close()
    if not any(line.text for lines in pages for line in lines):
        raise UnreadableFile(
            "This PDF holds pictures of pages and no text.",
            remedy="Run text recognition (OCR) over it first.",
        )
    pages = without_running_lines(pages)
    document = ImportedDocument(
        key=slug(name),
        title=_title(meta.get("Title", ""), pages[0]) or re.sub(r"[_-]+", " ", name),
        blocks=tuple(_blocks(pages)),
        format="pdf",
        content_hash=content_hash(data),
        date=_date(meta.get("ModDate", "")) or _date(meta.get("CreationDate", "")),
    )
    return FileContent([document])


def without_running_lines(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without the headers, footers and page numbers that repeat at their edges."""
    seen = Counter(key for lines in pages for key in {_edge_key(line) for line in _edges(lines)})
    least = max(3, REPEATED * len(pages))
    return [
        [line for line in lines if line not in edges or not _is_running(line, seen[_edge_key(line)], least)]
        for lines, edges in ((_without_number(lines), set(_edges(lines))) for lines in pages)
    ]


def _without_number(lines: list[Line]) -> list[Line]:
    """The page without its number; a number further in belongs to a table."""
    numbers = {line for line in _edges(lines, NUMBER_LINES) if _NUMBER.fullmatch(line.text.lower())}
    return [line for line in lines if line not in numbers]


def _is_running(line: Line, count: int, least: float) -> bool:
    # The name of a chapter with the page's number repeats in its chapter only.
    numbered = re.match(r"\d+\s|.*\s\d+$", line.text) is not None
    return count >= (3 if numbered else least)


def _edges(lines: list[Line], count: int = EDGE_LINES) -> list[Line]:
    ordered = sorted(lines, key=lambda line: -line.top)
    return ordered[:count] + ordered[count:][-count:]


def _edge_key(line: Line) -> str:
    # "12 Annual report" and "Annual report 14" are the same running line.
    return re.sub(r"^[#\W]+|[#\W]+$", "", re.sub(r"\d+", "#", line.text.lower())) or "#"


def _blocks(pages: list[list[Line]]) -> Iterator[Block]:
    lines = [line for page in pages for line in page]
    if not lines:
        return
    shape = _Shape(
        size=median(line.size for line in lines for _ in range(max(1, len(line.text) // 20))),
        step=median(_steps(pages) or [12.0]),
        font=Counter(line.font for line in lines for _ in line.text).most_common(1)[0][0],
    )
    paragraphs = [
        (number, paragraph, text)
        for number, page in enumerate(pages, start=1)
        if not _is_contents(page)
        for paragraph in _mended(_paragraphs(page, shape))
        if (text := tidy(_joined(paragraph)))
    ]
    headings: list[tuple[float, str, int]] = []
    for number, paragraph, text in paragraphs:
        if not _is_heading(paragraph, shape):
            yield Block(text, tuple(words for _, words, _ in headings), number)
            continue
        size = paragraph[0].size
        # One that stands many pages back was a cover's or a chapter's whose end could not be told.
        above = [each for each in headings if each[0] > size + 0.5 and number - each[2] <= _LONGEST_CHAPTER]
        headings = [*above[: _LEVELS - 1], (size, text.replace("\n", " "), number)]


def _is_contents(page: list[Line]) -> bool:
    """Whether a page is a table of contents: it names everything and answers nothing."""
    numbered = sum(bool(re.search(r"\s\d{1,3}$", line.text)) for line in page)
    return len(page) >= 6 and numbered > 0.5 * len(page)


def _steps(pages: list[list[Line]]) -> list[float]:
    return [
        above.top - below.top
        for page in pages
        for above, below in pairwise(page)
        if 0 < above.top - below.top < 40
    ]


def _paragraphs(page: list[Line], shape: _Shape) -> Iterator[list[Line]]:
    current: list[Line] = []
    for line in page:
        if _LEADERS.search(line.text):
            continue
        if current and _breaks(current[-1], line, shape):
            yield current
            current = []
        current.append(line)
    if current:
        yield current


def _mended(paragraphs: Iterable[list[Line]]) -> Iterator[list[Line]]:
    """Joins a sentence that a superscript or a figure had torn in two."""
    current: list[Line] = []
    for paragraph in paragraphs:
        torn = (
            current and not re.search(r"[.:;?!”\"]\d*$", current[-1].text) and paragraph[0].text[0].islower()
        )
        if torn and abs(current[-1].size - paragraph[0].size) < 1:
            current = [*current, *paragraph]
            continue
        if current:
            yield current
        current = paragraph
    if current:
        yield current


def _breaks(above: Line, below: Line, shape: _Shape) -> bool:
    step = above.top - below.top
    if step < -shape.step or step > shape.step * 1.5:  # a new column, or white space between them
        return True
    if abs(above.size - below.size) > 0.12 * shape.size:
        return True
    # Bold words may only begin a sentence that goes on in plain ones.
    if _stands_out(above, shape) != _stands_out(below, shape) and not below.text[0].islower():
        return True
    return bool(_BULLET.match(below.text)) and not _BULLET.match(above.text) and above.text.endswith(".")


def _is_heading(paragraph: list[Line], shape: _Shape) -> bool:
    text = " ".join(line.text for line in paragraph)
    if _BULLET_SIGN.match(text) or paragraph[-1].bold != paragraph[0].bold:
        return False
    if (
        len(text) > 140
        or len(paragraph) > 3
        or not re.search(r"[^\W\d_]{3}", text)
        or text.endswith((".", ";", ","))
    ):
        return False
    first = paragraph[0]
    if text[0].islower():
        return False
    return first.size > 1.12 * shape.size or (len(text) <= 90 and _stands_out(first, shape))


def _stands_out(line: Line, shape: _Shape) -> bool:
    return line.bold or (line.font != shape.font and line.size > 0.9 * shape.size)


def _joined(paragraph: list[Line]) -> str:
    text = ""
    for line in paragraph:
        words = line.text
        if text.endswith("\u0002"):  # the hyphen of a word divided at the end of a line
            text = text[:-1] + words
        elif _BULLET.match(words) and text:
            text += "\n" + words
        else:
            text += " " + words if text else words
    return text.replace("\u0002", "")


def _title(meta: str, first: list[Line]) -> str:
    meta = tidy(meta)
    if len(meta) > 4 and " " in meta and not re.search(r"\.(docx?|pdf|indd)\b|^Microsoft ", meta):
        return meta
    largest = max((line.size for line in first), default=0)
    words = " ".join(line.text for line in first if line.size > largest * 0.95)
    return tidy(words)[:200].replace("\n", " ")


def _date(value: str) -> date | None:
    match = re.match(r"D:(\d{4})(\d\d)(\d\d)", value)
    return to_date("-".join(match.groups())) if match else None
