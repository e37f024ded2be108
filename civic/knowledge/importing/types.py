"""What every parser returns."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

# Raised whenever parsers or the passage splitter change what they make of the same file.
PARSER_VERSION = 2


@dataclass(frozen=True)
class Block:
    """One paragraph, list or table as plain text, under its headings, on its page."""

    text: str
    heading: tuple[str, ...] = ()
    page: int | None = None


@dataclass(frozen=True)
class ImportedDocument:
    """A document as it was read, not yet stored; `named` when it says its own id, not the file's name."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    format: str
    content_hash: str
    section: str | None = None
    date: dt.date | None = None
    valid_until: dt.date | None = None
    author: str | None = None
    url: str | None = None
    language: str = "en"
    named: bool = False


@dataclass(frozen=True)
class FileContent:
    """What a file held: its documents, and a sentence for each part that could not be read."""

    documents: list[ImportedDocument] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def content_hash(data: bytes) -> str:
    """Changes when the content changes, or when we would read it differently."""
    return hashlib.sha256(b"%d\n" % PARSER_VERSION + data).hexdigest()


def slug(name: str) -> str:
    """A name that is safe in an address: `Parking & Permits` becomes `parking-permits`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    short = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:100].strip("-")
    # A title in another script leaves nothing over: its hash is as good a name.
    return short or hashlib.sha256(name.encode()).hexdigest()[:16]


def tidy(text: str) -> str:
    """The text without control characters, with single spaces and no empty lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00ad", "").replace("\u00a0", " ")
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Co"))
    lines = (re.sub(r"[ \t\u2000-\u200b]+", " ", line).strip() for line in kept.split("\n"))
    return "\n".join(line for line in lines if line)


def web_address(value: object) -> str | None:
    """The value, if it is the address of a web page: it becomes a link that citizens press."""
    text = str(value or "").strip()
    return text if re.match(r"https?://[^\s/]", text) else None


def to_date(value: object) -> dt.date | None:
    """The day that a value names (a date, or a text that begins with YYYY-MM-DD), if any."""
    if isinstance(value, dt.date):
        return dt.date(value.year, value.month, value.day)
    try:
        return dt.date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
