"""The stored index of a large collection, built in the background from what is in the database."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from civic.kit.db import Sessions, read_session
from civic.knowledge import queries
from civic.knowledge.index import Encoder, Entry, PassageIndex
from civic.knowledge.index.building import LARGE, open_or_build
from civic.knowledge.index.nearest import Progress
from civic.knowledge.index.stored import Batch, NotComplete, StoredIndex
from civic.knowledge.passages import indexed_text
from civic.knowledge.prepare import unpack

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ready:
    """An index, its encoder, and the version of knowledge that it holds; -1 where that is not known."""

    version: int
    index: PassageIndex
    encoder: Encoder


def _silent(what: str, done: int, total: int) -> None:
    pass


class IndexFiles:
    """Opens the index of a version, or builds it beside the one that serves meanwhile."""

    def __init__(self, sessions: Sessions, folder: Path, large: int = LARGE) -> None:
        self._sessions = sessions
        self._folder = folder
        self._large = large
        self._thread: threading.Thread | None = None
        self._ready: Ready | None = None

    def wanted(self, session: Session) -> bool:
        """Whether there are so many passages that they are not to be held in memory."""
        return sum(count for _, count in queries.documents_in_force(session)) > self._large

    def latest(self, session: Session, version: int, encoder: Encoder) -> Ready:
        """The index of this version if it is there; else starts to build it, and gives the one before.

        A turn of a citizen never waits for a build, which takes minutes and would hold the database.
        """
        ready = self._ready
        if ready is not None and (ready.version, ready.encoder.digest) == (version, encoder.digest):
            return ready
        with contextlib.suppress(NotComplete):
            index = StoredIndex(self._folder / _name(session, version, encoder))
            self._ready = Ready(version, index, encoder)
            return self._ready
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(
                target=self._build_quietly, args=(encoder,), name="knowledge index", daemon=True
            )
            self._thread.start()
        if self._ready is None:
            self._ready = Ready(-1, self._before(encoder) or PassageIndex([], unpack([]), []), encoder)
        return self._ready

    def build(self, encoder: Encoder, progress: Progress = _silent) -> StoredIndex:
        """Builds the index of what is in the database now, and waits until it is whole."""
        with read_session(self._sessions) as session:
            version = queries.version(session)
            count = sum(passages for _, passages in queries.documents_in_force(session))
            name = _name(session, version, encoder)
            index = open_or_build(self._folder, name, lambda: _batches(session, encoder), count, progress)
        log.info("knowledge index: version %d, %d passages, in files", version, len(index))
        self._ready = Ready(version, index, encoder)
        return index

    def _build_quietly(self, encoder: Encoder) -> None:
        try:
            self.build(encoder)
        except Exception:  # a full disk, for example: the index before goes on serving, and it is tried again
            log.exception("the knowledge index could not be built")

    def _before(self, encoder: Encoder) -> StoredIndex | None:
        """The newest index of this encoder from an earlier run."""
        found = sorted(
            self._folder.glob(f"[0-9]*-{encoder.digest}"), key=lambda place: -place.stat().st_mtime
        )
        for place in found:
            with contextlib.suppress(NotComplete):
                return StoredIndex(place)
        return None


def _name(session: Session, version: int, encoder: Encoder) -> str:
    """Two databases may reach the same version: the documents' ids tell them apart."""
    documents = "\n".join(document for document, _ in queries.documents_in_force(session))
    return f"{version}-{hashlib.sha256(documents.encode()).hexdigest()[:12]}-{encoder.digest}"


def _batches(session: Session, encoder: Encoder) -> Iterator[Batch]:
    for rows in queries.searchable_batches(session):
        texts = [indexed_text(row.title, row.heading, row.text) for row in rows]
        entries = [
            Entry(row.document_id, row.ordinal, row.title, row.heading, row.text, row.page) for row in rows
        ]
        if all(row.encoder == encoder.digest for row in rows):
            yield Batch(entries, unpack([row.vector for row in rows]), texts)
        else:
            # Vectors of another model cannot be compared with this one's questions.
            yield Batch(entries, encoder.encode(texts), texts)
