"""What all channels share: a message is stored once, answered once, and never silently lost."""

from __future__ import annotations

import asyncio
import logging
import time
import weakref
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import anyio.to_thread
from sqlalchemy.orm import Session

from bot import first_look
from bot.dialogue import DialogueClient, DialogueTurn, TurnFailed
from bot.small_talk import replies_of
from bot.work import Work, prepare
from civic.conversation import commands, queries
from civic.conversation.errors import UnknownAttachment
from civic.conversation.models import InboundRecord, OutboundRecord
from civic.conversation.rules import clean_text
from civic.conversation.types import InboundMessage, Reply, Value
from civic.delivery import commands as delivery
from civic.kit.services import Services
from civic.knowledge import going_on
from civic.service_requests import typed
from civic.surveys import subscribing

logger = logging.getLogger(__name__)


class StoredReply(Value):
    """A message to the citizen as it was stored: numbered, its buttons as opaque tokens."""

    seq: int
    text: str
    choices: list[dict[str, str]] = []
    citations: list[dict[str, Any]] = []
    status: str | None = None
    request: str | None = None
    widget: dict[str, Any] | None = None
    replaces: bool = False

    @classmethod
    def of(cls, row: OutboundRecord) -> StoredReply:
        return cls(seq=row.seq, **row.payload)


class TurnResult(Value):
    """What a channel gets back; `state` is `answered`, `failed` (will be tried again) or `given_up`."""

    conversation_id: str
    replies: list[StoredReply]
    state: str
    intent: str = ""
    loop: str | None = None


Listener = Callable[[str], Awaitable[None]]
Observer = Callable[[str, str, float], None]


