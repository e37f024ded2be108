"""Promises to citizens: queued in the transaction of the decision that made them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from civic.conversation import commands as conversation
from civic.conversation import queries as conversations
from civic.conversation.models import ChannelAddress, OutboundRecord
from civic.conversation.types import Reply
from civic.delivery import queries, rules
from civic.delivery.models import Delivery, NotificationPreference
from civic.delivery.sender import Lane, Outcome, Parcel, Queued
from civic.kit.ids import new_id

# Channels whose readers fetch: the page of the web chat, and other systems that report for their citizens.
PULLED = ("web", "open311")


def tell(
    session: Session,
    conversation_id: str,
    reply: Reply,
    *,
    dedupe_key: str,
    now: datetime,
    urgent: bool = False,
) -> bool:
    """Tells a citizen something of our own accord, once for each `dedupe_key`; what is urgent, at any hour.

    Returns False when it had been told, or when the conversation is gone (its citizen
    deleted everything).
    """
    if queries.by_key(session, conversation_id, dedupe_key) is not None:
        return False
    if conversations.address_for(session, conversation_id) is None:
        return False
    rows = conversation.append(session, conversation_id, [reply], now=now)
    queue(session, rows, lane="urgent" if urgent else "push", now=now, dedupe_key=dedupe_key)
    return True


def prefer(session: Session, citizen_id: str, wish: rules.Wish, now: datetime) -> None:
    """Keeps what a citizen wants to hear from now on."""
    kept = session.get(NotificationPreference, citizen_id)
    if kept is None:
        session.add(NotificationPreference(citizen_id=citizen_id, wish=wish.value, changed_at=now))
    else:
        kept.wish, kept.changed_at = wish.value, now
    session.flush()


def queue(
    session: Session,
    rows: Sequence[OutboundRecord],
    *,
    lane: Queued,
    now: datetime,
    dedupe_key: str | None = None,
) -> list[Delivery]:
    """Queues messages of one conversation for its channel.

    Who reads the conversation on their own, as the web chat does, has it delivered by its being appended.
    """
    address = conversations.address_for(session, rows[0].conversation_id) if rows else None
    if address is None:
        return []
    deliveries = []
    for row in rows:
        own_pull = address.channel in PULLED
        delivery = Delivery(
            id=new_id(now),
            message_id=row.id,
            conversation_id=row.conversation_id,
            address_id=address.id,
            dedupe_key=dedupe_key or f"message:{row.id}",
            channel=address.channel,
            lane=lane,
            state="sent" if own_pull else "pending",
            attempts=0,
            created_at=now,
            due_at=now,
            sent_at=now if own_pull else None,
        )
        if not own_pull or dedupe_key:
            session.add(delivery)
            deliveries.append(delivery)
    session.flush()
    return deliveries


def claim(
    session: Session,
    channels: Collection[str],
    lane: Lane,
    *,
    now: datetime,
    limit: int,
    quiet: bool = False,
) -> list[list[Parcel]]:
    """Takes due messages for sending, one list a conversation, in order; for a bounded time.

    Two workers never hold the same message: rows are locked on PostgreSQL, and on SQLite
    writers take turns. A push into a chat that shut us out is closed here, unsent.
    """
    rows = queries.claimable(session, channels, lane, now, limit, quiet=quiet)
    by_conversation: dict[str, list[Parcel]] = {}
    for row, message, address, language in queries.addressed(session, [row.id for row in rows]):
        if lane == "push" and address.state == "blocked":
            row.state, row.reason = "undeliverable", "blocked"
            continue
        row.state = "sending"
        row.claimed_until = now + rules.LEASES[lane]
        by_conversation.setdefault(row.conversation_id, []).append(
            Parcel(
                id=row.id,
                channel=row.channel,
                conversation_id=row.conversation_id,
                address=address.address,
                payload={**message.payload, "seq": message.seq},
                lane=lane,
                language=language,
                claimed_at=now,
            )
        )
    session.flush()
    return list(by_conversation.values())


def set_right(session: Session, now: datetime) -> int:
    """Makes due what a clock that ran ahead has put off; returns how many messages had been.

    A message from the future, a claim longer than any: with the clock set back they would wait for it.
    """
    ahead = now + rules.AHEAD
    mended = session.execute(
        update(Delivery)
        .where(
            Delivery.state == "pending",
            (Delivery.created_at > ahead) | (Delivery.due_at > now + rules.GIVE_UP_AFTER),
        )
        .values(due_at=now, created_at=now)
    )
    claims = session.execute(
        update(Delivery)
        .where(Delivery.state == "sending", Delivery.claimed_until > ahead + max(rules.LEASES.values()))
        .values(claimed_until=now + max(rules.LEASES.values()))
    )
    return int(mended.rowcount + claims.rowcount)  # type: ignore[attr-defined]


def settle(
    session: Session, delivery_id: str, outcome: Outcome, *, now: datetime
) -> tuple[rules.Verdict, str | None]:
    """Notes what became of an attempt, and why; a message erased meanwhile needs no note."""
    row = session.get(Delivery, delivery_id)
    if row is None:
        return "undeliverable", "erased"
    row.attempts += 1
    verdict, row.due_at, row.reason = rules.judge(
        outcome, attempts=row.attempts, created_at=row.created_at, now=now
    )
    row.state, row.claimed_until = verdict, None
    if verdict == "sent":
        row.sent_at = now
    address = session.get_one(ChannelAddress, row.address_id)
    reachable = {"sent": "active", "blocked": "blocked"}.get(outcome.kind, address.state)
    if reachable != address.state:
        address.state, address.state_changed_at = reachable, now
    return verdict, row.reason


def release(session: Session, delivery_ids: Collection[str]) -> None:
    """Gives back claimed messages that were not tried."""
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(delivery_ids), Delivery.state == "sending")
        .values(state="pending", claimed_until=None)
    )
