"""When the rest of an erasure is finally swept."""

from __future__ import annotations

from datetime import datetime, timedelta

# A turn that was running while its conversation was deleted may save it once more until then.
LATE_SAVES_UNTIL = timedelta(minutes=5)


def final(erased_at: datetime, now: datetime) -> bool:
    """Whether nothing can come back any more after this sweep."""
    return now - erased_at >= LATE_SAVES_UNTIL
