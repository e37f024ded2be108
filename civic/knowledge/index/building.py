"""Builds stored indexes beside each other: the earlier one serves until the new one is whole."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from civic.knowledge.index import stored
from civic.knowledge.index.nearest import Progress
from civic.knowledge.index.stored import Batch, NotComplete, StoredIndex

# Above this many passages an index is kept in files. Below, everything is compared in a few milliseconds.
LARGE = 10_000
# Another process may still be about to open the one before.
KEPT = 2
_MAKING = ".making-"


def open_or_build(
    folder: Path,
    name: str,
    batches: Callable[[], Iterable[Batch]],
    count: int,
    progress: Progress = lambda what, done, total: None,
) -> StoredIndex:
    """The index `name` in `folder`, built if it is not there; of several processes one builds, all use it."""
    place = folder / name
    try:
        return StoredIndex(place)
    except NotComplete:
        pass
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        try:
            return StoredIndex(place)  # built by whoever had the lock before us
        except NotComplete:
            shutil.rmtree(place, ignore_errors=True)
        for left in folder.glob(_MAKING + "*"):  # by a process that was killed: the lock is ours
            shutil.rmtree(left, ignore_errors=True)
        work = Path(tempfile.mkdtemp(dir=folder, prefix=_MAKING))
        try:
            stored.write(work, batches(), count, progress)
            for path in work.iterdir():
                _to_disk(path)
            work.rename(place)
            _to_disk(folder)
        except BaseException:
            shutil.rmtree(work, ignore_errors=True)
            raise
        _forget_old(folder)
        return StoredIndex(place)


def _forget_old(folder: Path) -> None:
    """Deletes all but the newest; a process that still has an older one mapped keeps it until it ends."""
    kept = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    kept.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in kept[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given up by the system when the process ends, however it ends
        yield


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
