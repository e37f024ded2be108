"""Fetches updates from Telegram and confirms each only when it has been acted upon.

The library's own Updater confirms an update as soon as it lies in memory; a crash then loses it. Here
the offset moves behind the oldest unfinished update, so that Telegram sends again what a crash
interrupted. What was finished but not confirmed comes again too and is recognised as known.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.telegram.connection import seconds_of
from bot.telegram.parse import UPDATE_KINDS

log = logging.getLogger(__name__)

LONG_POLL_SECONDS = 25
PEEK_SECONDS = 0.2
LONGEST_PAUSE = 30.0
OTHER_POLLER = (
    "Telegram: another process fetches updates with the same token; one of the two has to stop "
    "(or use the webhook, which any number of processes may share)."
)

Submit = Callable[[Update], "asyncio.Task[None]"]


class Poller:
    """The loop that fetches updates, for as long as it is not cancelled."""

    def __init__(self, bot: Bot, submit: Submit) -> None:
        self._bot = bot
        self._submit = submit
        self._unfinished: dict[int, asyncio.Task[None]] = {}
        self._finished: set[int] = set()
        self._offset = 0
        self._fault: str | None = None

    async def run(self) -> None:
        """Polls until it is cancelled; raises `InvalidToken` when the token is withdrawn."""
        pause = 1.0
        while True:
            try:
                await self._round()
            except InvalidToken:
                raise
            except RetryAfter as error:
                await asyncio.sleep(seconds_of(error))
            except TelegramError as error:
                self._report(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = 1.0
                if self._fault is not None:
                    self._fault = None
                    log.info("Telegram: connected again")

    async def _round(self) -> None:
        # As long as something is unfinished Telegram answers at once, with that again: peek now and then.
        busy = bool(self._unfinished)
        updates = await self._bot.get_updates(
            offset=self._offset,
            timeout=0 if busy else LONG_POLL_SECONDS,
            read_timeout=10,
            allowed_updates=UPDATE_KINDS,
        )
        for update in updates:
            number = update.update_id
            if number < self._offset or number in self._unfinished or number in self._finished:
                continue
            self._unfinished[number] = self._submit(update)
        if self._unfinished:
            await asyncio.wait(
                self._unfinished.values(), timeout=PEEK_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        self._advance()

    def _advance(self) -> None:
        done = [number for number, task in self._unfinished.items() if task.done()]
        for number in done:
            del self._unfinished[number]
        self._finished.update(done)
        if self._unfinished:
            self._offset = min(self._unfinished)
        elif self._finished:
            self._offset = max(self._finished) + 1
        self._finished = {number for number in self._finished if number >= self._offset}

    def _report(self, error: TelegramError) -> None:
        """One line for each new kind of trouble, not one for each attempt."""
        fault = type(error).__name__
        if fault == self._fault:
            return
        self._fault = fault
        if isinstance(error, Conflict):
            log.warning(OTHER_POLLER)
        elif isinstance(error, NetworkError) and not isinstance(error, BadRequest):
            log.warning("Telegram: cannot be reached (%s); trying until it can", fault)
        else:
            log.warning("Telegram: fetching updates failed (%s); trying again", fault)
