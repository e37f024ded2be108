"""Takes messages from the outbox to Telegram, and says what became of each."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from typing import TypeVar

from telegram import Bot, LinkPreviewOptions, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.telegram.connection import seconds_of
from bot.telegram.pacing import Pacer
from bot.telegram.render import Part, render
from civic.delivery.sender import Outcome, Parcel
from civic.kit.services import Services

log = logging.getLogger(__name__)

V = TypeVar("V")
REMEMBERED = 10_000
LONGEST_WAIT = 3.0
LONGEST_SEND = 10.0
# What a 400 means is only in its words.
GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "group chat was deleted")


class TelegramSender:
    """The outbox's way to Telegram: paced, resumable in the middle of a long message."""

    channel = "telegram"

    def __init__(self, bot: Bot, services: Services, pacer: Pacer | None = None) -> None:
        self._bot = bot
        self._services = services
        self._pacer = pacer or Pacer()
        # A long message is several of Telegram's: after a 429 it goes on where it stopped.
        self._parts_sent: OrderedDict[str, int] = OrderedDict()
        self._keyboards: OrderedDict[str, None] = OrderedDict()

    async def send(self, parcel: Parcel) -> Outcome:
        """Sends all parts of one message; never raises for Telegram's faults."""
        chat, pacer = parcel.address, self._pacer
        started = time.monotonic()
        done = self._parts_sent.pop(parcel.id, 0)
        parts = render(
            parcel.payload,
            lambda key, **args: self._services.text(key, parcel.language, **args),
            # A push that arrives while a place is asked for must not take the button away.
            keyboard_open=chat in self._keyboards and parcel.lane == "reply",
        )
        for number, part in enumerate(parts):
            if number < done:
                continue
            # Whoever has to wait long does so in the outbox, not on the claim of this worker.
            if (wait := pacer.wait(chat, parcel.lane)) > LONGEST_WAIT:
                return self._interrupted(parcel, number, Outcome("later", wait, "flood"))
            if number > done and time.monotonic() - started > LONGEST_SEND:
                return self._interrupted(parcel, number, Outcome("later", 0.0, "long"))
            await pacer.turn(chat, parcel.lane)
            try:
                await self._send_part(chat, part)
            except TelegramError as error:
                outcome = judge(error)
                if isinstance(error, RetryAfter):
                    pacer.hold(chat, outcome.retry_after or 0)
                return self._interrupted(parcel, number, outcome)
            self._note_keyboard(chat, part)
        return Outcome("sent")

    async def say(self, chat: int, text: str) -> None:
        """Says a sentence of the channel's own, at once or never: it is not worth a place in the outbox."""
        if self._pacer.held(str(chat)):
            return
        await self._pacer.turn(str(chat), "reply")
        try:
            await self._bot.send_message(chat_id=chat, text=text)
        except TelegramError as error:
            log.info("a courtesy was not delivered: %s", type(error).__name__)

    async def _send_part(self, chat: str, part: Part) -> None:
        await self._bot.send_message(
            chat_id=int(chat),
            text=part.html,
            parse_mode=ParseMode.HTML,
            reply_markup=part.markup,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    def _interrupted(self, parcel: Parcel, parts_sent: int, outcome: Outcome) -> Outcome:
        if parts_sent and outcome.kind == "later":
            _remember(self._parts_sent, parcel.id, parts_sent)
        return outcome

    def _note_keyboard(self, chat: str, part: Part) -> None:
        if isinstance(part.markup, ReplyKeyboardMarkup):
            _remember(self._keyboards, chat, None)
        elif isinstance(part.markup, ReplyKeyboardRemove):
            self._keyboards.pop(chat, None)


def judge(error: TelegramError) -> Outcome:
    """What one of Telegram's errors means for the message."""
    if isinstance(error, RetryAfter):
        return Outcome("later", seconds_of(error), "flood")
    if isinstance(error, Forbidden):
        gone = any(words in error.message.lower() for words in GONE)
        return Outcome("blocked", reason="gone" if gone else "blocked")
    if isinstance(error, ChatMigrated):
        return Outcome("refused", reason="group")
    if isinstance(error, InvalidToken):
        return Outcome("later", 60.0, "token")  # the operator has to act; nothing is lost meanwhile
    if isinstance(error, BadRequest):
        gone = any(words in error.message.lower() for words in GONE)
        return Outcome("blocked", reason="gone") if gone else Outcome("refused", reason="bad_request")
    if isinstance(error, NetworkError):  # also TimedOut: Telegram may or may not have taken it
        return Outcome("later", reason="network")
    return Outcome("later", reason="telegram")


def _remember(memory: OrderedDict[str, V], key: str, value: V) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
