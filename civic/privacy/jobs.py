"""Sweeps what an erasure's own transaction cannot reach: photos' files, and what was saved a moment later."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import column, delete, table
from sqlalchemy.orm import Session

from civic.kit.files import FileStore, StoreFailed
from civic.privacy import queries
from civic.privacy.rules import final

logger = logging.getLogger(__name__)

# The dialogue server's own table, which it writes at the end of each turn.
SNAPSHOTS = table("rasa_tracker_snapshots", column("conversation_id"))


def forget_dialogue(session: Session, conversation_ids: Iterable[str]) -> None:
    """Deletes what the dialogue server remembers of conversations."""
    session.execute(delete(SNAPSHOTS).where(SNAPSHOTS.c.conversation_id.in_(list(conversation_ids))))


def sweep(session: Session, files: FileStore, now: datetime) -> int:
    """Deletes what remains of recent erasures; returns how many are finally done.

    Each is swept again and again until nothing can come back, so that the first sweep is soon and the
    last one is sure. A file that cannot be deleted is tried again the next time.
    """
    done = 0
    for erasure in queries.unswept(session):
        forget_dialogue(session, erasure.remains["conversations"])
        stuck = [key for key in erasure.remains["photos"] if not _gone(files, key)]
        finished = final(erasure.at, now)
        erasure.remains = {
            "conversations": [] if finished else erasure.remains["conversations"],
            "photos": stuck,
        }
        if finished and not stuck:
            erasure.swept_at = now
            done += 1
    return done


def _gone(files: FileStore, key: str) -> bool:
    try:
        files.delete(key)
    except (OSError, StoreFailed) as error:
        logger.warning("a photo of an erasure cannot be deleted yet: %s", type(error).__name__)
        return False
    return True
