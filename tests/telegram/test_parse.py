"""Every kind of update is understood, and what is none of our business is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, Update

from bot.telegram.parse import Heard, Idle, Meaning, Membership, Unreadable, understand
from civic.conversation.types import Location
from tests.fakes.telegram_api import TOKEN
from tests.fakes.telegram_phones import Phones
from tests.fakes.telegram_wire import BOT, Chat

MEGABYTE = 1024 * 1024
bot = Bot(TOKEN)


def meant(update: dict[str, Any]) -> Meaning:
    parsed = Update.de_json(update, bot)
    assert parsed is not None
    return understand(parsed, 10 * MEGABYTE)


@pytest.fixture
def phones() -> Phones:
    return Phones()


def heard(update: dict[str, Any]) -> Heard:
    meaning = meant(update)
    assert isinstance(meaning, Heard)
    return meaning


def test_a_text_is_heard_with_its_language(phones: Phones) -> None:
    phones.chats[5] = Chat(5, language="pt-br")
    meaning = heard(phones.say(5, "there is a pothole"))
    assert (meaning.chat, meaning.text, meaning.language) == (5, "there is a pothole", "pt-br")


@pytest.mark.parametrize(
    ("text", "intent", "value"),
    [
        ("/start", "greet", None),
        ("/start survey_park-2026", "start_survey", "survey:start:park-2026"),
        ("/start@folkmoot_test_bot survey_parks", "start_survey", "survey:start:parks"),
        ("/start something_else", "greet", None),
        ("/start survey_../../etc", "greet", None),
        ("/help", "help", None),
        ("/HELP", "help", None),
        ("/cancel", "cancel", None),
        ("/delete", "delete_my_data", None),
        ("/unknown words", "help", None),
    ],
)
def test_commands_are_understood_and_unknown_ones_lead_to_help(
    phones: Phones, text: str, intent: str, value: str | None
) -> None:
    meaning = heard(phones.say(1, text))
    assert (meaning.intent, meaning.value, meaning.text) == (intent, value, None)


@pytest.mark.parametrize("text", ['/greet{"slot": 1}', "/ask_policy{}", "1/2", "a /help"])
def test_a_typed_payload_is_only_a_text(phones: Phones, text: str) -> None:
    meaning = heard(phones.say(1, text))
    assert (meaning.text, meaning.intent) == (text, None)


def test_a_place_is_heard(phones: Phones) -> None:
    assert heard(phones.send_location(1, 52.5, 13.4)).location == Location(lat=52.5, long=13.4)


def test_of_a_photo_the_largest_size_below_the_limit_is_taken(phones: Phones) -> None:
    update = phones.send_photo(1, b"x" * 4000, caption="look")
    sizes = update["message"]["photo"]
    assert heard(update).photo == sizes[-1]["file_id"]
    assert heard(update).text == "look"
    sizes[-1]["file_size"] = 11 * MEGABYTE
    assert heard(update).photo == sizes[-2]["file_id"]
    for size in sizes:
        size["file_size"] = 11 * MEGABYTE
    assert meant(update) == Unreadable(1, "too_large", "en")


def test_an_image_sent_as_a_file_is_a_photo_and_another_file_is_not(phones: Phones) -> None:
    assert heard(phones.send_document(1, b"x", "a.png", "image/png")).photo
    assert meant(phones.send_document(1, b"x", "a.exe", "application/octet-stream")) == Unreadable(
        1, "file", "en"
    )


@pytest.mark.parametrize("kind", ["sticker", "voice", "video"])
def test_what_we_cannot_read_is_named(phones: Phones, kind: str) -> None:
    assert meant(getattr(phones, f"send_{kind}")(1)) == Unreadable(1, kind, "en")  # type: ignore[arg-type]


def test_an_edit_is_noticed_and_a_moving_live_location_is_not(phones: Phones) -> None:
    said = phones.say(1, "helo")["message"]["message_id"]
    assert meant(phones.edit(1, said, "hello")) == Unreadable(1, "edit", "en")
    live = phones.send_location(1, 1, 1)
    assert meant({"update_id": 1, "edited_message": {**live["message"], "edit_date": 1}}) is None


def test_in_groups_only_a_command_is_answered(phones: Phones) -> None:
    assert meant(phones.say(-100, "hello everybody")) is None
    assert meant(phones.say(-100, "/start")) == Unreadable(-100, "group", "en")


def test_blocking_and_unblocking_are_noticed(phones: Phones) -> None:
    phones.block(1)
    assert meant(phones.updates[-1]) == Membership(1, reachable=False)
    phones.unblock(1)
    assert meant(phones.updates[-1]) == Membership(1, reachable=True)


def test_two_taps_on_one_button_are_one_message(phones: Phones) -> None:
    message = {
        "message_id": 77,
        "from": BOT,
        "chat": phones.chat(1).wire(),
        "date": 1_700_000_000,
        "text": "Sure?",
        "reply_markup": {"inline_keyboard": [[{"text": "Yes", "callback_data": "tok"}]]},
    }
    phones.chat(1).messages.append({**message, "_at": 0.0})
    first, second = heard(phones.press(1, "Yes")), heard(phones.press(1, "Yes"))
    assert first.message_id == second.message_id
    assert first.choice == "tok"
    assert first.pressed and first.pressed.label == "Yes"
    assert first.pressed != second.pressed, "each press is acknowledged"


def test_a_press_on_a_marked_button_means_nothing(phones: Phones) -> None:
    query = {"id": "9", "from": phones.chat(1).person(), "chat_instance": "1", "data": "done"}
    assert meant({"update_id": 1, "callback_query": query}) == Idle(1, "9")


def test_service_messages_and_channel_posts_are_left_alone(phones: Phones) -> None:
    base = {"message_id": 1, "date": 1_700_000_000, "chat": phones.chat(1).wire()}
    assert meant({"update_id": 1, "message": {**base, "pinned_message": {**base, "text": "x"}}}) is None
    channel = {**base, "chat": {"id": -5, "type": "channel", "title": "News"}, "text": "x"}
    assert meant({"update_id": 1, "channel_post": channel}) is None


def test_a_reply_to_what_was_said_of_a_report_is_about_that_report(phones: Phones) -> None:
    update = phones.say(5, "any idea when?")
    ours = {**update["message"], "message_id": 1, "from": BOT, "text": "FM-7K3Q9 (Pothole): work has begun."}
    theirs = {**ours, "from": update["message"]["from"]}
    for replied, about in ((ours, "FM-7K3Q9"), (theirs, None), ({**ours, "text": "Hello!"}, None)):
        message = {**update["message"], "reply_to_message": replied}
        assert heard({**update, "message": message}).about == about
