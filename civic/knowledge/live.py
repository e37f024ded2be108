"""The index that a process answers from: built from the database, and anew when knowledge changed."""

from __future__ import annotations

import logging
import threading
from functools import lru_cache

from sqlalchemy.orm import Session

from civic.knowledge import queries
from civic.knowledge.index import Encoder, Entry, PassageIndex, Vectors
from civic.knowledge.passages import indexed_text, sentence_texts
from civic.knowledge.prepare import unpack

log = logging.getLogger(__name__)

REMEMBERED = 4096  # passages whose sentences stay encoded: about 30 MB at most


class LiveIndex:
    """Always gives a complete index: the earlier one serves until the new one is ready."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._built: tuple[int, PassageIndex] | None = None
        self._sentences = lru_cache(maxsize=REMEMBERED)(self._encode_sentences)
        self._building = threading.Lock()

    def current(self, session: Session) -> PassageIndex:
        """The index of what is in the database now; costs one small SELECT when nothing changed."""
        version = queries.version(session)
        built = self._built
        if built is not None and built[0] == version:
            return built[1]
        # Whoever comes while another thread builds is served from the earlier index, if there is one.
        if not self._building.acquire(blocking=built is None):
            assert built is not None
            return built[1]
        try:
            if self._built is None or self._built[0] != version:
                self._built = (version, self._build(session))
                log.info("knowledge index: version %d, %d passages", version, len(self._built[1]))
            return self._built[1]
        finally:
            self._building.release()

    def sentence_vectors(self, entry: Entry) -> Vectors:
        """The vectors of a passage's sentences; those asked for before are remembered."""
        return self._sentences(entry)

    def _encode_sentences(self, entry: Entry) -> Vectors:
        return self.encoder.encode(sentence_texts(entry))

    def _build(self, session: Session) -> PassageIndex:
        rows = queries.searchable(session)
        texts = [indexed_text(row.title, row.heading, row.text) for row in rows]
        entries = [
            Entry(row.document_id, row.ordinal, row.title, row.heading, row.text, row.page) for row in rows
        ]
        if not rows:
            return PassageIndex([], unpack([]), [])
        if all(row.encoder == self.encoder.digest for row in rows):
            vectors: Vectors = unpack([row.vector for row in rows])
        else:
            # Vectors of another model cannot be compared with this one's questions.
            stale = len({row.document_id for row in rows if row.encoder != self.encoder.digest})
            log.warning("%d documents were encoded by another model: run `folkmoot knowledge reindex`", stale)
            vectors = self.encoder.encode(texts)
        return PassageIndex(entries, vectors, texts)
