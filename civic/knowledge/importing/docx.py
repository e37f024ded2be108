"""Word documents (DOCX): headings by their styles, lists and tables as lines."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError

from civic.knowledge.errors import UnreadableFile
from civic.knowledge.importing.markdown import without_title
from civic.knowledge.importing.types import (
    Block,
    FileContent,
    ImportedDocument,
    content_hash,
    slug,
    tidy,
    to_date,
)

MAX_UNPACKED = 300_000_000


def parse(data: bytes, name: str) -> FileContent:
    """The one document of a Word file."""
    file = _open(data)
    core = file.core_properties
    title, found = _blocks(file)
    title = title or tidy(core.title or "") or (found[0].heading[0] if found and found[0].heading else name)
    document = ImportedDocument(
        key=slug(name),
        title=title,
        blocks=tuple(without_title(found, title)),
        format="docx",
        content_hash=content_hash(data),
        section=tidy(core.category or "") or None,
        date=to_date(core.modified or core.created),
        author=tidy(core.author or "") or None,
    )
    return FileContent([document])


def _open(data: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise UnreadableFile("Unpacked, this file is far too large.", remedy="Split it into parts.")
        return docx.Document(io.BytesIO(data))
    except UnreadableFile:
        raise
    # python-docx raises whatever its parts raise for a damaged package.
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise UnreadableFile(
            "This is not a Word document, or it is damaged.",
            remedy="Open it in a word processor and save it again as .docx.",
        ) from error


def _blocks(file: Any) -> tuple[str, list[Block]]:
    title = ""
    found: list[Block] = []
    path: list[tuple[int, str]] = []
    for item in file.iter_inner_content():
        heading = tuple(words for _, words in path)
        if not hasattr(item, "style") or hasattr(item, "rows"):
            rows = (" | ".join(_cells(row)) for row in item.rows)
            if text := tidy("\n".join(rows)):
                found.append(Block(text, heading))
            continue
        text = tidy(item.text).replace("\n", " ")
        style = (item.style.name or "") if item.style is not None else ""
        if not text:
            continue
        if style == "Title":
            title = title or text
        elif match := re.fullmatch(r"Heading (\d)", style):
            level = int(match[1])
            path = [*(step for step in path if step[0] < level), (level, text)]
        elif (
            style.startswith("List") and found and found[-1].heading == heading and found[-1].text[:2] == "- "
        ):
            found[-1] = Block(f"{found[-1].text}\n- {text}", heading)
        else:
            found.append(Block(f"- {text}" if style.startswith("List") else text, heading))
    return title, found


def _cells(row: Any) -> list[str]:
    """The texts of a row; a merged cell, which the library repeats, once."""
    texts: list[str] = []
    previous = None
    for cell in row.cells:
        if cell._tc is not previous:
            texts.append(tidy(cell.text).replace("\n", " "))
        previous = cell._tc
    return [text for text in texts if text]
