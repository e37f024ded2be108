"""Work of one chat is done in the order in which it came; different chats do not wait for each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


class Lanes:
    """One lane a chat; a lane exists only while it has work."""

    def __init__(self) -> None:
        self._last: dict[int, asyncio.Task[None]] = {}

    def submit(self, chat: int, job: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Runs the job after everything that was submitted for this chat before, whatever became of it."""
        task = asyncio.create_task(_after(self._last.get(chat), job))
        self._last[chat] = task
        task.add_done_callback(lambda done: self._leave(chat, done))
        return task

    def _leave(self, chat: int, task: asyncio.Task[None]) -> None:
        if self._last.get(chat) is task:
            del self._last[chat]

    async def close(self) -> None:
        """Stops all work; what was not finished is delivered again by Telegram."""
        tasks = list(self._last.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _after(before: asyncio.Task[None] | None, job: Callable[[], Awaitable[None]]) -> None:
    if before is not None:
        await asyncio.wait({before})
    await job()
