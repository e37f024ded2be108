"""What a citizen can do in Telegram, and what they see there."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from civic.conversation.models import ChannelAddress, InboundRecord
from civic.kit.files import FileStore
from tests.fakes.telegram_api import FakeTelegram
from tests.telegram.conftest import Channel, Dialogue, pause


def reply(text: str, *labels: str, **more: Any) -> list[dict[str, Any]]:
    choices = [{"label": label, "intent": "choose", "value": f"v:{label}"} for label in labels]
    return [{"custom": {"text": text, "choices": choices, **more}}]


def photo() -> bytes:
    image, out = Image.new("RGB", (60, 40), "red"), io.BytesIO()
    data = Image.Exif()
    data[0x010F] = "Camera maker who knows where you live"
    image.save(out, "JPEG", exif=data)
    return out.getvalue()


def test_a_message_is_answered(channel: Channel, telegram: FakeTelegram, chat: int) -> None:
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    telegram.wait_until(lambda: telegram.unconfirmed == 0, what="the update to be confirmed")


def test_html_that_is_typed_is_shown_as_typed(channel: Channel, telegram: FakeTelegram, chat: int) -> None:
    telegram.say(chat, "<b>bold</b> & <script>")
    telegram.wait_for(chat, "You said <b>bold</b> & <script>")


def test_a_button_is_pressed_once_however_often_it_is_tapped(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.answer = lambda body: (
        reply("Pressed") if body["intent"] == "choose" else reply("Sure?", "Yes", "No")
    )
    dialogue.seconds = lambda body: 0.2
    telegram.say(chat, "hello")
    question = telegram.wait_for(chat, "Sure?")
    assert question.buttons == [["Yes", "No"]]
    first, second = telegram.press(chat, "Yes"), telegram.press(chat, "Yes")
    telegram.wait_for(chat, "Pressed")
    queries = {first["callback_query"]["id"], second["callback_query"]["id"]}
    telegram.wait_until(lambda: queries <= telegram.answered.keys(), what="both taps to be acknowledged")
    pause(0.5)
    assert telegram.texts(chat).count("Pressed") == 1
    pressed = [body for body in dialogue.asked if body["intent"] == "choose"]
    assert [body["metadata"]["choice"] for body in pressed] == ["v:Yes"]
    assert telegram.transcript(chat)[0].labels == ["✓ Yes"], "only the chosen button is left, marked"


def test_a_marked_button_does_nothing(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.answer = lambda body: reply("Sure?", "Yes") if body["text"] else reply("Pressed")
    telegram.say(chat, "hello")
    telegram.press(chat, "Yes")
    telegram.wait_for(chat, "Pressed")
    again = telegram.press(chat, "✓ Yes")
    query = again["callback_query"]["id"]
    telegram.wait_until(lambda: query in telegram.answered, what="the tap to be acknowledged")
    assert len(dialogue.asked) == 2


def test_callback_data_are_short_tokens_that_tell_nothing(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.answer = lambda body: [
        {"custom": {"text": "?", "choices": [{"label": "Long", "intent": "choose", "value": "secret" * 50}]}}
    ]
    telegram.say(chat, "hello")
    update = telegram.press(chat, "Long")
    data = update["callback_query"]["data"]
    assert len(data.encode()) <= 64
    assert "secret" not in data
    telegram.wait_until(lambda: len(dialogue.asked) == 2, what="the press to be heard")
    assert dialogue.asked[1]["metadata"]["choice"] == "secret" * 50


def test_a_place_is_asked_for_and_shared(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.answer = lambda body: (
        reply("Thank you", "Yes") if body["metadata"]["location"] else reply("Where?", request="location")
    )
    telegram.say(chat, "a pothole")
    asked = telegram.wait_for(chat, "Where?")
    assert asked.keyboard[0][0]["request_location"] is True
    telegram.send_location(chat, 52.5, 13.25)
    telegram.wait_for(chat, "Thank you")
    assert dialogue.asked[-1]["intent"] == "share_location"
    assert dialogue.asked[-1]["metadata"]["location"] == {"lat": 52.5, "long": 13.25}
    assert any(seen.keyboard_removed for seen in telegram.transcript(chat))


def test_a_photo_is_stored_without_what_the_camera_wrote_into_it(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.answer = lambda body: reply("A photo")
    telegram.send_photo(chat, photo(), caption="the lamp")
    telegram.wait_for(chat, "A photo")
    asked = dialogue.asked[-1]
    assert asked["text"] == "the lamp"
    stored = channel.services.get(FileStore).get(asked["metadata"]["attachment_id"])
    assert b"Camera maker" not in stored
    assert Image.open(io.BytesIO(stored)).size == (60, 40)


def test_an_image_sent_as_a_file_is_taken_and_a_program_is_not(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.answer = lambda body: reply("A photo")
    telegram.send_document(chat, photo(), "lamp.jpg", "image/jpeg")
    telegram.wait_for(chat, "A photo")
    telegram.send_document(chat, b"MZ" + bytes(100), "lamp.jpg", "image/jpeg")
    telegram.wait_for(chat, "only take photos")
    assert len(dialogue.asked) == 1


@pytest.mark.parametrize(
    ("send", "words"), [("send_sticker", "stickers"), ("send_voice", "recordings"), ("send_video", "videos")]
)
def test_what_cannot_be_read_is_answered_politely(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int, send: str, words: str
) -> None:
    getattr(telegram, send)(chat)
    getattr(telegram, send)(chat)
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    assert [words in text for text in telegram.texts(chat)] == [True, False], "said once, not twice"
    assert len(dialogue.asked) == 1


def test_an_edit_is_explained_once_and_changes_nothing(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    said = telegram.say(chat, "helo")["message"]["message_id"]
    telegram.wait_for(chat, "You said helo")
    telegram.edit(chat, said, "hello")
    telegram.wait_for(chat, "as they were first sent")
    telegram.edit(chat, said, "hello!")
    telegram.say(chat, "next")
    telegram.wait_for(chat, "You said next")
    assert len(telegram.texts(chat)) == 3
    assert [body["text"] for body in dialogue.asked] == ["helo", "next"]


def test_groups_are_told_once_to_write_in_private(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    for text in ("hi all", "/start", "/start@folkmoot_test_bot"):
        telegram.say(-chat, text)
    telegram.wait_for(-chat, "one to one")
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    assert len(telegram.texts(-chat)) == 1
    assert len(dialogue.asked) == 1


@pytest.mark.parametrize(
    ("text", "intent", "value"),
    [
        ("/start", "greet", None),
        ("/start survey_parks", "start_survey", "survey:start:parks"),
        ("/help", "help", None),
        ("/cancel", "cancel", None),
        ("/delete", "delete_my_data", None),
        ("/nonsense", "help", None),
    ],
)
def test_commands_reach_the_dialogue_as_intents(
    channel: Channel,
    dialogue: Dialogue,
    telegram: FakeTelegram,
    chat: int,
    text: str,
    intent: str,
    value: str | None,
) -> None:
    telegram.say(chat, text)
    telegram.wait_for(chat, f"You said {intent}")
    assert dialogue.asked[0]["metadata"]["choice"] == value


def test_the_menu_of_commands_is_published(channel: Channel, telegram: FakeTelegram) -> None:
    telegram.wait_until(lambda: telegram.commands, what="the commands")
    assert [one["command"] for one in telegram.commands] == ["start", "help", "cancel", "delete"]


def test_a_long_answer_arrives_whole_in_several_messages(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    text = "\n\n".join(f"Paragraph {number}. " + "word " * 100 for number in range(30))
    dialogue.answer = lambda body: reply(text, "Yes")
    telegram.say(chat, "hello")
    telegram.wait_for(chat, lambda seen: seen.labels == ["Yes"])
    assert " ".join(telegram.texts(chat)).split() == text.split()


def test_several_replies_arrive_in_their_order(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.answer = lambda body: [{"custom": {"text": f"{body['text']}{n}"}} for n in range(4)]
    for letter in "abc":
        telegram.say(chat, letter)
    telegram.wait_for(chat, "c3")
    assert telegram.texts(chat) == [f"{letter}{n}" for letter in "abc" for n in range(4)]


def test_one_chat_is_served_in_order_and_does_not_hold_up_another(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.seconds = lambda body: 1.0 if body["text"] == "slow" else 0.0
    other = chat + 500_000
    telegram.say(chat, "slow")
    telegram.say(chat, "after it")
    telegram.say(other, "quick")
    telegram.wait_for(other, "You said quick", timeout=0.9)
    telegram.wait_for(chat, "after it")
    assert telegram.texts(chat) == ["You said slow", "You said after it"]


def test_typing_is_shown_while_an_answer_takes_time(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.seconds = lambda body: 1.0
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    assert telegram.chat(chat).actions == ["typing"]


def test_an_official_message_arrives_once(channel: Channel, telegram: FakeTelegram, chat: int) -> None:
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    assert channel.tell(chat, "Your lamp is repaired", "case-1")
    assert not channel.tell(chat, "Your lamp is repaired", "case-1")
    telegram.wait_for(chat, "repaired")
    pause(1.2)
    assert telegram.texts(chat).count("Your lamp is repaired") == 1


def test_pushes_into_one_chat_are_a_second_apart(channel: Channel, telegram: FakeTelegram, chat: int) -> None:
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    for number in range(3):
        channel.tell(chat, f"News {number}", f"news-{number}")
    telegram.wait_for(chat, "News 2")
    times = [seen.at for seen in telegram.transcript(chat)]
    # Seen where they arrive: a busy machine may hold one up, not bring three together.
    assert all(later - earlier >= 0.5 for earlier, later in pairwise(times[1:]))
    assert times[-1] - times[1] >= 1.8


def test_a_citizen_who_blocks_us_is_remembered(channel: Channel, telegram: FakeTelegram, chat: int) -> None:
    def state() -> str | None:
        with channel.services.sessions() as session:
            found = session.scalar(select(ChannelAddress).where(ChannelAddress.address == str(chat)))
            return found.state if found else None

    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    telegram.block(chat)
    telegram.wait_until(lambda: state() == "blocked", what="the block to be noted")
    sends = len(telegram.called("sendMessage"))
    channel.tell(chat, "News", "n")
    pause(1.5)
    assert len(telegram.called("sendMessage")) == sends, "nothing is sent into a closed door"
    telegram.unblock(chat)
    telegram.wait_until(lambda: state() == "active", what="the return to be noted")


def test_a_block_that_nobody_told_us_of_is_learnt_from_the_first_refusal(
    channel: Channel, telegram: FakeTelegram, chat: int
) -> None:
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    telegram.vanish(chat)
    channel.tell(chat, "News", "n")

    def state() -> str:
        with channel.services.sessions() as session:
            return session.scalars(
                select(ChannelAddress.state).where(ChannelAddress.address == str(chat))
            ).one()

    telegram.wait_until(lambda: state() == "blocked", what="the address to be closed")


def test_somebody_who_writes_too_fast_is_asked_to_slow_down_once(
    telegram: FakeTelegram, channel: Channel, chat: int
) -> None:
    channel.services.settings.messages_per_minute = 3
    for number in range(8):
        telegram.say(chat, f"message {number}")
    telegram.wait_for(chat, "faster than I can read")
    pause(0.5)
    assert len(telegram.texts(chat)) == 4


def test_neither_token_nor_chat_id_nor_words_are_in_the_log(
    channel: Channel, telegram: FakeTelegram, chat: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    telegram.say(chat, "my private words")
    telegram.wait_for(chat, "my private words")
    telegram.vanish(chat)
    channel.tell(chat, "News", "n")
    pause(1.2)
    lines = [record.getMessage() for record in caplog.records]
    assert lines, "something was logged, so that this can fail"
    for secret in (telegram.token, str(chat), "private words"):
        assert not any(secret in line for line in lines), secret


def test_what_came_in_is_stored_under_our_own_ids(
    channel: Channel, telegram: FakeTelegram, dialogue: Dialogue, chat: int
) -> None:
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    assert str(chat) not in dialogue.asked[-1]["sender"]
    with channel.services.sessions() as session:
        records = session.scalars(select(InboundRecord)).all()
        assert records
        assert not any("address" in record.payload for record in records)
