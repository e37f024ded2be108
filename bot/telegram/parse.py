"""From Telegram's updates to what they mean for us: one pure function, `understand`.

An update becomes exactly one of: `Heard` (for the dialogue), `Unreadable` (answered politely by the
channel itself), `Membership` (blocked or let in again), or nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from telegram import ChatMember, Message, PhotoSize, Update
from telegram.constants import ChatType

from civic.conversation.types import Location
from civic.service_requests.rules import find_tracking_number
from civic.surveys import buttons as surveys

MARKED = "done"
"""The data of a button that only shows what was chosen."""

COMMANDS = {"start": "greet", "help": "help", "cancel": "cancel", "delete": "delete_my_data"}
SURVEY_LINK = re.compile(r"survey_([A-Za-z0-9_-]+)")
UPDATE_KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]

Kind = Literal["edit", "group", "too_large", "voice", "video", "file", "sticker", "other"]


@dataclass(frozen=True)
class Heard:
    """Something a citizen said to us; `photo` still has to be fetched."""

    chat: int
    message_id: str
    text: str | None = None
    choice: str | None = None
    intent: str | None = None
    value: str | None = None
    location: Location | None = None
    photo: str | None = None
    language: str | None = None
    pressed: Pressed | None = None
    about: str | None = None


@dataclass(frozen=True)
class Pressed:
    """The button behind a choice: what has to be answered, and the message that carries it."""

    query_id: str
    message_id: int | None = None
    label: str | None = None


@dataclass(frozen=True)
class Unreadable:
    """Something we do not take; the citizen is told why."""

    chat: int
    kind: Kind
    language: str | None = None


@dataclass(frozen=True)
class Membership:
    """A citizen shut us out, or let us in again."""

    chat: int
    reachable: bool


@dataclass(frozen=True)
class Idle:
    """A press that means nothing any more; it is acknowledged, so that the phone stops waiting."""

    chat: int
    query_id: str


Meaning = Heard | Unreadable | Membership | Idle | None


def understand(update: Update, max_photo_bytes: int) -> Meaning:
    """What an update means; None for everything that does not concern us."""
    if update.my_chat_member is not None:
        return _membership(update)
    if update.callback_query is not None:
        return _press(update)
    if update.edited_message is not None:
        return _edit(update.edited_message)
    if update.message is not None:
        return _message(update.message, max_photo_bytes)
    return None


def _membership(update: Update) -> Membership | None:
    change = update.my_chat_member
    assert change is not None
    if change.chat.type != ChatType.PRIVATE:
        return None
    return Membership(
        change.chat.id, change.new_chat_member.status not in (ChatMember.BANNED, ChatMember.LEFT)
    )


def _press(update: Update) -> Heard | Idle:
    query = update.callback_query
    assert query is not None
    chat = query.message.chat if query.message is not None else None
    if chat is None or chat.type != ChatType.PRIVATE or not query.data or query.data == MARKED:
        return Idle(query.from_user.id, query.id)
    message = query.message if isinstance(query.message, Message) else None
    keyboard = message.reply_markup if message is not None else None
    labels = {
        button.callback_data: button.text
        for row in (keyboard.inline_keyboard if keyboard is not None else ())
        for button in row
    }
    assert query.message is not None
    number = query.message.message_id
    return Heard(
        chat=chat.id,
        # A double tap is two queries about one button of one message: one message to us.
        message_id=f"press:{number}:{query.data}",
        choice=query.data,
        language=query.from_user.language_code,
        pressed=Pressed(query.id, number, labels.get(query.data)),
    )


def _edit(message: Message) -> Unreadable | None:
    # A moving live location is "edited" every few seconds: nobody wants to hear about that.
    if message.chat.type != ChatType.PRIVATE or message.location is not None:
        return None
    return Unreadable(message.chat.id, "edit", _language(message))


def _message(message: Message, max_photo_bytes: int) -> Meaning:
    chat, language = message.chat, _language(message)
    if chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
        called = bool(message.text and message.text.startswith("/")) or bool(message.group_chat_created)
        return Unreadable(chat.id, "group", language) if called else None
    if chat.type != ChatType.PRIVATE:
        return None
    heard = Heard(chat.id, f"message:{message.message_id}", language=language, about=_about(message))
    text = message.text or message.caption
    if message.text and (command := re.match(r"/([A-Za-z0-9_]+)(?:@\w+)?(?:\s+(.*))?$", message.text, re.S)):
        return _command(heard, command[1].lower(), (command[2] or "").strip())
    if text and not message.effective_attachment:
        return _with(heard, text=text)
    place = message.location or (message.venue.location if message.venue else None)
    if place is not None:
        return _with(heard, location=Location(lat=place.latitude, long=place.longitude))
    if message.photo or (message.document and (message.document.mime_type or "").startswith("image/")):
        photo = _photo(message, max_photo_bytes)
        if photo is None:
            return Unreadable(chat.id, "too_large", language)
        return _with(heard, photo=photo, text=text)
    return _unreadable(message, language)


def _about(message: Message) -> str | None:
    """The number in the message of ours that this one replies to."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or not replied.from_user.is_bot:
        return None
    return find_tracking_number(replied.text or replied.caption or "")


def _with(heard: Heard, **changes: object) -> Heard:
    return Heard(**{**heard.__dict__, **changes})


def _command(heard: Heard, command: str, payload: str) -> Heard:
    if command == "start" and (survey := SURVEY_LINK.fullmatch(payload)):
        return _with(heard, intent="start_survey", value=surveys.start(survey[1]))
    return _with(heard, intent=COMMANDS.get(command, "help"))


def _photo(message: Message, max_bytes: int) -> str | None:
    """The largest picture that is small enough, by its file id."""
    offered: list[PhotoSize] = sorted(message.photo, key=lambda size: size.width * size.height)
    fitting = [size for size in offered if (size.file_size or 0) <= max_bytes]
    if fitting:
        return fitting[-1].file_id
    if message.document is not None and (message.document.file_size or 0) <= max_bytes:
        return message.document.file_id
    return None


def _unreadable(message: Message, language: str | None) -> Unreadable | None:
    kinds: list[tuple[Kind, object]] = [
        ("voice", message.voice or message.audio),
        ("video", message.video or message.video_note or message.animation),
        ("sticker", message.sticker or message.dice),
        ("file", message.document),
        ("other", message.contact or message.poll or message.story or message.game),
    ]
    for kind, present in kinds:
        if present:
            return Unreadable(message.chat.id, kind, language)
    return None  # a service message: somebody pinned something, changed a picture, ...


def _language(message: Message) -> str | None:
    return message.from_user.language_code if message.from_user is not None else None
