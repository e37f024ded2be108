"""Photos may lie wherever fsspec can write; links to them are signed and end."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from civic.kit.files import FileStore, StoreFailed, StoreFull
from civic.kit.links import opens, signature, signed
from civic.kit.remote_files import RemoteFileStore, open_store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_bytes_come_back_from_anywhere_until_they_are_deleted(kind: str, tmp_path: Path) -> None:
    url = "memory://photos" if kind == "memory" else f"file://{tmp_path / 'photos'}"
    store = open_store(url, tmp_path / "unused")
    store.put("Abc-9_", b"data")
    assert store.get("Abc-9_") == b"data"
    # Another process opens the same place.
    assert RemoteFileStore(url).get("Abc-9_") == b"data"
    store.delete("Abc-9_")
    store.delete("Abc-9_")
    with pytest.raises(FileNotFoundError):
        store.get("Abc-9_")
    assert not (tmp_path / "unused").exists()


def test_without_a_url_the_folder_is_used(tmp_path: Path) -> None:
    assert type(open_store("", tmp_path)) is FileStore


@pytest.mark.parametrize("key", ["", "../x", "a/b", "a.b"])
def test_a_key_cannot_leave_the_place(key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        RemoteFileStore("memory://photos").get(key)


def test_a_full_place_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    store = RemoteFileStore("memory://photos")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(store.files, "pipe_file", full)
    with pytest.raises(StoreFull):
        store.put("abc", b"data")


def test_a_place_that_does_not_answer_is_said_whatever_its_library_raises(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = RemoteFileStore("memory://photos")

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no such bucket")

    monkeypatch.setattr(store.files, "pipe_file", broken)
    with pytest.raises(StoreFailed):
        store.put("abc", b"data")


def test_a_link_is_good_until_its_end_and_only_as_we_made_it() -> None:
    until = int((NOW + timedelta(hours=1)).timestamp())
    link = signed("secret", "/photos/a", NOW + timedelta(hours=1))
    proof = signature("secret", "/photos/a", until)
    assert link == f"/photos/a?until={until}&signature={proof}"
    assert opens("secret", "/photos/a", until, proof, NOW)
    assert not opens("secret", "/photos/a", until, proof, NOW + timedelta(hours=1))
    assert not opens("secret", "/photos/b", until, proof, NOW)
    assert not opens("secret", "/photos/a", until + 1, proof, NOW)
    assert not opens("another", "/photos/a", until, proof, NOW)
    assert not opens("secret", "/photos/a", until, "ä" * 64, NOW)
