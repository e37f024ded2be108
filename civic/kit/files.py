"""Files that the product writes: small private ones, and citizens' photos."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

from civic.kit.errors import Unavailable


class StoreFailed(Unavailable):
    """The place where files lie does not take one; what is stored already is safe."""

    code = "store_failed"
    title = "Photos cannot be stored at the moment"


class StoreFull(StoreFailed):
    """There is no room for another file."""

    code = "store_full"
    title = "Photos cannot be stored at the moment"


def private_text(path: Path, make: Callable[[], str]) -> str:
    """The text of a file only its owner can read, made on the first call; safe for two at once."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(make() + "\n", encoding="utf-8")
    draft.chmod(0o600)
    try:
        os.link(draft, path)  # fails when somebody else was first: theirs counts
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def failure(error: Exception) -> StoreFailed:
    """What to call it when a place of files failed."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return StoreFull() if full else StoreFailed()


class FileStore:
    """Keeps bytes under a key in a folder; a key is letters, digits, `-` and `_` only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, key: str, data: bytes) -> None:
        """Stores the bytes whole or not at all; raises `StoreFull` or, whatever else fails, `StoreFailed`."""
        path = self._path(key)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(data)
            draft.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
            raise failure(error) from error

    def get(self, key: str) -> bytes:
        """The bytes of a key; raises `FileNotFoundError`."""
        return self._path(key).read_bytes()

    def delete(self, key: str) -> None:
        """Removes a key; one that is not there is no error."""
        self._path(key).unlink(missing_ok=True)

    @staticmethod
    def check(key: str) -> None:
        """Refuses what is no key, and could lead out of the store."""
        if not key or not all(c.isascii() and (c.isalnum() or c in "-_") for c in key):
            raise ValueError("not a key of the file store")

    def _path(self, key: str) -> Path:
        self.check(key)
        return self.folder / key[-2:].lower() / key
