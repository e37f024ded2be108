"""A stamp says from which inputs a result was made, so an unchanged step is skipped and a half one redone."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

SKIPPED_FOLDERS = {"__pycache__", ".mypy_cache", ".ruff_cache"}


def digest(inputs: Iterable[Path | str], root: Path) -> str:
    """One hash over words, files and whole folders; a missing file counts as missing, not as an error."""
    total = hashlib.sha256()
    for item in inputs:
        if isinstance(item, str):
            total.update(f"word:{item}\n".encode())
            continue
        for path in files(item):
            name = path.relative_to(root) if path.is_relative_to(root) else path
            total.update(f"file:{name}:{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def files(path: Path) -> list[Path]:
    """The file itself, or every file under the folder in a fixed order."""
    if path.is_file():
        return [path]
    return sorted(
        found
        for found in path.rglob("*")
        if found.is_file() and not SKIPPED_FOLDERS & set(found.parts) and found.suffix != ".pyc"
    )


def matches(stamp: Path, wanted: str) -> bool:
    """Whether the step's last complete result was made from these inputs."""
    try:
        return stamp.read_text(encoding="utf-8").strip() == wanted
    except (OSError, ValueError):
        return False


def write(stamp: Path, value: str) -> None:
    """Put the stamp in place in one move, so that it is never half written."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    draft = stamp.with_name(f"{stamp.name}.{os.getpid()}")
    draft.write_text(value + "\n", encoding="utf-8")
    draft.replace(stamp)
