"""The index that a process answers from: built from the database, and anew when knowledge changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from civic.knowledge import queries
from civic.knowledge.index import Encoder, Entry, PassageIndex, Vectors
from civic.knowledge.index_files import IndexFiles
from civic.knowledge.passages import indexed_text, sentence_texts
from civic.knowledge.prepare import unpack

log = logging.getLogger(__name__)

REMEMBERED = 4096  # passages whose sentences stay encoded: about 30 MB at most


class LiveIndex:
    """Always gives a complete index: the earlier one serves until the new one is ready."""

    def __init__(
        self,
        encoder: Encoder,
        files: IndexFiles | None = None,
        today: Callable[[], date] | None = None,
        choose: Callable[[], Encoder] | None = None,
    ) -> None:
        """With `files` a large collection is kept in them, and built there in the background.

        With `today`, the town's day, a document is found no more as soon as its last day is over.
        With `choose`, the encoder that is in force is asked for whenever knowledge changed; the one before
        serves until the index of the new one is complete.
        """
        self.encoder = encoder
        self._files = files
        self._today = today
        self._choose = choose
        self._last_day: date | None = None  # of what is in the index: the first one that comes
        self._built: tuple[int, PassageIndex] | None = None
        self._sentences = lru_cache(maxsize=REMEMBERED)(self._encode_sentences)
        self._building = threading.Lock()

    def current(self, session: Session) -> PassageIndex:
        """The index of what is in the database now; costs one small SELECT when nothing changed."""
        version = queries.version(session)
        built = self._built
        over = self._is_over()
        if built is not None and built[0] == version and not over:
            return built[1]
        # Whoever comes while another thread builds is served from the earlier index, if there is one.
        if not self._building.acquire(blocking=built is None):
            assert built is not None
            return built[1]
        try:
            if self._built is None or self._built[0] != version or self._is_over():
                encoder = self._choose() if self._choose is not None else self.encoder
                if self._files is not None and self._files.wanted(session):
                    ready = self._files.latest(session, version, encoder)
                    self._use(ready.encoder, ready.version, ready.index)
                    return ready.index
                self._use(encoder, version, self._build(session, encoder))
                assert self._built is not None
                log.info("knowledge index: version %d, %d passages", version, len(self._built[1]))
            return self._built[1]
        finally:
            self._building.release()

    def is_behind(self, session: Session) -> bool:
        """Whether knowledge changed since the index that serves was built."""
        return self._built is None or self._built[0] != queries.version(session)

    def _use(self, encoder: Encoder, version: int, index: PassageIndex) -> None:
        if encoder is not self.encoder:
            self.encoder = encoder
            self._sentences.cache_clear()
        self._built = (version, index)

    def _is_over(self) -> bool:
        """Whether the last day of something in the index has ended since it was built."""
        return self._today is not None and self._last_day is not None and self._today() > self._last_day

    def sentence_vectors(self, entry: Entry) -> Vectors:
        """The vectors of a passage's sentences; those asked for before are remembered."""
        return self._sentences(entry)

    def _encode_sentences(self, entry: Entry) -> Vectors:
        return self.encoder.encode(sentence_texts(entry))

    def _build(self, session: Session, encoder: Encoder) -> PassageIndex:
        today = self._today() if self._today is not None else None
        rows = queries.searchable(session, today)
        self._last_day = queries.next_last_day(session, today) if today is not None else None
        texts = [indexed_text(row.title, row.heading, row.text) for row in rows]
        entries = [
            Entry(row.document_id, row.ordinal, row.title, row.heading, row.text, row.page) for row in rows
        ]
        if not rows:
            return PassageIndex([], unpack([]), [])
        if all(row.encoder == encoder.digest for row in rows):
            vectors: Vectors = unpack([row.vector for row in rows])
        else:
            # Vectors of another model cannot be compared with this one's questions.
            stale = len({row.document_id for row in rows if row.encoder != encoder.digest})
            log.warning("%d documents were encoded by another model: run `folkmoot knowledge reindex`", stale)
            vectors = encoder.encode(texts)
        return PassageIndex(entries, vectors, texts)
