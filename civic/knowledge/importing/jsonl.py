"""JSON lines: one document a line, `{"id", "title", "text", "url"?, "section"?, "date"?}`."""

from __future__ import annotations

import json
from typing import Any

from civic.knowledge.importing.markdown import blocks, decode, without_title
from civic.knowledge.importing.types import (
    FileContent,
    ImportedDocument,
    content_hash,
    slug,
    tidy,
    to_date,
    web_address,
)


class _BadLine(Exception):
    """Why a line cannot be used."""


def parse(data: bytes, name: str) -> FileContent:
    """The documents of all good lines, and a sentence for each bad one."""
    content = FileContent()
    seen: dict[str, int] = {}
    for number, line in enumerate(decode(data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            document = _document(line)
            if document.key in seen:
                raise _BadLine(f"the id was used in line {seen[document.key]} already")
        except _BadLine as error:
            content.problems.append(f"line {number}: {error}")
            continue
        seen[document.key] = number
        content.documents.append(document)
    return content


def _document(line: str) -> ImportedDocument:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise _BadLine("this is not JSON") from error
    if not isinstance(record, dict):
        raise _BadLine("this is not a JSON object")
    identity, text = record.get("id"), record.get("text")
    if not isinstance(identity, str | int) or not str(identity).strip():
        raise _BadLine('there is no "id"')
    if not isinstance(text, str) or not text.strip():
        raise _BadLine('there is no "text"')
    first, found = blocks(text)
    if not found:
        raise _BadLine('"text" holds headings only')
    title = _text(record, "title") or first or _beginning(found[0].text)
    return ImportedDocument(
        key=slug(str(identity)),
        title=title,
        blocks=tuple(without_title(found, title)),
        format="jsonl",
        content_hash=content_hash(json.dumps(record, sort_keys=True).encode()),
        section=_text(record, "section"),
        date=to_date(record.get("date")),
        valid_until=to_date(record.get("valid_until")),
        author=_text(record, "author"),
        url=web_address(record.get("url")),
        language=_text(record, "language") or "en",
        named=True,
    )


def _text(record: dict[str, Any], key: str) -> str | None:
    value = record.get(key)
    return tidy(value).replace("\n", " ") or None if isinstance(value, str) else None


def _beginning(text: str) -> str:
    line = text.splitlines()[0].removeprefix("- ")
    return line if len(line) <= 80 else line[:80].rsplit(" ", 1)[0] + " …"
