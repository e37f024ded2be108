"""The people of the tests: a citizen at the web chat's HTTP door, an official at the API."""

from __future__ import annotations

import itertools
import time
from typing import Any

import httpx

_message_numbers = itertools.count(1)


class Citizen:
    """Somebody who writes, presses buttons and reads what comes back."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.http = httpx.Client(base_url=url, timeout=60, headers={"Accept-Language": language})
        self.session: str | None = None
        self.replies: list[dict[str, Any]] = []
        self.last_seq = 0

    def send(self, message_id: str | None = None, **what: Any) -> httpx.Response:
        """One POST to the chat, as it comes."""
        body = {"message_id": message_id or f"m{next(_message_numbers)}", **what}
        if self.session:
            body["session"] = self.session
        return self.http.post("/chat/messages", json=body)

    def _take(self, response: httpx.Response) -> list[dict[str, Any]]:
        assert response.status_code == 200, f"{response.status_code}: {response.text}"
        data = response.json()
        self.session = data["session"]
        self.replies = data["replies"]
        assert self.replies, "a turn without an answer"
        self.last_seq = max(self.last_seq, *(reply["seq"] for reply in self.replies))
        return self.replies

    def says(self, text: str, message_id: str | None = None) -> list[dict[str, Any]]:
        return self._take(self.send(message_id, text=text))

    def presses(self, label: str, message_id: str | None = None) -> list[dict[str, Any]]:
        return self._take(self.send(message_id, choice=self.token(label)))

    def shares_place(self, lat: float, long: float) -> list[dict[str, Any]]:
        return self._take(self.send(location={"lat": lat, "long": long}))

    def sends_photo(self, data: bytes, name: str = "photo.jpg") -> list[dict[str, Any]]:
        response = self.http.post(
            "/chat/attachments",
            files={"file": (name, data, "image/jpeg")},
            data={"session": self.session or ""},
        )
        assert response.status_code in (200, 201), response.text
        self.session = response.json().get("session", self.session)
        return self._take(self.send(attachment=response.json()["attachment"]))

    def token(self, label: str) -> str:
        """The token of the last offered button with this label."""
        for reply in reversed(self.replies):
            for choice in reply["choices"]:
                if choice["label"].casefold() == label.casefold():
                    return str(choice["token"])
        raise AssertionError(f"no button {label!r} among {self.labels}")

    @property
    def labels(self) -> list[str]:
        return [choice["label"] for reply in self.replies for choice in reply["choices"]]

    @property
    def heard(self) -> str:
        """All that the last turn said, in one text."""
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def statuses(self) -> list[str]:
        return [reply["status"] for reply in self.replies if reply.get("status")]

    @property
    def citations(self) -> list[dict[str, Any]]:
        return [citation for reply in self.replies for citation in reply["citations"]]

    def waits_for(self, words: str, seconds: float = 20) -> str:
        """What came of its own accord (an official's reply, a late answer) and holds `words`."""
        from websockets.sync.client import connect

        address = str(self.http.base_url).replace("http", "ws", 1).rstrip("/")
        deadline = time.monotonic() + seconds
        import json

        with connect(f"{address}/chat/socket?session={self.session}&since={self.last_seq}") as socket:
            while time.monotonic() < deadline:
                frame = json.loads(socket.recv(timeout=max(0.1, deadline - time.monotonic())))
                for text in _texts(frame):
                    if words.casefold() in text.casefold():
                        return text
        raise AssertionError(f"nothing with {words!r} arrived in {seconds} s")


def _texts(frame: Any) -> list[str]:
    """Every `text` anywhere in a frame."""
    if isinstance(frame, dict):
        own = [frame["text"]] if isinstance(frame.get("text"), str) else []
        return own + [text for value in frame.values() for text in _texts(value)]
    if isinstance(frame, list):
        return [text for value in frame for text in _texts(value)]
    return []


class OfficialAtWork:
    """Somebody signed in to the officials' API."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/v1", timeout=60)
        response = self.http.post("/token", data={"username": name, "password": password})
        assert response.status_code == 200, response.text
        self.http.headers["Authorization"] = f"Bearer {response.json()['access_token']}"

    def gets(self, path: str, **params: Any) -> Any:
        response = self.http.get(path, params=params)
        assert response.status_code == 200, f"{response.status_code}: {response.text}"
        return response.json()
