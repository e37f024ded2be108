"""Tells connected browsers of new messages: at once within a process, within a second across processes."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

import anyio.to_thread
from sqlalchemy.exc import SQLAlchemyError

from bot.webchat import history
from civic.kit.services import Services

logger = logging.getLogger(__name__)


class Listener(Protocol):
    """A connected browser: whose it is, up to which number it knows, and how to bring it up to date."""

    address: str
    conversation_id: str | None
    since: int

    async def flush(self) -> None: ...


class Hub:
    """Knows every connected browser of this process; asks the database once a second for all of them."""

    def __init__(self, services: Services, every: float = 1.0) -> None:
        self._services = services
        self._every = every
        self._listeners: dict[str, set[Listener]] = defaultdict(set)
        self._watch: asyncio.Task[None] | None = None
        self._telling: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return sum(len(listeners) for listeners in self._listeners.values())

    def join(self, listener: Listener) -> None:
        self._listeners[listener.address].add(listener)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._watching())

    def leave(self, listener: Listener) -> None:
        listeners = self._listeners[listener.address]
        listeners.discard(listener)
        if not listeners:
            del self._listeners[listener.address]
        if not self._listeners and self._watch is not None:
            self._watch.cancel()
            self._watch = None

    async def notify(self, conversation_id: str) -> None:
        """The gateway says that this conversation has new messages."""
        listeners = [
            listener
            for listeners in self._listeners.values()
            for listener in listeners
            if listener.conversation_id == conversation_id
        ]
        if listeners:
            # Not awaited: a browser that reads slowly must not hold up the conversation.
            telling = asyncio.create_task(self._flush(listeners))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

    async def _watching(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.look()
            except SQLAlchemyError as error:
                # The next second may be better; browsers stay connected meanwhile.
                logger.warning("could not look for new messages: %s", type(error).__name__)

    async def look(self) -> None:
        """One query for everybody; who is behind is brought up to date."""
        numbers = await anyio.to_thread.run_sync(history.last_numbers, self._services, list(self._listeners))
        await self._flush(
            listener
            for address, last in numbers.items()
            for listener in self._listeners.get(address, ())
            if listener.since < last
        )

    async def _flush(self, listeners: Iterable[Listener]) -> None:
        behind = list(listeners)
        if behind:
            await asyncio.gather(*(listener.flush() for listener in behind), return_exceptions=True)
