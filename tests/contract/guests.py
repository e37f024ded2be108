"""One citizen, two channels: the same things can be done, and seen, whichever way they come in."""

from __future__ import annotations

import itertools
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_wire import Seen
from tests.people import Citizen

# What only Telegram says, around the replies: how to share a place or a photo there.
OWN_WORDS = ("You can share the place with the button", "Noted.")
PHOTO_HINT = "To add a photo, press the paperclip next to the message box."
PATIENCE = 20.0
QUIET = 0.4


@dataclass(frozen=True)
class Shown:
    """One message on the citizen's screen."""

    text: str
    labels: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class Guest(ABC):
    """A citizen at one of the channels; what they do returns what they then see."""

    channel: str

    @abstractmethod
    def says(self, text: str) -> list[Shown]: ...

    @abstractmethod
    def says_with_one_id(self, text: str, times: int) -> list[Shown]:
        """The same message arrives several times, as after a lost confirmation."""

    @abstractmethod
    def presses(self, label: str, times: int = 1) -> list[Shown]: ...

    @abstractmethod
    def shares_place(self, lat: float, long: float) -> list[Shown]: ...

    @abstractmethod
    def sends_photo(self, data: bytes) -> list[Shown]: ...

    @abstractmethod
    def everything(self) -> list[Shown]:
        """All that was said to this citizen so far, in order."""

    def waits_for(self, words: str) -> Shown:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for shown in self.everything():
                if words in shown.text:
                    return shown
            time.sleep(0.1)
        raise AssertionError(f"waited for {words!r}, saw {self.everything()}")


class WebGuest(Guest):
    """At the web chat, by its HTTP door."""

    channel = "web"
    _ids = itertools.count(1)

    def __init__(self, url: str) -> None:
        self._citizen = Citizen(url)

    def says(self, text: str) -> list[Shown]:
        return _of_web(self._citizen.says(text))

    def says_with_one_id(self, text: str, times: int) -> list[Shown]:
        message_id = f"same{next(self._ids)}"
        answers = [_of_web(self._citizen.says(text, message_id)) for _ in range(times)]
        assert all(answer == answers[0] for answer in answers)
        return answers[0]

    def presses(self, label: str, times: int = 1) -> list[Shown]:
        before = len(self.everything()) if self._citizen.session else 0
        token = self._citizen.token(label)
        message_id = f"press{token}"
        for _ in range(times):
            self._citizen._take(self._citizen.send(message_id, choice=token))
        return self.everything()[before:]

    def shares_place(self, lat: float, long: float) -> list[Shown]:
        return _of_web(self._citizen.shares_place(lat, long))

    def sends_photo(self, data: bytes) -> list[Shown]:
        return _of_web(self._citizen.sends_photo(data))

    def everything(self) -> list[Shown]:
        return _of_web(self.rows())

    def rows(self) -> list[dict[str, Any]]:
        """As the page reads on after it lost its socket."""
        http = self._citizen.http
        headers = {"Authorization": f"Bearer {self._citizen.session}"}
        response = http.get("/chat/messages", params={"since": 0}, headers=headers)
        assert response.status_code == 200, response.text
        return [row for row in response.json()["messages"] if row["from"] != "citizen"]


class TelegramGuest(Guest):
    """At Telegram, on a phone that talks to the fake Bot API."""

    channel = "telegram"
    _chats = itertools.count(7001)

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram = telegram
        self.chat = next(self._chats)

    def says(self, text: str) -> list[Shown]:
        return self._do(lambda: self._telegram.say(self.chat, text))

    def says_with_one_id(self, text: str, times: int) -> list[Shown]:
        def send() -> None:
            update = self._telegram.say(self.chat, text)
            for _ in range(times - 1):
                self._telegram.deliver_again(update, new_id=True)

        return self._do(send)

    def presses(self, label: str, times: int = 1) -> list[Shown]:
        return self._do(lambda: [self._telegram.press(self.chat, label) for _ in range(times)])

    def shares_place(self, lat: float, long: float) -> list[Shown]:
        return self._do(lambda: self._telegram.send_location(self.chat, lat, long))

    def sends_photo(self, data: bytes) -> list[Shown]:
        return self._do(lambda: self._telegram.send_photo(self.chat, data))

    def everything(self) -> list[Shown]:
        return [_of_telegram(seen) for seen in self.seen()]

    def seen(self) -> list[Seen]:
        return [seen for seen in self._telegram.transcript(self.chat) if not seen.text.startswith(OWN_WORDS)]

    def _do(self, act: Callable[[], Any]) -> list[Shown]:
        before = len(self.seen())
        act()
        self._telegram.wait_until(
            lambda: self._telegram.unconfirmed == 0, PATIENCE, "the updates to be taken"
        )
        self._telegram.wait_until(lambda: len(self.seen()) > before, PATIENCE, "an answer")
        count, since = len(self.seen()), time.monotonic()
        while time.monotonic() - since < QUIET:
            time.sleep(0.05)
            if len(self.seen()) != count:
                count, since = len(self.seen()), time.monotonic()
        return self.everything()[before:]


def _of_web(replies: list[dict[str, Any]]) -> list[Shown]:
    return [
        Shown(
            reply["text"],
            tuple(choice["label"] for choice in reply.get("choices") or []),
            tuple(citation["url"] for citation in reply.get("citations") or []),
        )
        for reply in replies
    ]


def _of_telegram(seen: Seen) -> Shown:
    return Shown(
        seen.text.removesuffix(PHOTO_HINT).rstrip(), tuple(seen.labels), tuple(url for _, url in seen.links)
    )
