"""Every SELECT about erasures."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civic.conversation.models import Attachment, ChannelAddress, Conversation
from civic.privacy.models import Erasure


def conversation_ids(session: Session, citizen_id: str) -> list[str]:
    """The ids under which the dialogue server knows a citizen."""
    return list(session.scalars(select(Conversation.id).where(Conversation.citizen_id == citizen_id)))


def address_ids(session: Session, citizen_id: str) -> list[str]:
    """Where a citizen can be reached."""
    return list(session.scalars(select(ChannelAddress.id).where(ChannelAddress.citizen_id == citizen_id)))


def conversations_at(session: Session, address_ids: Sequence[str]) -> list[str]:
    """The conversations that take place at addresses now."""
    return list(session.scalars(select(Conversation.id).where(Conversation.address_id.in_(address_ids))))


def photo_keys(session: Session, citizen_id: str) -> list[str]:
    """The keys of a citizen's photos in the file store."""
    return list(
        session.scalars(
            select(Attachment.id)
            .join(Conversation, Conversation.id == Attachment.conversation_id)
            .where(Conversation.citizen_id == citizen_id)
        )
    )


def unswept(session: Session, limit: int = 100) -> Sequence[Erasure]:
    """Erasures of which something may still lie outside our tables."""
    return session.scalars(
        select(Erasure)
        .where(Erasure.swept_at.is_(None))
        .order_by(Erasure.at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def page(session: Session, limit: int, offset: int = 0) -> tuple[Sequence[Erasure], int]:
    """A page of erasures, newest first, and how many there were in all."""
    rows = select(Erasure).order_by(Erasure.at.desc(), Erasure.id.desc()).limit(limit).offset(offset)
    total = session.scalar(select(func.count()).select_from(Erasure)) or 0
    return session.scalars(rows).all(), total
