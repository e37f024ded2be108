"""Every SELECT about the outbox."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from civic.conversation.models import ChannelAddress, Citizen, OutboundRecord
from civic.delivery.models import Delivery, NotificationPreference
from civic.delivery.rules import Wish
from civic.delivery.sender import Lane

OPEN = ("pending", "sending")
FAST = ("reply", "urgent")


def by_key(session: Session, conversation_id: str, dedupe_key: str) -> Delivery | None:
    """The delivery that was queued under a key."""
    return session.scalar(
        select(Delivery).where(Delivery.conversation_id == conversation_id, Delivery.dedupe_key == dedupe_key)
    )


def wish_of(session: Session, citizen_id: str | None) -> Wish:
    """What a citizen wants to hear; everything, unless they said otherwise."""
    kept = session.get(NotificationPreference, citizen_id) if citizen_id else None
    return Wish(kept.wish) if kept is not None else Wish.EVERYTHING


def waiting(session: Session) -> int:
    """How many messages still have to leave."""
    count = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.state.in_(OPEN)))
    return count or 0


def due_heads(
    session: Session,
    channels: Collection[str],
    lane: Lane,
    now: datetime,
    limit: int,
    *,
    quiet: bool = False,
) -> list[Select[Delivery]]:
    """The first open message of each conversation, where it is due: order within a conversation is kept.

    In the lane of replies a conversation comes with everything that stands before the reply. In the quiet
    hours pushes wait, except those that answer somebody.
    Two selects, so that each walks one index: what a dead worker had claimed, then what waits.
    """
    message, earlier, earlier_message = OutboundRecord, aliased(Delivery), aliased(OutboundRecord)
    behind_another = (
        select(earlier.id)
        .join(earlier_message, earlier_message.id == earlier.message_id)
        .where(
            earlier.conversation_id == Delivery.conversation_id,
            _unindexed(earlier.state).in_(OPEN),
            earlier_message.seq < message.seq,
        )
        .exists()
    )
    heads = (
        select(Delivery)
        .join(message, message.id == Delivery.message_id)
        .where(Delivery.channel.in_(channels), ~behind_another)
        .limit(limit)
    )
    mine = heads.where(Delivery.lane == "push")
    if quiet and lane == "push":
        mine = mine.where(message.in_reply_to.is_not(None))
    state: ColumnElement[str] = Delivery.state.expression
    if lane == "reply":
        waiting_for_reply = session.scalars(
            select(Delivery.conversation_id)
            .where(Delivery.state.in_(OPEN), Delivery.lane.in_(FAST), Delivery.channel.in_(channels))
            .group_by(Delivery.conversation_id)
            .order_by(func.min(Delivery.due_at))
            .limit(10 * limit)
        ).all()
        if not waiting_for_reply:
            return []
        mine, state = heads.where(Delivery.conversation_id.in_(waiting_for_reply)), _unindexed(Delivery.state)
    return [
        mine.where(state == "sending", Delivery.claimed_until <= now),
        mine.where(state == "pending", Delivery.due_at <= now).order_by(Delivery.due_at),
    ]


def _unindexed(column: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """The column as no index has it: a few conversations are looked up, not all that waits walked."""
    return column + ""


def anything_due(
    session: Session, channels: Collection[str], lane: Lane, now: datetime, *, quiet: bool = False
) -> bool:
    """Is there work? Asked without any lock before work is claimed."""
    due = due_heads(session, channels, lane, now, 1, quiet=quiet)
    return any(session.scalar(heads) is not None for heads in due)


def claimable(
    session: Session,
    channels: Collection[str],
    lane: Lane,
    now: datetime,
    limit: int,
    *,
    quiet: bool = False,
) -> list[Delivery]:
    """Due messages nobody else is claiming: heads, then what follows them in their conversations."""
    heads = [
        head
        for select_heads in due_heads(session, channels, lane, now, limit, quiet=quiet)
        for head in session.scalars(select_heads.with_for_update(skip_locked=True, of=Delivery))
    ]
    if not heads:
        return []
    followers = session.scalars(
        select(Delivery)
        .join(OutboundRecord, OutboundRecord.id == Delivery.message_id)
        .where(
            Delivery.conversation_id.in_([head.conversation_id for head in heads]),
            _unindexed(Delivery.state) == "pending",
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
