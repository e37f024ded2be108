"""What is stored is there whole, private things are private."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from civic.kit.files import FileStore, StoreFull, private_text


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "secret"
    first = private_text(path, lambda: "one")
    assert private_text(path, lambda: "two") == first == "one"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_bytes_come_back_until_they_are_deleted(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.put("Abc-9_", b"data")
    assert store.get("Abc-9_") == b"data"
    store.delete("Abc-9_")
    store.delete("Abc-9_")
    with pytest.raises(FileNotFoundError):
        store.get("Abc-9_")


@pytest.mark.parametrize("key", ["", "../x", "a/b", "a.b", "ä"])
def test_a_key_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        FileStore(tmp_path).get(key)


def test_a_full_disk_is_said_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StoreFull):
        FileStore(tmp_path).put("abc", b"data")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
