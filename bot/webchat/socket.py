"""One connected browser: its frames in, the conversation out. The frames are described in docs/webchat.md."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable
from typing import Any

import anyio.to_thread
from pydantic import ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.gateway import Gateway
from bot.webchat import history, render, turns
from bot.webchat.frames import LONGEST_FRAME, ChatMessage, Hello
from bot.webchat.hub import Hub
from bot.webchat.sessions import address_of, new_session, well_formed
from civic.kit.errors import FolkmootError, Invalid, TooMany

logger = logging.getLogger(__name__)

TURNS_AT_ONCE = 8
FIRST_FRAME_WITHIN = 15.0


class BrokenFrame(Invalid):
    """A frame that is no JSON object of a kind we know."""

    code = "broken_frame"
    title = "This frame cannot be read"


class Browser:
    """Speaks the protocol with one socket until it closes."""

    def __init__(self, socket: WebSocket, gateway: Gateway, hub: Hub) -> None:
        self._socket = socket
        self._gateway = gateway
        self._hub = hub
        self._sending = asyncio.Lock()
        self._turns: set[asyncio.Task[None]] = set()
        self._language: str | None = None
        self._session = ""
        self.address = ""
        self.conversation_id: str | None = None
        self.since = 0

    async def talk(self, hello: Hello | None) -> None:
        """Runs until the browser goes; a turn that is under way is finished without it."""
        try:
            frame = None
            if hello is None:
                async with asyncio.timeout(FIRST_FRAME_WITHIN):
                    frame = await self._read()
                if frame and frame.get("type") == "hello":
                    hello, frame = _hello(frame), None
            await self._begin(hello or Hello())
            while True:
                if frame:
                    await self._take(frame)
                frame = await self._read()
        except (WebSocketDisconnect, TimeoutError, RuntimeError):
            pass  # RuntimeError: starlette's answer to sending on a socket that is gone
        finally:
            if self.address:
                self._hub.leave(self)

    async def flush(self) -> None:
        """Sends what this browser has not seen."""
        async with self._sending:
            last, messages = await anyio.to_thread.run_sync(
                history.since, self._gateway.services, self.address, self.since
            )
            if messages:
                await self._socket.send_json({"type": "messages", "messages": messages})
            self.since = last

    async def _begin(self, hello: Hello) -> None:
        known = hello.session if hello.session and well_formed(hello.session) else None
        self._session = known or new_session()
        self._language = hello.language
        self.since = hello.since if known else 0
        self.address = address_of(self._session)
        self._hub.join(self)
        await self._send({"type": "session", "session": self._session})
        async with self._sending:
            last, messages = await anyio.to_thread.run_sync(
                history.since, self._gateway.services, self.address, self.since
            )
            # Sent even when empty: from here on the page knows that it is up to date.
            await self._socket.send_json({"type": "messages", "messages": messages})
            self.since = last

    async def _read(self) -> dict[str, Any] | None:
        text = await self._socket.receive_text()
        if len(text) > LONGEST_FRAME:
            await self._refuse(None, BrokenFrame())
            return None
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        if not isinstance(frame, dict):
            await self._refuse(None, BrokenFrame())
            return None
        return frame

    async def _take(self, frame: dict[str, Any]) -> None:
        if frame.get("type") == "ping":
            await self._send({"type": "pong"})
            return
        message_id = frame["message_id"] if isinstance(frame.get("message_id"), str) else None
        try:
            if frame.get("type") != "message":
                raise ValueError("unknown type")
            message = ChatMessage.model_validate(frame)
        except ValueError:  # pydantic's ValidationError is one
            await self._refuse(message_id, BrokenFrame())
            return
        if len(self._turns) >= TURNS_AT_ONCE:
            await self._refuse(message_id, TooMany())
            return
        await self._send({"type": "accepted", "message_id": message.message_id})
        turn = asyncio.create_task(self._turn(message))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)

    async def _turn(self, message: ChatMessage) -> None:
        try:
            result = await turns.take(self._gateway, message, self._session, self._language)
        except FolkmootError as error:
            await self._refuse(message.message_id, error)
            return
        except Exception as error:
            # Kind only: the error's text may hold what the citizen wrote.
            logger.error("a turn of the web chat broke: %s", type(error).__name__)
            await self._refuse(message.message_id, FolkmootError())
            return
        self.conversation_id = result.conversation_id
        async with self._sending:
            fresh = [reply for reply in turns.replies(result) if reply["seq"] > self.since]
            if fresh and fresh[0]["seq"] == self.since + 1:
                self.since = fresh[-1]["seq"]
            frame = {
                "type": "turn",
                "message_id": message.message_id,
                "state": result.state,
                "replies": fresh,
            }
            await self._gone_or(self._socket.send_json(frame))
        await self._gone_or(self.flush())

    async def _refuse(self, message_id: str | None, error: FolkmootError) -> None:
        problem = render.problem(error, turns.sentence(self._gateway, error, self._language))
        frame: dict[str, Any] = {"type": "problem", "problem": problem}
        if message_id:
            frame["message_id"] = message_id
        await self._gone_or(self._send(frame))

    async def _send(self, frame: dict[str, Any]) -> None:
        async with self._sending:
            await self._socket.send_json(frame)

    @staticmethod
    async def _gone_or(sending: Awaitable[None]) -> None:
        # A browser that left during its turn reads the answer when it comes back.
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await sending


def _hello(frame: dict[str, Any]) -> Hello:
    try:
        return Hello.model_validate(frame)
    except ValidationError:
        # A number that cannot be read must not cost somebody their conversation.
        session = frame.get("session")
        return Hello(session=session if isinstance(session, str) and well_formed(session) else None)
