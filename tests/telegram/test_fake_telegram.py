"""The Telegram of the tests answers the library as the real one does, refusals included."""

from __future__ import annotations

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter

from bot.telegram import connection
from civic.kit.settings import Settings
from tests.fakes.telegram_api import FakeTelegram

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def bot(channel_settings: Settings) -> Bot:
    return connection.make_bot(channel_settings)


async def test_it_knows_its_own_bot_and_no_other(telegram: FakeTelegram, bot: Bot) -> None:
    assert (await bot.get_me()).username == "folkmoot_test_bot"
    with pytest.raises(InvalidToken):
        await Bot("1:other", base_url=f"{telegram.base}/bot").initialize()


async def test_updates_stay_until_they_are_confirmed(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.say(1, "hello")
    for _ in range(2):
        (update,) = await bot.get_updates(timeout=0)
        assert update.message and update.message.text == "hello"
        assert update.message.from_user and not update.message.from_user.is_bot
    assert await bot.get_updates(offset=update.update_id + 1, timeout=0) == ()
    assert telegram.unconfirmed == 0


async def test_it_takes_forms_json_and_files(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.chat(1)
    await bot.send_message(1, "by form", reply_markup=_buttons("x"))
    await bot.send_photo(1, b"a picture", caption="by multipart")
    async with httpx.AsyncClient(trust_env=False) as client:
        url = f"{telegram.base}/bot{telegram.token}/sendMessage"
        assert (await client.post(url, json={"chat_id": 1, "text": "by json"})).json()["ok"]
    assert telegram.texts(1) == ["by form", "by multipart", "by json"]
    assert telegram.transcript(1)[0].buttons == [["Yes"]]


async def test_files_can_be_fetched(telegram: FakeTelegram, bot: Bot) -> None:
    sent = telegram.send_photo(1, b"a picture")
    file = await bot.get_file(sent["message"]["photo"][-1]["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"a picture"


@pytest.mark.parametrize(
    ("text", "data"),
    [("", "x"), ("a" * 4097, "x"), ("<b>open", "x"), ("<div>no</div>", "x"), ("1 < 2", "x"), ("a", "x" * 65)],
)
async def test_it_refuses_what_telegram_refuses(
    telegram: FakeTelegram, bot: Bot, text: str, data: str
) -> None:
    telegram.chat(1)
    with pytest.raises(BadRequest):
        await bot.send_message(1, text, parse_mode="HTML", reply_markup=_buttons(data))


async def test_its_switches_do_what_they_say(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.chat(1)
    telegram.flood(7)
    with pytest.raises(RetryAfter) as flooded:
        await bot.send_message(1, "a")
    assert connection.seconds_of(flooded.value) == 7
    await bot.send_message(1, "a")
    telegram.block(1)
    with pytest.raises(Forbidden):
        await bot.send_message(1, "b")
    with pytest.raises(BadRequest):
        await bot.send_message(2, "nobody")
    with pytest.raises(BadRequest):
        await bot.answer_callback_query("unknown")


def _buttons(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data=data)]])
