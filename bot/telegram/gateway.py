"""The Telegram channel: what citizens send there reaches the dialogue once and in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator

import anyio.to_thread
from sqlalchemy.exc import DBAPIError
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatAction
from telegram.error import InvalidToken, TelegramError

from bot.attachments import take_photo
from bot.gateway import Gateway, TurnResult
from bot.telegram.connection import (
    WRONG_TOKEN,
    Misconfigured,
    WrongToken,
    connect,
    make_bot,
    patiently,
    publish_commands,
    webhook_address,
)
from bot.telegram.lanes import Lanes
from bot.telegram.parse import (
    MARKED,
    UPDATE_KINDS,
    Heard,
    Idle,
    Meaning,
    Membership,
    Pressed,
    Unreadable,
    understand,
)
from bot.telegram.polling import Poller
from bot.telegram.render import keyboard
from bot.telegram.sender import TelegramSender
from civic.conversation import commands, queries
from civic.conversation.errors import TooManyMessages
from civic.conversation.types import InboundMessage
from civic.kit.errors import FolkmootError
from civic.kit.images import NotAnImage, TooLarge
from civic.kit.services import Services
from civic.surveys.sharing import BotName

log = logging.getLogger(__name__)

TYPING_AFTER = 0.4
TYPING_AGAIN = 4.5  # Telegram shows it for five seconds
TOLD_AGAIN_AFTER = {"edit": float("inf"), "group": float("inf")}
TOLD_AGAIN = 30.0
TOLD_REMEMBERED = 10_000


class TelegramGateway:
    """One bot: fetches its updates (or is handed them by the webhook) and acts on each.

    Replies are not sent from here: they lie in the outbox with the turn that made them, and the
    delivery worker sends them through `sender`.
    """

    def __init__(self, services: Services, gateway: Gateway, bot: Bot | None = None) -> None:
        self._services = services
        self._gateway = gateway
        self.bot = bot or make_bot(services.settings)
        self.sender = TelegramSender(self.bot, services)
        self._max_photo = services.settings.max_attachment_megabytes * 1024 * 1024
        self._lanes = Lanes()
        self._told: OrderedDict[tuple[int, str], float] = OrderedDict()

    async def run(self) -> None:
        """Works until it is cancelled; a wrong token is one line in the log and ends this channel only."""
        settings = self._services.settings
        try:
            await connect(self.bot)
            self._services.provide(BotName, lambda _: BotName(self.bot.username))
            await publish_commands(self.bot, self._services)
            if settings.telegram_webhook_url:
                await patiently(self._use_webhook)
                await asyncio.Event().wait()
            else:
                await patiently(self._use_polling)
                await Poller(self.bot, self.submit).run()
        except (InvalidToken, WrongToken):
            log.error(WRONG_TOKEN)
        except Misconfigured as error:
            log.error("Telegram refuses the webhook: %s. Check FOLKMOOT_TELEGRAM_WEBHOOK_URL.", error)
        finally:
            await self._lanes.close()
            with contextlib.suppress(TelegramError):
                await self.bot.shutdown()

    async def _use_webhook(self) -> None:
        settings = self._services.settings
        await self.bot.set_webhook(
            webhook_address(settings.telegram_webhook_url),
            secret_token=settings.secret("telegram_webhook_secret"),
            allowed_updates=UPDATE_KINDS,
        )
        log.info("Telegram: updates arrive by webhook")

    async def _use_polling(self) -> None:
        await self.bot.delete_webhook()
        log.info("Telegram: updates are fetched by polling")

    def submit(self, update: Update) -> asyncio.Task[None]:
        """Acts on an update after everything its chat sent before; done means: need not come again."""
        meaning = understand(update, self._max_photo)
        chat = meaning.chat if meaning is not None else 0
        return self._lanes.submit(chat, lambda: self._persist(update.update_id, meaning))

    async def _persist(self, update_id: int, meaning: Meaning) -> None:
        """Tries until the database takes it: until then Telegram keeps the update for us."""
        pause = 0.5
        while True:
            try:
                return await self._act(meaning)
            except DBAPIError as error:
                log.warning("update %s waits: %s", update_id, type(error).__name__)
                if pause == 0.5 and isinstance(meaning, Heard):
                    await self._say(meaning, "gateway-failed")
                await asyncio.sleep(pause)
                pause = min(pause * 2, 30.0)
            except Exception as error:  # a mistake of ours must not come back with the update forever
                log.error("update %s was dropped: %s", update_id, type(error).__name__, exc_info=error)
                return None

    async def _act(self, meaning: Meaning) -> None:
        if isinstance(meaning, Heard):
            await self._hear(meaning)
        elif isinstance(meaning, Unreadable):
            await self._decline(meaning)
        elif isinstance(meaning, Membership):
            await anyio.to_thread.run_sync(self._note_membership, meaning)
        elif isinstance(meaning, Idle):
            await self._acknowledge(meaning.query_id)

    async def _hear(self, heard: Heard) -> None:
        async with self._typing(heard.chat):
            if heard.pressed is not None:
                await self._acknowledge(heard.pressed.query_id)
            attachment_id = None
            if heard.photo is not None:
                attachment_id = await self._fetch_photo(heard)
                if attachment_id is None and heard.text is None:
                    return  # the words under a photo that was lost are heard all the same
            message = InboundMessage(
                channel="telegram",
                address=str(heard.chat),
                message_id=heard.message_id,
                received_at=self._services.clock.now(),
                text=heard.text,
                choice=heard.choice,
                intent=heard.intent,
                value=heard.value,
                location=heard.location,
                attachment_id=attachment_id,
                language=heard.language,
                about=heard.about,
            )
            try:
                result = await self._gateway.handle(message)
            except TooManyMessages:
                await self._decline_once(heard.chat, "gateway-too-many", heard.language)
                return
        if heard.pressed is not None and not await self._changed(heard.chat, heard.pressed, result):
            await self._mark(heard.chat, heard.pressed)

    async def _changed(self, chat: int, pressed: Pressed, result: TurnResult) -> bool:
        """Shows at the pressed message which answers are chosen so far; False: something else was replied."""
        if pressed.message_id is None or not result.replies or not result.replies[-1].replaces:
            return False
        with contextlib.suppress(TelegramError):  # what is kept does not depend on what is shown
            await self.bot.edit_message_reply_markup(
                chat, pressed.message_id, reply_markup=keyboard(result.replies[-1].choices)
            )
        return True

    async def _fetch_photo(self, heard: Heard) -> str | None:
        """The id of the cleaned photo; None when there is none, and the citizen has been told."""
        known = await anyio.to_thread.run_sync(self._known_photo, heard)
        if known is not None:
            return known
        assert heard.photo is not None
        try:
            file = await self.bot.get_file(heard.photo)
            data = bytes(await file.download_as_bytearray(read_timeout=30))
            return await anyio.to_thread.run_sync(
                take_photo, self._services, "telegram", str(heard.chat), data, heard.language
            )
        except TelegramError as error:
            log.warning("a photo could not be fetched: %s", type(error).__name__)
            await self._say(heard, "telegram-photo-lost")
        except TooLarge:
            await self._decline(Unreadable(heard.chat, "too_large", heard.language))
        except NotAnImage:
            await self._decline(Unreadable(heard.chat, "file", heard.language))
        except FolkmootError as error:
            log.warning("a photo could not be stored: %s", error.code)
            await self._say(heard, "telegram-photo-not-kept")
        return None

    def _known_photo(self, heard: Heard) -> str | None:
        """The photo of a message that Telegram sends for the second time."""
        with self._services.sessions() as session:
            conversation = queries.conversation_at(session, "telegram", str(heard.chat))
            record = conversation and queries.inbound(session, conversation.id, heard.message_id)
            return record.payload.get("attachment_id") if record else None

    def _note_membership(self, change: Membership) -> None:
        with self._services.sessions() as session:
            commands.set_reachable(
                session, "telegram", str(change.chat), change.reachable, self._services.clock.now()
            )
            session.commit()

    async def _decline(self, what: Unreadable) -> None:
        await self._decline_once(what.chat, f"telegram-unreadable-{what.kind}", what.language)

    async def _decline_once(self, chat: int, key: str, language: str | None) -> None:
        """Says why we do not take it, but not again and again."""
        now = asyncio.get_running_loop().time()
        kind = key.rsplit("-", 1)[-1]
        if now < self._told.get((chat, key), 0.0):
            return
        self._told[(chat, key)] = now + TOLD_AGAIN_AFTER.get(kind, TOLD_AGAIN)
        if len(self._told) > TOLD_REMEMBERED:
            self._told.popitem(last=False)
        await self._say(Unreadable(chat, "other", language), key)

    async def _say(self, to: Heard | Unreadable, key: str) -> None:
        megabytes = self._services.settings.max_attachment_megabytes
        await self.sender.say(to.chat, self._services.text(key, to.language, megabytes=megabytes))

    async def _acknowledge(self, query_id: str) -> None:
        with contextlib.suppress(TelegramError):  # too old: the phone has stopped waiting by itself
            await self.bot.answer_callback_query(query_id)

    async def _mark(self, chat: int, pressed: Pressed) -> None:
        """Leaves of the buttons only the chosen one."""
        if pressed.message_id is None:
            return
        chosen = (
            InlineKeyboardMarkup([[InlineKeyboardButton(f"✓ {pressed.label}", callback_data=MARKED)]])
            if pressed.label
            else None
        )
        with contextlib.suppress(TelegramError):
            await self.bot.edit_message_reply_markup(chat, pressed.message_id, reply_markup=chosen)

    @contextlib.asynccontextmanager
    async def _typing(self, chat: int) -> AsyncIterator[None]:
        """Shows that we are at work, when it takes long enough to be noticed."""

        async def show() -> None:
            await asyncio.sleep(TYPING_AFTER)
            while True:
                with contextlib.suppress(TelegramError):
                    await self.bot.send_chat_action(chat, ChatAction.TYPING)
                await asyncio.sleep(TYPING_AGAIN)

        showing = asyncio.create_task(show())
        try:
            yield
        finally:
            showing.cancel()
