"""Which parser reads which file."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from civic.knowledge.errors import UnknownFormat, UnreadableFile
from civic.knowledge.importing.types import FileContent

Parser = Callable[[bytes, str], FileContent]

# Parsers by the ending of the file's name. Their libraries are loaded when the first such file comes: the
# process that answers citizens needs none of them.
FORMATS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".jsonl": "jsonl",
}
MAX_BYTES = 100_000_000


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files at the paths; of a folder every visible file of a known format in it, sorted."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for inside in sorted(path.rglob("*")):
            hidden = any(part.startswith((".", "~$")) for part in inside.relative_to(path).parts)
            if inside.is_file() and inside.suffix.lower() in FORMATS and not hidden:
                yield inside


def parse(path: Path) -> FileContent:
    """The documents of a file; raises `UnreadableFile` when none of it can be used."""
    module = FORMATS.get(path.suffix.lower())
    if module is None:
        known = ", ".join(sorted(FORMATS))
        raise UnknownFormat(
            f"Files with the ending {path.suffix or '(none)'} are not read.", remedy=f"Use {known}."
        )
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnreadableFile("This file is larger than 100 MB.", remedy="Split it into parts.")
        parser: Parser = importlib.import_module(f"civic.knowledge.importing.{module}").parse
        content = parser(path.read_bytes(), path.stem)
    except OSError as error:
        raise UnreadableFile(
            f"The file cannot be opened: {error.strerror or error}.",
            remedy="Check the path and its permissions.",
        ) from error
    documents = [document for document in content.documents if document.blocks]
    if not documents and not content.problems:
        raise UnreadableFile("There is no text in this file.", remedy="Check that it is the right file.")
    if not documents:
        raise UnreadableFile(
            f"No line of this file can be used; the first problem: {content.problems[0]}.",
            remedy='Write one JSON object a line: {"id": ..., "title": ..., "text": ...}.',
        )
    return FileContent(documents, content.problems)
