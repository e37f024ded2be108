"""Photos in another place than a folder: whatever fsspec can write to, such as S3."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec

from civic.kit.files import FileStore, StoreFailed, failure

# Where there are no folders to be made.
BUCKETS = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl")
# A citizen waits meanwhile: by itself s3fs waits a minute for a server that is not there, five times.
_SOON = {"config_kwargs": {"connect_timeout": 5, "read_timeout": 20, "retries": {"max_attempts": 1}}}
PATIENCE: dict[str, dict[str, Any]] = {"s3": _SOON, "s3a": _SOON}


class RemoteFileStore(FileStore):
    """Keeps bytes under a key at a URL, e.g. `s3://bucket/photos`; who may write there, its library knows.

    Whatever else fails there, `get` and `delete` raise `StoreFailed`, too.
    """

    def __init__(self, url: str) -> None:
        protocol = url.partition(":")[0]
        try:
            self.files, self.root = fsspec.core.url_to_fs(url, **PATIENCE.get(protocol, {}))
        except (ImportError, ValueError) as error:
            extra = "folkmoot[s3]" if protocol in ("s3", "s3a") else "what the message names"
            raise StoreFailed(
                f"Photos cannot be kept at {protocol}://: {error}.",
                remedy=f"Install {extra} with pip, or change FOLKMOOT_FILES_URL.",
            ) from error
        self._in_a_bucket = protocol in BUCKETS

    def put(self, key: str, data: bytes) -> None:
        path = self._at(key)
        with _failures():
            try:
                self.files.pipe_file(path, data)
            except FileNotFoundError:
                if self._in_a_bucket:  # it has no folders; a bucket that is not there was misspelt
                    raise
                self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
                self.files.pipe_file(path, data)

    def get(self, key: str) -> bytes:
        path = self._at(key)
        try:
            data: bytes = self.files.cat_file(path)
        except FileNotFoundError:
            raise
        except Exception as error:
            raise failure(error) from error
        return data

    def delete(self, key: str) -> None:
        path = self._at(key)
        with _failures(), contextlib.suppress(FileNotFoundError):
            self.files.rm_file(path)

    def _at(self, key: str) -> str:
        self.check(key)
        return f"{self.root.rstrip('/')}/{key[-2:].lower()}/{key}"


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """Each library has failures of its own: here they get one name."""
    try:
        yield
    except Exception as error:
        raise failure(error) from error


def open_store(url: str, folder: Path) -> FileStore:
    """The store at a URL, or in a folder where there is none."""
    return RemoteFileStore(url) if url else FileStore(folder)
