"""Pages of the documents: a list of them, and each in full, with the passage that was quoted marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

from babel.dates import format_date
from fastapi import APIRouter, Header, Query
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from api.deps import Db, Parts
from civic.kit.services import Services
from civic.knowledge import queries
from civic.knowledge.models import Passage

HERE = Path(__file__).parent

router = APIRouter(include_in_schema=False)
pages = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

Languages = Annotated[str | None, Header(alias="Accept-Language")]
Marked = Annotated[str | None, Query(alias="mark", max_length=40)]


@router.get("/static/documents.css")
async def style() -> FileResponse:
    return FileResponse(
        HERE / "static" / "documents.css", media_type="text/css", headers={"Cache-Control": "no-cache"}
    )


@router.get("/documents", response_class=HTMLResponse)
def all_documents(db: Db, parts: Parts, languages: Languages = None) -> HTMLResponse:
    """The documents in force, by department."""
    shelves = [
        (section, list(documents))
        for section, documents in groupby(queries.current_documents(db), key=lambda one: one.section)
    ]
    # Those of no department come last.
    shelves.sort(key=lambda shelf: (shelf[0] is None, shelf[0] or ""))
    language = _language(parts, languages)
    title = parts.text("knowledge-documents", language)
    return _page(parts, language, "documents.html", title=title, sections=shelves)


@router.get("/documents/{name}", response_class=HTMLResponse)
def one_document(
    name: str, db: Db, parts: Parts, languages: Languages = None, mark: Marked = None
) -> HTMLResponse:
    """A document by its key, or one version of it by its id; `mark` is `passage:start-end` of a quote."""
    language = _language(parts, languages)
    document = queries.document(db, name[:120])
    if document is None:
        title = parts.text("knowledge-document-missing", language)
        return _page(parts, language, "document_missing.html", status=404, title=title)
    newer = queries.current(db, document.key) if document.state == "replaced" else None
    return _page(
        parts,
        language,
        "document.html",
        title=document.title,
        document=document,
        newer=newer,
        passages=list(_shown(queries.passages(db, document.id), _mark(mark))),
    )


@dataclass(frozen=True)
class ShownPassage:
    """A passage as the page shows it: what is new above it, and its lines in paragraphs and lists."""

    ordinal: int
    page: int | None
    page_begins: bool
    headings: list[tuple[int, str]]
    parts: list[tuple[str, list[Markup]]]


def _shown(passages: Sequence[Passage], mark: tuple[int, int, int] | None) -> Iterator[ShownPassage]:
    heading: list[str] = []
    page: int | None = None
    for passage in passages:
        same = 0
        while same < min(len(heading), len(passage.heading)) and heading[same] == passage.heading[same]:
            same += 1
        new = [(min(2 + level, 6), words) for level, words in enumerate(passage.heading)][same:]
        quote = mark[1:] if mark and mark[0] == passage.ordinal else (0, 0)
        parts = [
            (kind, [line for _, line in lines])
            for kind, lines in groupby(_lines(passage.text, *quote), key=lambda each: each[0])
        ]
        begins = passage.page is not None and passage.page != page
        yield ShownPassage(passage.ordinal, passage.page, begins, new, parts)
        heading, page = passage.heading, passage.page


def _lines(text: str, start: int, end: int) -> Iterator[tuple[str, Markup]]:
    """Each line with its kind; what lies between `start` and `end` of the text is marked."""
    at = 0
    for line in text.split("\n"):
        bullet = 2 if line.startswith("- ") else 0
        low, high = (min(max(place - at, bullet), len(line)) for place in (start, max(start, end)))
        marked = Markup("<mark>{}</mark>").format(line[low:high]) if high > low else Markup("")
        yield "list" if bullet else "text", escape(line[bullet:low]) + marked + escape(line[high:])
        at += len(line) + 1


def _mark(value: str | None) -> tuple[int, int, int] | None:
    match = re.fullmatch(r"(\d{1,6}):(\d{1,6})-(\d{1,6})", value or "", re.ASCII)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _language(parts: Services, accepted: str | None) -> str:
    first = (accepted or "").split(",")[0].split(";")[0].strip()
    return parts.catalogue.best(first or None)


def _day(language: str, day: date) -> str:
    return format_date(day, "long", locale="en_GB" if language == "en" else language.replace("-", "_"))


def _page(parts: Services, language: str, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    html = pages.get_template(template).render(
        language=language,
        town=parts.settings.town,
        text=lambda key, **args: parts.text(key, language, **args),
        day=partial(_day, language),
        **values,
    )
    return HTMLResponse(html, status_code=status)
