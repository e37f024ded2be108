"""Which encoder documents and questions are encoded by: the one tuned on them, where there is one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from civic.encoder import EncoderMissing, Manifest, SentenceEncoder

FOLDER = "encoder-knowledge"


class Encoding:
    """Chooses the encoder of knowledge; what else the product encodes stays with the general one."""

    def __init__(self, folder: Path, general: Callable[[], SentenceEncoder]) -> None:
        self._folder = folder
        self._general = general
        self._tuned: SentenceEncoder | None = None
        self._lock = threading.Lock()

    def current(self) -> SentenceEncoder:
        """The encoder that is in force now; another process may have put a tuned one there since."""
        try:
            manifest = Manifest.read(self._folder)
        except EncoderMissing:
            self._tuned = None
            return self._general()
        with self._lock:
            if self._tuned is None or self._tuned.digest != manifest.digest:
                self._tuned = SentenceEncoder.load(self._folder)
            return self._tuned
