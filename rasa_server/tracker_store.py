"""One row per conversation holds all that Rasa remembers of it, in the product's own database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.dialects import postgresql, sqlite

from rasa_server.forgetting import without_answers

# Every turn reads, copies and writes all events, and nobody needs the old ones: rules look back one turn, and
# what was said is kept in the product's own tables.
ROTATE_AFTER = 24
KEEP_TURNS = 3

snapshots = sa.Table(
    "rasa_tracker_snapshots",
    sa.MetaData(),
    sa.Column("conversation_id", sa.String(64), primary_key=True),
    sa.Column("events", sa.Text, nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
)

READ = sa.select(snapshots.c.events).where(snapshots.c.conversation_id == sa.bindparam("sender"))


def driver_url(url: str) -> str:
    """The product says `postgresql+psycopg://`, unknown to SQLAlchemy 1.4: psycopg2 speaks to it here."""
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg2{separator}{rest}"
    return url


def make_engine(url: str) -> sa.engine.Engine:
    """Open the database as patiently as the product does."""
    url = driver_url(url)
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, pool_size=4, max_overflow=8, hide_parameters=True)
    engine = sa.create_engine(
        url,
        connect_args={"timeout": 10, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
        pool_size=4,
        hide_parameters=True,  # an error in the log must not hold what a citizen wrote
    )

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


class SnapshotTrackerStore(TrackerStore):
    """One SELECT before a turn and one UPSERT after it; forgetting a conversation is one DELETE."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        host: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        if not host:  # the `url` of endpoints.yml arrives under this name
            raise ValueError("the tracker store needs the database's address: set FOLKMOOT_DATABASE_URL")
        self.engine = make_engine(host)
        dialect = postgresql if self.engine.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(snapshots)
        changed = {name: insert.excluded[name] for name in ("events", "updated_at")}
        self._upsert = insert.on_conflict_do_update(index_elements=["conversation_id"], set_=changed)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new tracker is written by its first finished turn, so that a failed one leaves nothing behind."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted("action_listen"))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        stored = await _in_thread(self._read, sender_id)
        if stored is None:
            return None
        return DialogueStateTracker.from_dict(
            sender_id, json.loads(stored), self.domain.slots, self.max_event_history
        )

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        text = json.dumps(remembered(tracker), separators=(",", ":"))
        await _in_thread(self._write, tracker.sender_id, text, datetime.now(timezone.utc))

    async def delete(self, sender_id: str) -> None:
        """Forget the conversation."""
        await _in_thread(self._delete, sender_id)

    async def keys(self) -> Iterable[str]:
        found: list[str] = await _in_thread(self._keys)
        return found

    def _read(self, sender_id: str) -> str | None:
        with self.engine.connect() as connection:
            found: str | None = connection.execute(READ, {"sender": sender_id}).scalar()
            return found

    def _write(self, sender_id: str, text: str, now: datetime) -> None:
        row = {"conversation_id": sender_id, "events": text, "updated_at": now}
        with self.engine.begin() as connection:
            connection.execute(self._upsert, row)

    def _delete(self, sender_id: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(snapshots.delete().where(snapshots.c.conversation_id == sender_id))

    def _keys(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(snapshots.c.conversation_id)).scalars())


def remembered(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """What is stored of a conversation: its last turns, and no word of what was answered in a survey.

    Blanked before it is cut: which loop was at work may stand in what is cut off.
    """
    events = list(tracker.events)
    blanked = without_answers([event.as_dict() for event in events])
    start = first_kept(events)
    if start == 0:
        return blanked
    return [event.as_dict() for event in beginning(tracker, start)] + blanked[start:]


def first_kept(events: list[Event]) -> int:
    """Where what is kept of a conversation begins; 0: all of it is kept."""
    if len(events) <= ROTATE_AFTER:
        return 0
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    return turns[-KEEP_TURNS] if len(turns) > KEEP_TURNS else 0


def beginning(tracker: DialogueStateTracker, start: int) -> list[Event]:
    """A session's first events, as if it began with the event at `start`, in that loop, with those slots."""
    events = list(tracker.events)
    begun = events[start].timestamp
    then = DialogueStateTracker.from_events(tracker.sender_id, events[:start], tracker.slots.values())
    slots = [
        SlotSet(name, value, timestamp=begun)
        for name, value in then.current_slot_values().items()
        if value != tracker.slots[name].initial_value
    ]
    loop = [ActiveLoop(then.active_loop_name, timestamp=begun)] if then.active_loop_name else []
    return [
        ActionExecuted("action_session_start", timestamp=begun),
        SessionStarted(timestamp=begun),
        *slots,
        *loop,
        ActionExecuted("action_listen", timestamp=begun),
    ]


async def _in_thread(function: Any, *arguments: Any) -> Any:
    """The event loop serves other conversations while the database is busy."""
    return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)
