"""The seam between the outbox and a channel: what a channel's adapter implements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

Lane = Literal["reply", "push"]
# How a message is queued: an urgent push travels in the lane of replies.
Queued = Literal["reply", "push", "urgent"]


@dataclass(frozen=True)
class Parcel:
    """One stored message on its way to one address: `id` stays the same from attempt to attempt."""

    id: str
    channel: str
    conversation_id: str
    address: str
    payload: dict[str, Any]
    lane: Lane
    language: str
    claimed_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt.

    `sent`; `later` (try again, after `retry_after` seconds where the channel said so);
    `blocked` (the citizen shut us out: remembered, not tried again); `refused` (the channel
    will never take this message; `reason` is a code without personal data).
    """

    kind: Literal["sent", "later", "blocked", "refused"]
    retry_after: float | None = None
    reason: str | None = None


class Sender(Protocol):
    """Delivers one stored message to one address of its channel; never raises for the channel's faults."""

    channel: str

    async def send(self, parcel: Parcel) -> Outcome: ...
