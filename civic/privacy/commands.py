"""Deletes everything that is kept of a citizen, at once, and tells them so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.conversation.erasure import Erasers
from civic.conversation.types import Reply
from civic.delivery.commands import tell
from civic.kit.ids import new_id
from civic.privacy import queries
from civic.privacy.jobs import forget_dialogue
from civic.privacy.models import Erasure


def forget(
    session: Session, citizen_id: str, erasers: Erasers, confirmation: Reply, now: datetime
) -> Erasure:
    """Runs every feature's eraser in one transaction, and notes that an erasure took place, never whose.

    The confirmation goes to the fresh conversations that then take place at the citizen's addresses.
    """
    addresses = queries.address_ids(session, citizen_id)
    erasure = Erasure(
        id=new_id(now),
        at=now,
        photos=0,
        remains={
            "conversations": queries.conversation_ids(session, citizen_id),
            "photos": queries.photo_keys(session, citizen_id),
        },
    )
    erasure.photos = len(erasure.remains["photos"])
    forget_dialogue(session, erasure.remains["conversations"])
    erasers.erase(session, citizen_id, now)
    for fresh in queries.conversations_at(session, addresses):
        tell(session, fresh, confirmation, dedupe_key=f"erasure:{erasure.id}", now=now)
    session.add(erasure)
    session.flush()
    record(session, "citizen", "citizen:erase:data", erasure.id, {"photos": erasure.photos}, now)
    return erasure
