"""Markdown, with or without a front matter of `key: value` lines."""

from __future__ import annotations

from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from civic.knowledge.errors import UnreadableFile
from civic.knowledge.importing.types import (
    Block,
    FileContent,
    ImportedDocument,
    content_hash,
    slug,
    tidy,
    to_date,
    web_address,
)

_MARKDOWN = MarkdownIt("commonmark").enable("table")


def parse(data: bytes, name: str) -> FileContent:
    """The one document of a Markdown file; `name` is used where it has no title or id of its own."""
    text = decode(data)
    meta, body = front_matter(text)
    first, found = blocks(body)
    title = str(meta.get("title") or first or name)
    document = ImportedDocument(
        key=slug(str(meta.get("id") or name)),
        title=tidy(title),
        blocks=tuple(without_title(found, title)),
        format="markdown",
        content_hash=content_hash(data),
        section=_text(meta, "section") or _text(meta, "department"),
        date=to_date(meta.get("date")),
        valid_until=to_date(meta.get("valid_until")),
        author=_text(meta, "author"),
        url=web_address(meta.get("url")),
        language=_text(meta, "language") or "en",
        named=meta.get("id") is not None,
    )
    return FileContent([document])


def decode(data: bytes) -> str:
    """Text out of bytes; UTF-8, UTF-16 with a mark, or the old Western encoding."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The values between two lines of `---` at the start, and the rest."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    if not lines or lines[0].strip() != "---":
        return {}, text
    for end, line in enumerate(lines[1:], start=1):
        if line.strip() in ("---", "..."):
            try:
                values = yaml.safe_load("".join(lines[1:end])) or {}
            except yaml.YAMLError as error:
                mark = getattr(error, "problem_mark", None)
                row = mark.line + 2 if mark else 1
                raise UnreadableFile(
                    f"The front matter is broken in line {row}.",
                    remedy="Write `key: value` lines, and put a value that holds a colon between quotes.",
                ) from error
            if not isinstance(values, dict):
                raise UnreadableFile(
                    "The front matter is not a list of `key: value` lines.",
                    remedy="Write one `key: value` a line between the two lines of dashes.",
                )
            return values, "".join(lines[end + 1 :])
    return {}, text


def blocks(text: str) -> tuple[str | None, list[Block]]:
    """The first heading, and the blocks of a Markdown text."""
    path: list[tuple[int, str]] = []
    first: str | None = None
    found: list[Block] = []
    for node in SyntaxTreeNode(_MARKDOWN.parse(text)).children:
        if node.type == "heading":
            words = tidy(_inline(node))
            level = int(node.tag[1])
            path = [step for step in path if step[0] < level]
            if words:
                first = first or words
                path.append((level, words))
        elif content := tidy(_plain(node)):
            found.append(Block(content, tuple(words for _, words in path)))
    return first, found


def without_title(found: list[Block], title: str) -> list[Block]:
    """The blocks without the document's own title at the head of their headings."""
    plain = title.strip().casefold()
    return [
        Block(block.text, block.heading[1:], block.page)
        if block.heading and block.heading[0].casefold() == plain
        else block
        for block in found
    ]


def _plain(node: SyntaxTreeNode) -> str:
    if node.type in ("bullet_list", "ordered_list"):
        return "\n".join(_item(item) for item in node.children)
    if node.type == "table":
        rows = [row for part in node.children for row in part.children]
        return "\n".join(" | ".join(_inline(cell) for cell in row.children) for row in rows)
    if node.type in ("fence", "code_block"):
        return node.content
    if node.type in ("html_block", "hr"):
        return ""
    if node.type == "blockquote":
        return "\n".join(_plain(child) for child in node.children)
    return _inline(node)


def _item(item: SyntaxTreeNode) -> str:
    parts = [_plain(child) for child in item.children]
    return "- " + "\n".join(part for part in parts if part)


def _inline(node: SyntaxTreeNode) -> str:
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " "
    if node.type == "image":
        return ""
    return "".join(_inline(child) for child in node.children)


def _text(meta: dict[str, Any], key: str) -> str | None:
    value = meta.get(key)
    return tidy(str(value)) or None if value is not None else None
