"""Keeps within Telegram's limits: 30 messages a second overall, one a second into one chat.

A citizen who waits for a reply goes first: pushes use at most 25 of them, and only they are
held to one a second per chat, since Telegram forgives a short burst. A 429 is obeyed for its chat,
and no push goes anywhere until it has passed.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable

from civic.delivery.sender import Lane

# Telegram counts when a message arrives, we when it leaves: a little is kept free for the difference.
OVERALL = 28
FOR_PUSHES = 25
PER_CHAT_SECONDS = 1.0
CHATS_REMEMBERED = 10_000


class Pacer:
    """Says when a message may leave; the clock and the sleep are arguments so that tests need not wait."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._recent: deque[float] = deque()
        self._last: OrderedDict[str, float] = OrderedDict()
        self._held: dict[str, float] = {}
        self._pushes_held = 0.0

    async def turn(self, chat: str, lane: Lane) -> None:
        """Returns when a message into this chat may be sent, and counts it as sent."""
        while (wait := self.wait(chat, lane)) > 0:
            await self._sleep(wait)
        now = self._clock()
        self._recent.append(now)
        self._last[chat] = now
        self._last.move_to_end(chat)
        if len(self._last) > CHATS_REMEMBERED:
            self._last.popitem(last=False)

    def wait(self, chat: str, lane: Lane) -> float:
        """Seconds until a message may leave; 0 means now."""
        now = self._clock()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        allowed = FOR_PUSHES if lane == "push" else OVERALL
        # The message that has to leave the window before another one may enter it.
        full = self._recent[-allowed] + 1 - now if len(self._recent) >= allowed else 0.0
        waits = [full, self.held(chat)]
        if lane == "push":
            waits += [self._last.get(chat, 0.0) + PER_CHAT_SECONDS - now, self._pushes_held - now]
        return max(0.0, *waits)

    def held(self, chat: str) -> float:
        """Seconds for which Telegram asked us to leave this chat alone."""
        left = self._held.get(chat, 0.0) - self._clock()
        if left <= 0:
            self._held.pop(chat, None)
        return max(0.0, left)

    def hold(self, chat: str, seconds: float) -> None:
        """Telegram answered 429: nothing into this chat, and no pushes anywhere, for this long."""
        until = self._clock() + seconds
        self._held[chat] = max(until, self._held.get(chat, 0.0))
        self._pushes_held = max(until, self._pushes_held)
