"""The citizens' side of the fake Telegram: what they write, press and send, and what their screens show."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.fakes import telegram_wire as wire
from tests.fakes.telegram_wire import Chat, Seen


class Phones:
    """Every citizen's phone, and the updates waiting for the bot; safe to use from any thread."""

    def __init__(self) -> None:
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.updates: list[dict[str, Any]] = []
        self.calls: list[tuple[float, str, dict[str, Any]]] = []
        self.answered: dict[str, dict[str, Any]] = {}
        self.offered_queries: set[str] = set()
        self.update_ids, self.message_ids, self.query_ids = (
            itertools.count(start) for start in (500_001, 11, 900_001)
        )
        self.flooding: tuple[int, int | None] = (0, None)
        self.flood_wait = 0
        self.lock = threading.RLock()

    def chat(self, chat: int) -> Chat:
        with self.lock:
            return self.chats.setdefault(chat, Chat(chat, "group" if chat < 0 else "private"))

    def say(self, chat: int, text: str, **more: Any) -> dict[str, Any]:
        extra: dict[str, Any] = {"text": text, **more}
        if entities := wire.entities_of(text):
            extra["entities"] = entities
        return self._from_citizen(chat, **extra)

    def send_photo(
        self, chat: int, content: bytes, caption: str | None = None, sizes: int = 3
    ) -> dict[str, Any]:
        photo = []
        for number in range(1, sizes + 1):
            file = self.keep_file(
                content if number == sizes else content[: max(1, len(content) // 4)], "photos", "jpg"
            )
            photo.append({**file, "width": 320 * number, "height": 240 * number})
        return self._from_citizen(chat, photo=photo, **({"caption": caption} if caption else {}))

    def send_document(self, chat: int, content: bytes, name: str, mime: str) -> dict[str, Any]:
        file = self.keep_file(content, "documents", name.rsplit(".", 1)[-1])
        return self._from_citizen(chat, document={**file, "file_name": name, "mime_type": mime})

    def send_location(self, chat: int, lat: float, long: float) -> dict[str, Any]:
        return self._from_citizen(chat, location={"latitude": lat, "longitude": long})

    def send_sticker(self, chat: int) -> dict[str, Any]:
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._from_citizen(
            chat, sticker={**self.keep_file(b"webp", "stickers", "webp"), **shape, "emoji": "\U0001f44d"}
        )

    def send_voice(self, chat: int) -> dict[str, Any]:
        return self._from_citizen(chat, voice={**self.keep_file(b"ogg", "voice", "oga"), "duration": 3})

    def send_video(self, chat: int) -> dict[str, Any]:
        shape = {"duration": 3, "width": 640, "height": 360}
        return self._from_citizen(chat, video={**self.keep_file(b"mp4", "videos", "mp4"), **shape})

    def edit(self, chat: int, message_id: int, text: str) -> dict[str, Any]:
        with self.lock:
            message = next(m for m in self.chat(chat).messages if m["message_id"] == message_id)
            message.update(text=text, edit_date=int(time.time()))
            return self._push("edited_message", wire.public(message))

    def press(self, chat: int, label: str, timeout: float = 10.0) -> dict[str, Any]:
        """The citizen presses the newest button that carries this label; waits until there is one."""
        message, button = self._until(
            lambda: self._button(chat, label), timeout, f"a button {label!r} in chat {chat}"
        )
        with self.lock:
            query_id = str(next(self.query_ids))
            self.offered_queries.add(query_id)
            query = {
                "id": query_id,
                "from": self.chat(chat).person(),
                "message": wire.public(message),
                "chat_instance": str(10**18 + chat),
                "data": button["callback_data"],
            }
            return self._push("callback_query", query)

    def deliver_again(self, update: dict[str, Any], *, new_id: bool = False) -> None:
        """The same update once more, as after a crash between fetching and confirming it."""
        with self.lock:
            kind = next(key for key in update if key != "update_id")
            update_id = next(self.update_ids) if new_id else update["update_id"]
            self.updates.append({"update_id": update_id, kind: update[kind]})
            self.updates.sort(key=lambda one: one["update_id"])

    def block(self, chat: int) -> None:
        self._membership(chat, "member", "kicked")

    def unblock(self, chat: int) -> None:
        self._membership(chat, "kicked", "member")

    def vanish(self, chat: int) -> None:
        """The account is deleted: nothing can reach it, and nobody is told."""
        self.chat(chat).gone = True

    def flood(self, retry_after: int, times: int = 1, chat: int | None = None) -> None:
        """The next sends are answered 429 with this wait."""
        with self.lock:
            self.flooding = (times, chat)
            self.flood_wait = retry_after

    def transcript(self, chat: int) -> list[Seen]:
        with self.lock:
            return self.chat(chat).seen()

    def texts(self, chat: int) -> list[str]:
        return [seen.text for seen in self.transcript(chat)]

    def wait_for(
        self, chat: int, what: str | Callable[[Seen], bool], timeout: float = 10.0, after: int = 0
    ) -> Seen:
        """The first message of the bot after `after` that contains the words (or passes the check)."""
        check = what if callable(what) else lambda seen: what.lower() in seen.text.lower()

        def found() -> Seen | None:
            return next(
                (seen for seen in self.transcript(chat) if seen.message_id > after and check(seen)), None
            )

        try:
            seen: Seen = self._until(found, timeout, f"{what!r} in chat {chat}")
            return seen
        except AssertionError as failed:
            raise AssertionError(f"{failed}; the bot said {self.texts(chat)!r}") from None

    def wait_until(self, check: Callable[[], Any], timeout: float = 10.0, what: str = "it") -> Any:
        return self._until(check, timeout, what)

    def called(self, method: str) -> list[dict[str, Any]]:
        with self.lock:
            return [arguments for _, name, arguments in self.calls if name.lower() == method.lower()]

    def sends(self) -> list[tuple[float, int]]:
        """When each message reached Telegram, and for whom."""
        with self.lock:
            return sorted((at, chat.id) for chat in self.chats.values() for at in chat.sent_at)

    @property
    def unconfirmed(self) -> int:
        with self.lock:
            return len(self.updates)

    def _until(self, check: Callable[[], Any], timeout: float, what: str) -> Any:
        deadline = time.monotonic() + timeout
        while True:
            if found := check():
                return found
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {timeout:g} s for {what}")
            time.sleep(0.02)

    def _button(self, chat: int, label: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        with self.lock:
            for message in reversed(self.chat(chat).messages):
                for row in (message.get("reply_markup") or {}).get("inline_keyboard", []):
                    for button in row:
                        if button["text"] == label and "callback_data" in button:
                            return message, button
        return None

    def _from_citizen(self, chat: int, **content: Any) -> dict[str, Any]:
        with self.lock:
            home = self.chat(chat)
            message = {
                "message_id": next(self.message_ids),
                "from": home.person(),
                "chat": home.wire(),
                "date": int(time.time()),
                **content,
                "_at": time.monotonic(),
            }
            home.messages.append(message)
            return self._push("message", wire.public(message))

    def _membership(self, chat: int, before: str, after: str) -> None:
        with self.lock:
            home = self.chat(chat)
            home.blocked = after == "kicked"
            member = {"user": wire.BOT, "until_date": 0}
            self._push(
                "my_chat_member",
                {
                    "chat": home.wire(),
                    "from": home.person(),
                    "date": int(time.time()),
                    "old_chat_member": {**member, "status": before},
                    "new_chat_member": {**member, "status": after},
                },
            )

    def _push(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        update = {"update_id": next(self.update_ids), kind: content}
        self.updates.append(update)
        return update

    def keep_file(self, content: bytes, folder: str, extension: str) -> dict[str, Any]:
        path = f"{folder}/file_{len(self.files)}.{extension}"
        self.files[path] = content
        return {"file_id": f"id:{path}", "file_unique_id": f"u{len(self.files)}", "file_size": len(content)}