class Gateway:
    """Takes messages from channels to the dialogue and keeps what is answered.

    `on_messages` listeners are called with a conversation's id whenever messages were added to it;
    `observe` is called with (channel, state, seconds) after each turn.
    """

    def __init__(self, services: Services, dialogue: DialogueClient, observe: Observer | None = None) -> None:
        self.services = services
        self.dialogue = dialogue
        self._observe = observe
        self._listeners: list[Listener] = []
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    def on_messages(self, listener: Listener) -> None:
        self._listeners.append(listener)

    async def handle(self, message: InboundMessage) -> TurnResult:
        """Answers a message; the same one again gives the same replies.

        Raises `TooManyMessages` and `UnknownAttachment`; every other fault is answered with an
        apology, and the message is kept and tried again.
        """
        started = time.perf_counter()
        conversation_id, record_id, work = await anyio.to_thread.run_sync(self._receive, message)
        lock = self._lock(conversation_id)
        if lock.locked():
            work = None  # an earlier turn may change what was read: read it again after it
        async with lock:
            result = await self._turn(record_id, conversation_id, work)
        if self._observe is not None:
            self._observe(message.channel, result.state, time.perf_counter() - started)
        return result

    async def retry_unanswered(self) -> int:
        """Tries again the messages that a fault or a crash left unanswered; returns how many."""
        records = await anyio.to_thread.run_sync(self._claim_unanswered)
        for record_id, conversation_id in records:
            async with self._lock(conversation_id):
                await self._turn(record_id, conversation_id)
        return len(records)

    def _lock(self, conversation_id: str) -> asyncio.Lock:
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        return lock

    def _receive(self, message: InboundMessage) -> tuple[str, str, Work | None]:
        """Stores a message; a fresh one is prepared for its turn in the same transaction."""
        services = self.services
        settings = services.settings
        if message.text is not None:
            message = message.model_copy(update={"text": clean_text(message.text)})
        now = services.clock.now()
        with services.sessions() as session:
            at = queries.conversation_at(session, message.channel, message.address)
            if (wish := subscribing.meant(message, services)) is not None:
                message = message.model_copy(update={"intent": "choose", "value": wish})
            elif (found := typed.meant(session, at, message, services)) is not None:
                # As if the button had been pressed. What is for an official may hold a number to call.
                message = message.model_copy(update={"intent": found.intent, "value": found.value})
            else:
                message = first_look.without_personal_data(session, at, message, services)
                if going_on.goes_on(session, at, message):
                    message = message.model_copy(update={"intent": "ask_policy"})
            received = commands.receive(
                session,
                message,
                at=at,
                language=services.catalogue.best(message.language),
                per_minute=settings.messages_per_minute,
                now=now,
            )
            attachment_id = message.attachment_id
            if (
                received.fresh
                and attachment_id
                and queries.attachment(session, received.conversation.id, attachment_id) is None
            ):
                raise UnknownAttachment
            work = (
                prepare(session, received.record, received.conversation, services) if received.fresh else None
            )
            session.commit()
            return received.conversation.id, received.record.id, work

    def _claim_unanswered(self) -> list[tuple[str, str]]:
        now = self.services.clock.now()
        with self.services.sessions() as session:
            taken = [
                (record.id, record.conversation_id)
                for record in queries.unanswered(session, now)
                if commands.claim(session, record, now)
            ]
            session.commit()
        return taken

    async def _turn(self, record_id: str, conversation_id: str, work: Work | None = None) -> TurnResult:
        prepared: Work | TurnResult
        if work is not None:
            prepared = work
        else:
            prepared = await anyio.to_thread.run_sync(self._look_up, record_id, conversation_id)
        if isinstance(prepared, TurnResult):
            return prepared
        if prepared.refusal is not None:
            turn = DialogueTurn(messages=[{"custom": prepared.refusal.model_dump(mode="json")}])
            result = await anyio.to_thread.run_sync(self._finish, prepared, turn, True)
        else:
            try:
                turn = await self.dialogue.turn(
                    conversation_id,
                    prepared.message_id,
                    # Either: the words of what is meant already are in the metadata.
                    text=None if prepared.intent else prepared.text,
                    intent=prepared.intent,
                    metadata=prepared.metadata,
                )
            except TurnFailed:
                result = await anyio.to_thread.run_sync(self._fail, prepared)
            else:
                result = await anyio.to_thread.run_sync(self._finish, prepared, turn, False)
        for listener in self._listeners:
            await listener(result.conversation_id)
        return result

    def _look_up(self, record_id: str, conversation_id: str) -> Work | TurnResult:
        """What is to be done for a stored message, or what became of it already."""
        with self.services.sessions() as session:
            record = session.get(InboundRecord, record_id)
            conversation = queries.conversation(session, conversation_id)
            if record is None or conversation is None:
                return TurnResult(conversation_id=conversation_id, replies=[], state="given_up")
            if record.state in ("answered", "given_up"):
                rows = queries.replies_to(session, record_id)
                return _result(conversation_id, rows, record.state)
            return prepare(session, record, conversation, self.services, again=True)

    def _finish(self, work: Work, turn: DialogueTurn, refused: bool) -> TurnResult:
        now = self.services.clock.now()
        said = replies_of(turn.messages, self.services, work.language)
        replies = self._with_first_words(work, said, turn)
        loop = work.active_loop if refused else turn.loop
        with self.services.sessions() as session:
            rows = commands.answer(session, work.record_id, replies, loop=loop, now=now)
            if not rows and session.get(InboundRecord, work.record_id) is None:
                return self._after_erasure(session, work)
            if work.channel != "web":  # the web chat reads the conversation itself
                # Changed buttons are shown where they were pressed; only what comes late is sent anew.
                due = [row for row in rows if work.late or not row.payload.get("replaces")]
                delivery.queue(session, due, lane="push" if work.late else "reply", now=now)
            result = _result(work.conversation_id, rows, "answered", turn)
            session.commit()
        return result

    def _with_first_words(self, work: Work, replies: list[Reply], turn: DialogueTurn) -> list[Reply]:
        """The replies after what comes first: emergency numbers, and which personal data was not kept."""
        first = []
        if work.danger is not None and not any(one.status == first_look.SIGNPOSTED for one in replies):
            # After emergency words, "I only help with matters of the town" would be cold.
            small_talk = turn.loop is None and turn.intent in first_look.SMALL_TALK
            replies = [] if small_talk else [one for one in replies if one.status != first_look.FEATURES_OWN]
            first.append(work.danger.reply(self.services, work.language))
        if work.personal_data and not any(one.status == "personal_data_refused" for one in replies):
            kinds = first_look.named(work.personal_data, self.services, work.language)
            first.append(Reply(text=self.services.text("personal-data-not-kept", work.language, kinds=kinds)))
        return [*first, *replies]

    def _after_erasure(self, session: Session, work: Work) -> TurnResult:
        """The turn deleted the citizen's data, and with it confirmed that in the fresh conversation.

        What the dialogue itself answered is not needed: it may have been stopped before it could.
        """
        fresh = queries.successor(session, work.address_id)
        if fresh is None:
            return _result(work.conversation_id, [], "answered")
        return _result(fresh.id, queries.messages_since(session, fresh.id, 0), "answered")

    def _fail(self, work: Work) -> TurnResult:
        now = self.services.clock.now()
        apology = Reply(text=self.services.text("gateway-failed", work.language), status="error_turn_failed")
        if work.danger is not None:  # what saves lives does not wait for a fault to be mended
            apology = apology.model_copy(
                update={"text": f"{work.danger.reply(self.services, work.language).text}\n\n{apology.text}"}
            )
        with self.services.sessions() as session:
            if session.get(InboundRecord, work.record_id) is None:
                return self._after_erasure(session, work)
            rows, state = commands.fail(session, work.record_id, apology, now=now)
            delivery.queue(session, rows, lane="reply", now=now)
            if not rows:
                rows = list(queries.replies_to(session, work.record_id))
            result = _result(work.conversation_id, rows, state)
            session.commit()
        return result


def _result(
    conversation_id: str, rows: Sequence[OutboundRecord], state: str, turn: DialogueTurn | None = None
) -> TurnResult:
    return TurnResult(
        conversation_id=conversation_id,
        replies=[StoredReply.of(row) for row in rows],
        state=state,
        intent=turn.intent if turn else "",
        loop=turn.loop if turn else None,
    )
