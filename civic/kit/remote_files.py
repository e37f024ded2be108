"""Photos in another place than a folder: whatever fsspec can write to, such as S3."""

from __future__ import annotations

import contextlib
from pathlib import Path

import fsspec

from civic.kit.files import FileStore, failure


class RemoteFileStore(FileStore):
    """Keeps bytes under a key at a URL, e.g. `s3://bucket/photos`; who may write there, its library knows."""

    def __init__(self, url: str) -> None:
        self.files, self.root = fsspec.core.url_to_fs(url)

    def put(self, key: str, data: bytes) -> None:
        path = self._at(key)
        try:
            self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self.files.pipe_file(path, data)
        except Exception as error:  # each library has failures of its own
            raise failure(error) from error

    def get(self, key: str) -> bytes:
        data: bytes = self.files.cat_file(self._at(key))
        return data

    def delete(self, key: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.files.rm_file(self._at(key))

    def _at(self, key: str) -> str:
        self.check(key)
        return f"{self.root.rstrip('/')}/{key[-2:].lower()}/{key}"


def open_store(url: str, folder: Path) -> FileStore:
    """The store at a URL, or in a folder where there is none."""
    return RemoteFileStore(url) if url else FileStore(folder)
