"""Photos in S3: kept, read by another process, deleted; what fails there is said, and nothing is made up."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from civic.kit.files import StoreFailed
from civic.kit.remote_files import RemoteFileStore, open_store
from tests.s3 import keys, s3

__all__ = ["s3"]


def test_a_photo_is_kept_in_the_bucket_until_it_is_deleted(s3: ThreadedMotoServer, tmp_path: Path) -> None:
    store = open_store("s3://town/photos", tmp_path / "unused")
    store.put("Abc-9_", b"\xff\xd8picture")
    store.put("other", b"another")
    assert keys() == ["town/photos/9_/Abc-9_", "town/photos/er/other"]
    assert RemoteFileStore("s3://town/photos").get("Abc-9_") == b"\xff\xd8picture"
    store.put("Abc-9_", b"newer")
    assert store.get("Abc-9_") == b"newer"
    store.delete("Abc-9_")
    store.delete("Abc-9_")
    with pytest.raises(FileNotFoundError):
        store.get("Abc-9_")
    assert store.get("other") == b"another"
    assert not (tmp_path / "unused").exists()


def test_a_bucket_that_is_not_there_is_said_and_not_made(s3: ThreadedMotoServer) -> None:
    store = RemoteFileStore("s3://twon/photos")
    with pytest.raises(StoreFailed):
        store.put("abc", b"data")
    with pytest.raises(FileNotFoundError):
        store.get("abc")
    assert not store.files.exists("twon")


def test_a_store_that_is_away_is_said_soon_and_what_it_held_is_there_again(s3: ThreadedMotoServer) -> None:
    store = RemoteFileStore("s3://town/photos")
    store.put("abc", b"data")
    host, port = s3.get_host_and_port()
    s3.stop()
    started = time.monotonic()
    for use in (lambda: store.put("def", b"x"), lambda: store.get("abc"), lambda: store.delete("abc")):
        with pytest.raises(StoreFailed):
            use()
    assert time.monotonic() - started < 30
    back = ThreadedMotoServer(host, port, verbose=False)
    back.start()
    assert store.get("abc") == b"data"
    back.stop()
