"""Decisions about messages, as pure functions."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

MAX_ATTEMPTS = 6
HISTORY_TURNS = 3

_INVISIBLE = {"\u200b", "\u200c", "\u2060", "\ufeff"}


def clean_text(text: str) -> str:
    """The text in NFC, without control characters and invisible fillers, trimmed.

    Line breaks stay; a NUL, which PostgreSQL refuses, never gets further than here.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    kept = (c for c in text if c == "\n" or (unicodedata.category(c) != "Cc" and c not in _INVISIBLE))
    return "".join(kept).strip()


def retry_after(attempts: int) -> timedelta | None:
    """How long a message waits after its `attempts`-th failed turn; None when it is given up.

    5 s, 20 s, 80 s, 320 s, 1280 s: a restart is covered at once, an outage of half an hour as well.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    return timedelta(seconds=5 * 4 ** (attempts - 1))
