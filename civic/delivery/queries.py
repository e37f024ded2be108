"""Every SELECT about the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from civic.conversation.models import ChannelAddress, Citizen, OutboundRecord
from civic.delivery.models import Delivery
from civic.delivery.sender import Lane

OPEN = ("pending", "sending")


def by_key(session: Session, conversation_id: str, dedupe_key: str) -> Delivery | None:
    """The delivery that was queued under a key."""
    return session.scalar(
        select(Delivery).where(Delivery.conversation_id == conversation_id, Delivery.dedupe_key == dedupe_key)
    )


def waiting(session: Session) -> int:
    """How many messages still have to leave."""
    count = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state.in_(OPEN)))
    return count or 0


def due_heads(channels: Collection[str], lane: Lane, now: datetime, limit: int) -> Select[Delivery]:
    """The first open message of each conversation, where it is due: order within a conversation is kept.

    In the lane of replies a conversation comes with everything that stands before the reply.
    A message that a dead worker claimed is due again when its claim has run out.
    """
    message, earlier, earlier_message = OutboundRecord, aliased(Delivery), aliased(OutboundRecord)
    ready = or_(
        and_(Delivery.state == "pending", Delivery.due_at <= now),
        and_(Delivery.state == "sending", Delivery.claimed_until <= now),
    )
    behind_another = (
        select(earlier.id)
        .join(earlier_message, earlier_message.id == earlier.message_id)
        .where(
            earlier.conversation_id == Delivery.conversation_id,
            earlier.state.in_(OPEN),
            earlier_message.seq < message.seq,
        )
        .exists()
    )
    reply = aliased(Delivery)
    waited_for = exists().where(
        reply.conversation_id == Delivery.conversation_id, reply.lane == "reply", reply.state.in_(OPEN)
    )
    return (
        select(Delivery)
        .join(message, message.id == Delivery.message_id)
        .where(
            Delivery.channel.in_(channels),
            ready,
            ~behind_another,
            waited_for if lane == "reply" else Delivery.lane == "push",
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    )


def anything_due(session: Session, channels: Collection[str], lane: Lane, now: datetime) -> bool:
    """Is there work? Asked without any lock before work is claimed."""
    return session.scalar(due_heads(channels, lane, now, 1)) is not None


def claimable(
    session: Session, channels: Collection[str], lane: Lane, now: datetime, limit: int
) -> list[Delivery]:
    """Due messages nobody else is claiming: heads, then what follows them in their conversations."""
    heads = session.scalars(
        due_heads(channels, lane, now, limit).with_for_update(skip_locked=True, of=Delivery)
    ).all()
    if not heads:
        return []
    followers = session.scalars(
        select(Delivery)
        .join(OutboundRecord, OutboundRecord.id == Delivery.message_id)
        .where(
            Delivery.conversation_id.in_([head.conversation_id for head in heads]),
            Delivery.state == "pending",
            Delivery.due_at <= now,
            Delivery.id.not_in([head.id for head in heads]),
        )
        .order_by(OutboundRecord.seq)
    ).all()
    return [*heads, *followers]


def addressed(
    session: Session, delivery_ids: Collection[str]
) -> Sequence[tuple[Delivery, OutboundRecord, ChannelAddress, str]]:
    """Deliveries with their message, address and the citizen's language, in order of number."""
    rows = session.execute(
        select(Delivery, OutboundRecord, ChannelAddress, Citizen.language)
        .join(OutboundRecord, OutboundRecord.id == Delivery.message_id)
        .join(ChannelAddress, ChannelAddress.id == Delivery.address_id)
        .join(Citizen, Citizen.id == ChannelAddress.citizen_id)
        .where(Delivery.id.in_(delivery_ids))
        .order_by(OutboundRecord.seq)
    ).all()
    return [(row[0], row[1], row[2], row[3]) for row in rows]
