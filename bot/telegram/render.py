"""A stored reply becomes Telegram messages: text in safe HTML, buttons in rows, nothing over the limits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

LIMIT = 4096
QUOTE_LIMIT = 700
Words = Callable[..., str]
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True)
class Part:
    """One message to send: HTML and at most one keyboard."""

    html: str
    markup: Markup | None = None


def render(payload: Mapping[str, Any], words: Words, *, keyboard_open: bool = False) -> list[Part]:
    """The messages that show a stored reply, in order.

    `keyboard_open` says that the button for sharing a place still stands below the message box.
    """
    blocks = [(block, escape(block, quote=False)) for block in split(payload["text"].strip(), LIMIT)]
    blocks += [_source(citation, words) for citation in payload.get("citations") or []]
    if payload.get("request") == "photo":
        hint = words("telegram-photo-hint")
        blocks.append((hint, f"<i>{escape(hint, quote=False)}</i>"))
    texts = _joined(blocks)
    buttons = keyboard(payload.get("choices") or [])
    parts = [Part(text) for text in texts]
    if payload.get("request") == "location":
        place = ReplyKeyboardMarkup(
            [[KeyboardButton(words("telegram-location-button"), request_location=True)]],
            resize_keyboard=True,
            one_time_keyboard=True,
        )
        if buttons is None:
            parts[-1] = Part(parts[-1].html, place)
        else:  # a message carries one keyboard only
            parts[-1] = Part(parts[-1].html, buttons)
            parts.append(Part(f"<i>{escape(words('telegram-location-hint'), quote=False)}</i>", place))
        return parts
    if keyboard_open and (buttons is None or len(parts) > 1):
        parts[0] = Part(parts[0].html, ReplyKeyboardRemove())
    elif keyboard_open:
        noted = escape(words("telegram-keyboard-closed"), quote=False)
        parts.insert(0, Part(noted, ReplyKeyboardRemove()))
    if buttons is not None:
        parts[-1] = Part(parts[-1].html, buttons)
    return parts


def keyboard(choices: Sequence[Mapping[str, str]]) -> InlineKeyboardMarkup | None:
    """Buttons in rows: many short ones side by side, a long one alone."""
    if not choices:
        return None
    rows: list[list[Mapping[str, str]]] = []
    for choice in choices:
        last = rows[-1] if rows else []
        if last and len(last) < room([*(one["label"] for one in last), choice["label"]]):
            last.append(choice)
        else:
            rows.append([choice])
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(one["label"], callback_data=one["token"]) for one in row] for row in rows]
    )


def room(labels: Sequence[str]) -> int:
    """How many buttons fit side by side on a phone when these are among them."""
    longest = max(map(len, labels))
    return 5 if longest <= 3 else 3 if longest <= 10 else 2 if longest <= 18 else 1


def length(text: str) -> int:
    """The length as Telegram counts it: in UTF-16 units, so an emoji counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int) -> list[str]:
    """The text in pieces within the limit: cut at paragraphs, else at lines, sentences or words."""
    pieces = []
    while length(text) > limit:
        head = _head(text, limit)
        cut = _cut(head)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text] if text or not pieces else pieces


def _head(text: str, limit: int) -> str:
    head = text[:limit]
    while (over := length(head) - limit) > 0:
        head = head[: -max(1, over // 2)]
    return head


def _cut(head: str) -> int:
    # A cut in the first third would leave a stump: then a weaker boundary further on is better.
    for boundary in (r"\n\s*\n", r"\n", r"(?<=[.!?…])\s", r"\s"):
        ends = [found.end() for found in re.finditer(boundary, head)]
        if ends and ends[-1] > len(head) // 3:
            return ends[-1]
    return len(head)


def _source(citation: Mapping[str, Any], words: Words) -> tuple[str, str]:
    """A citation as (what is read, HTML): the quote, then title with link, page, section and date."""
    quote = _clipped(citation.get("quote") or "", QUOTE_LIMIT)
    title = _clipped(citation.get("title") or "", 200)
    details = [str(citation["section"])] if citation.get("section") else []
    if citation.get("page"):
        details.append(words("telegram-source-page", page=citation["page"]))
    if citation.get("date"):
        details.append(words("telegram-source-date", date=citation["date"]))
    rest = _clipped("".join(f", {detail}" for detail in details), 300)
    url = citation.get("url") or ""
    link = escape(title, quote=False)
    if url.startswith(("https://", "http://")):
        link = f'<a href="{escape(url)}">{link}</a>'
    quoted = f"<blockquote>{escape(quote, quote=False)}</blockquote>\n" if quote else ""
    return f"{quote}\n{title}{rest}", f"{quoted}{link}{escape(rest, quote=False)}"


def _clipped(text: str, limit: int) -> str:
    text = text.strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _joined(blocks: Sequence[tuple[str, str]]) -> list[str]:
    """As few messages as possible, no block torn apart."""
    messages: list[str] = []
    used = 0
    for shown, html in blocks:
        if messages and used + 2 + length(shown) <= LIMIT:
            messages[-1] += f"\n\n{html}"
            used += 2 + length(shown)
        else:
            messages.append(html)
            used = length(shown)
    return messages
