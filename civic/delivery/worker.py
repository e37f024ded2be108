"""The worker that keeps the outbox's promises: delivers what is due, in order, and tries again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

import anyio.to_thread
from sqlalchemy.exc import DBAPIError

from civic.delivery import commands, queries, rules
from civic.delivery.sender import Lane, Outcome, Parcel, Sender
from civic.kit.clock import Clock
from civic.kit.db import Sessions, read_session

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
LANES: dict[Lane, int] = {"reply": 16, "push": 40}
NOTE_ATTEMPTS = 6
STOP_SECONDS = 4.0


class DeliveryWorker:
    """Sends what is queued, each conversation in order, replies in a lane of their own.

    Any number of workers may run, in any number of processes. A worker that is killed loses
    nothing: its claims run out and another one takes them. Only a message that the channel
    had taken in the very moment of the kill is sent a second time.
    """

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        senders: Sequence[Sender],
        quiet: rules.QuietHours | None = None,
    ) -> None:
        self._sessions = sessions
        self._quiet = quiet
        self._clock = clock
        self._senders = {sender.channel: sender for sender in senders}
        self._wakes: dict[Lane, asyncio.Event] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._latest: datetime | None = None

    def wake(self) -> None:
        """There is something new: look now. May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        for event in self._wakes.values():
            event.set()

    async def run(self) -> None:
        """Works until it is cancelled."""
        self._loop = asyncio.get_running_loop()
        self._stopping = False
        self._wakes = {lane: asyncio.Event() for lane in LANES}
        async with asyncio.TaskGroup() as lanes:
            for lane in LANES:
                lanes.create_task(self._work(lane), name=f"delivery-{lane}")

    async def deliver_due(self, lane: Lane) -> int:
        """Delivers what is due now in one lane, without `run`; the number of messages it took."""
        self._stopping = False
        runs = await self._claim(lane, LANES[lane])
        async with asyncio.TaskGroup() as tasks:
            for run in runs:
                tasks.create_task(self._deliver(run))
        return sum(map(len, runs))

    async def _work(self, lane: Lane) -> None:
        busy: set[asyncio.Task[None]] = set()
        wake = self._wakes[lane]
        try:
            while True:
                wake.clear()
                free = LANES[lane] - len(busy)
                runs = await self._take(lane, free) if free else []
                busy |= {asyncio.create_task(self._deliver(run)) for run in runs}
                if len(runs) < free or not free:
                    ringing = asyncio.create_task(wake.wait())
                    await asyncio.wait(
                        {ringing, *busy}, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
                    )
                    ringing.cancel()
                busy = {task for task in busy if not task.done()}
        finally:
            # What is on its way may arrive and be noted; what is not is given back.
            self._stopping = True
            if busy:
                await asyncio.wait(busy, timeout=STOP_SECONDS)
            for task in busy:
                task.cancel()

    async def _take(self, lane: Lane, limit: int) -> list[list[Parcel]]:
        """Claims; when we are stopped in the middle of it, what was claimed is given back."""
        claiming = asyncio.create_task(self._claim_or_wait(lane, limit))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            self._stopping = True
            for run in await claiming:
                await self._release([parcel.id for parcel in run])
            raise

    async def _claim_or_wait(self, lane: Lane, limit: int) -> list[list[Parcel]]:
        try:
            return await self._claim(lane, limit)
        except DBAPIError as error:
            log.warning("the outbox cannot be read (%s), trying again", type(error).__name__)
            if not self._stopping:
                await asyncio.sleep(POLL_SECONDS)
            return []

    async def _claim(self, lane: Lane, limit: int) -> list[list[Parcel]]:
        def claim() -> list[list[Parcel]]:
            now = self._clock.now()
            quiet = self._quiet is not None and self._quiet.at(now)
            # At the start, and when the clock was set back: what waits for the old time is due now.
            if self._latest is None or now < self._latest - rules.AHEAD:
                with self._sessions.begin() as session:
                    commands.set_right(session, now)
            self._latest = now
            with read_session(self._sessions) as session:
                if not queries.anything_due(session, self._senders, lane, now, quiet=quiet):
                    return []
            with self._sessions.begin() as session:
                return commands.claim(session, self._senders, lane, now=now, limit=limit, quiet=quiet)

        return await anyio.to_thread.run_sync(claim)

    async def _deliver(self, run: list[Parcel]) -> None:
        for position, parcel in enumerate(run):
            late = not rules.may_begin(parcel.lane, parcel.claimed_at, self._clock.now())
            if self._stopping or late:
                return await self._release([waiting.id for waiting in run[position:]])
            outcome = await self._attempt(parcel)
            verdict = await self._note(parcel, outcome)
            if verdict == "pending":
                return await self._release([waiting.id for waiting in run[position + 1 :]])

    async def _attempt(self, parcel: Parcel) -> Outcome:
        try:
            return await self._senders[parcel.channel].send(parcel)
        except Exception as error:  # a sender's mistake must not stop everybody's messages
            log.error("sending %s failed: %s", parcel.id, type(error).__name__)
            return Outcome("later", reason="sender_error")

    async def _note(self, parcel: Parcel, outcome: Outcome) -> rules.Verdict:
        def note() -> tuple[rules.Verdict, str | None]:
            with self._sessions.begin() as session:
                return commands.settle(session, parcel.id, outcome, now=self._clock.now())

        for attempt in range(NOTE_ATTEMPTS):
            try:
                verdict, reason = await anyio.to_thread.run_sync(note)
                break
            except DBAPIError:  # sent but not noted would be sent twice: insist
                await asyncio.sleep(0.1 * 2**attempt)
        else:
            log.error("what became of message %s could not be noted", parcel.id)
            return "pending"
        if verdict == "undeliverable":
            log.warning("message %s is undeliverable: %s", parcel.id, reason)
        return verdict

    async def _release(self, delivery_ids: list[str]) -> None:
        def release() -> None:
            with self._sessions.begin() as session:
                commands.release(session, delivery_ids)

        if delivery_ids:
            await anyio.to_thread.run_sync(release)
