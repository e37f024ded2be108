"""Logging: one line an event, in UTC, in a file that rotates; an error is its kind and place only."""

from __future__ import annotations

import logging
import logging.handlers
import time
from pathlib import Path
from typing import Any

QUIET = (
    "httpx",
    "httpcore",
    "httpx2",
    "httpcore2",
    "alembic",
    "telegram",
    "apscheduler",
    "bm25s",
    "trafilatura",
)


class Lines(logging.Formatter):
    """`2026-01-31T08:15:00.123Z WARNING bot.gateway message`; a line break in it cannot forge a line."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the base class's name
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Kind and place of an error: its message may hold what a citizen wrote."""
        kind, _, trace = ei
        places = []
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}:{code.co_name}")
            trace = trace.tb_next
        return f"    {kind.__name__} at {' > '.join(places[-8:])}"


def set_up(file: Path, level: int = logging.INFO) -> None:
    """Send everything to the file, 5 MB a piece and four pieces kept; the terminal stays for the operator."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(file, maxBytes=5_000_000, backupCount=4, encoding="utf-8")
    handler.setFormatter(Lines())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level)
    for name in QUIET:
        # Their lines may hold addresses with tokens in them, such as Telegram's.
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "sanic.root", "rasa_sdk"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING if name == "uvicorn.access" else level)
