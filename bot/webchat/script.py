"""The element's files as browsers get them: one script and one stylesheet, compressed once."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "element"
MODULES = ("dom.js", "connection.js", "composer.js", "log.js", "folkmoot-chat.js")

_IMPORT = re.compile(r"^import \{[^}]*\} from \"\./[\w-]+\.js\";\n", re.MULTILINE)
_BLOCK_COMMENT = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n", re.MULTILINE | re.DOTALL)
_LINE_COMMENT = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


@dataclass(frozen=True)
class Asset:
    """A file to serve, with its compressed form and a tag that changes with its content."""

    body: bytes
    compressed: bytes
    media_type: str
    tag: str


@cache
def assets() -> dict[str, Asset]:
    """Everything the element needs, by file name."""
    return {
        "folkmoot-chat.js": _asset(joined(), "text/javascript; charset=utf-8"),
        "folkmoot-chat.css": _asset(
            _bare((FOLDER / "folkmoot-chat.css").read_text(encoding="utf-8")), "text/css; charset=utf-8"
        ),
        "icon.svg": _asset((FOLDER / "icon.svg").read_text(encoding="utf-8"), "image/svg+xml"),
    }


def joined() -> str:
    """The element's modules as one: a telephone asks once, not five times.

    The modules import from each other only, and their top-level names differ, so that leaving
    the imports out is all it takes; the files also work as they are.
    """
    sources = [(FOLDER / name).read_text(encoding="utf-8") for name in MODULES]
    return "".join(_bare(_IMPORT.sub("", source)).replace("\nexport ", "\n") for source in sources)


def _bare(source: str) -> str:
    """Without whole-line comments and indentation, which no browser reads."""
    return _INDENT.sub("", _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub("", source)))


def _asset(text: str, media_type: str) -> Asset:
    body = text.encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Asset(body, gzip.compress(body, 9, mtime=0), media_type, tag)
