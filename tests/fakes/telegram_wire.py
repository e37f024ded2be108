"""Objects have the shape in which Telegram's servers really send them.

Written after the public Bot API reference: dates are whole seconds, users carry `is_bot`, a pressed button
carries `chat_instance`, commands carry a `bot_command` entity. Nothing here knows HTTP or Folkmoot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

BOT = {
    "id": 7000000001,
    "is_bot": True,
    "first_name": "Folkmoot test",
    "username": "folkmoot_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_DATA_LIMIT = 64
DOWNLOAD_LIMIT = 20 * 1024 * 1024
ALLOWED_TAGS = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote"}
)


class Refused(Exception):
    """The answer Telegram gives instead of a result."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


class _Tags(HTMLParser):
    """Refuses the tags Telegram refuses and gathers the text a reader sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED_TAGS:
            raise Refused(
                400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}" at byte offset 0'
            )
        self.open.append(tag)
        if tag == "a":
            self._link = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(
                400, f'Bad Request: can\'t parse entities: Unexpected end tag "{tag}" at byte offset 0'
            )
        if tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._link is not None:
            self.links.append((data, self._link))


def read_html(source: str) -> tuple[str, list[tuple[str, str]]]:
    """What a reader sees of an HTML message, and its links as (words, address)."""
    if re.search(r"<(?![a-z/])", source):
        raise Refused(400, "Bad Request: can't parse entities: Unsupported start tag at byte offset 0")
    parser = _Tags()
    parser.feed(source)
    parser.close()
    if parser.open:
        raise Refused(400, f"Bad Request: can't parse entities: Can't find end tag for \"{parser.open[-1]}\"")
    return "".join(parser.text), parser.links


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def entities_of(text: str) -> list[dict[str, Any]]:
    found = re.match(r"/[A-Za-z0-9_]+(@[A-Za-z0-9_]+)?", text)
    return [{"type": "bot_command", "offset": 0, "length": found.end()}] if found else []


@dataclass(frozen=True)
class Seen:
    """One message of the bot as it stands on the citizen's screen."""

    message_id: int
    text: str
    html: str
    links: list[tuple[str, str]]
    buttons: list[list[str]]
    keyboard: list[list[dict[str, Any]]]
    keyboard_removed: bool
    reply_to: int | None
    at: float

    @property
    def labels(self) -> list[str]:
        return [label for row in self.buttons for label in row]


@dataclass
class Chat:
    """A chat as Telegram keeps it: who is in it, and every message either side wrote."""

    id: int
    type: str = "private"
    language: str = "en"
    blocked: bool = False
    gone: bool = False
    slow_until: float = 0.0
    messages: list[dict[str, Any]] = field(default_factory=list)
    sent_at: list[float] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)

    def wire(self) -> dict[str, Any]:
        if self.type == "private":
            return {"id": self.id, "type": "private", "first_name": f"Citizen {self.id}"}
        return {"id": self.id, "type": self.type, "title": f"Group {self.id}"}

    def person(self) -> dict[str, Any]:
        return {
            "id": abs(self.id),
            "is_bot": False,
            "first_name": f"Citizen {self.id}",
            "language_code": self.language,
        }

    def seen(self) -> list[Seen]:
        return [_seen(message) for message in self.messages if message["from"]["is_bot"]]


def _seen(message: dict[str, Any]) -> Seen:
    markup = message.get("reply_markup") or {}
    return Seen(
        message_id=message["message_id"],
        text=message.get("text") or message.get("caption") or "",
        html=message.get("_html", ""),
        links=message.get("_links", []),
        buttons=[[button["text"] for button in row] for row in markup.get("inline_keyboard", [])],
        keyboard=markup.get("keyboard", []),
        keyboard_removed=bool(markup.get("remove_keyboard")),
        reply_to=(message.get("reply_to_message") or {}).get("message_id"),
        at=message["_at"],
    )


def checked_text(
    text: str | None, parse_mode: str | None, limit: int = TEXT_LIMIT
) -> tuple[str, str, list[Any]]:
    """The text as shown, as sent, and its links; refused in Telegram's words when it cannot be shown."""
    sent = text or ""
    shown, links = read_html(sent) if (parse_mode or "").upper() == "HTML" else (sent, [])
    shown = shown.strip()
    if not shown:
        raise Refused(400, "Bad Request: message text is empty")
    if utf16_length(shown) > limit:
        raise Refused(400, "Bad Request: message is too long")
    return shown, sent, links


def checked_markup(markup: dict[str, Any] | None) -> dict[str, Any] | None:
    """The keyboard, refused when a button could not exist."""
    if not markup:
        return None
    for row in markup.get("inline_keyboard", []):
        if len(row) > 8:
            raise Refused(400, "Bad Request: too many buttons in a row")
        for button in row:
            if not button.get("text", "").strip():
                raise Refused(400, "Bad Request: Text buttons are unallowed in the inline keyboard")
            data = button.get("callback_data")
            if data is not None and not 1 <= len(data.encode()) <= CALLBACK_DATA_LIMIT:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            if data is None and not button.get("url"):
                raise Refused(400, "Bad Request: can't parse inline keyboard button")
    return markup


def public(message: dict[str, Any]) -> dict[str, Any]:
    """A message without our own notes, as it goes over the wire (only inline keyboards are sent back)."""
    wire = {key: value for key, value in message.items() if not key.startswith("_")}
    if "inline_keyboard" not in (wire.get("reply_markup") or {}):
        wire.pop("reply_markup", None)
    return wire
