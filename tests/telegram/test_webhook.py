"""Updates that Telegram delivers to us, and what strangers at the same door are told."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest
from pydantic import SecretStr

from civic.kit.services import Services
from tests.fakes.telegram_api import FakeTelegram
from tests.telegram.conftest import Channel, Dialogue, pause

SECRET = "a-secret-of-this-test"


@pytest.fixture
def hooked(channel_services: Services, dialogue: Dialogue, telegram: FakeTelegram) -> Iterator[Channel]:
    """A channel whose updates arrive by webhook."""
    door = socket.create_server(("127.0.0.1", 0))
    settings = channel_services.settings
    settings.telegram_webhook_url = f"http://127.0.0.1:{door.getsockname()[1]}"
    settings.telegram_webhook_secret = SecretStr(SECRET)
    running = Channel(channel_services, dialogue)
    running.door = door
    running.start()
    telegram.wait_until(lambda: telegram.webhook.get("url"), what="the webhook to be set")
    yield running
    running.stop()


def update(chat: int, text: str) -> dict[str, object]:
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    message = {
        "message_id": 1,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": "private"},
        "from": person,
    }
    return {"update_id": 1, "message": {**message, "text": text}}


def post(telegram: FakeTelegram, secret: str | None, **what: object) -> int:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
    with httpx.Client(trust_env=False) as client:
        return client.post(telegram.webhook["url"], headers=headers, **what).status_code  # type: ignore[arg-type]


def test_an_update_delivered_by_webhook_is_answered(
    hooked: Channel, telegram: FakeTelegram, chat: int
) -> None:
    assert telegram.webhook["url"].endswith("/telegram/webhook")
    assert telegram.webhook["secret_token"] == SECRET
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    telegram.wait_until(lambda: telegram.unconfirmed == 0, what="the update to be confirmed")
    assert not telegram.called("getUpdates")


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1]])
def test_nobody_without_the_secret_is_heard(
    hooked: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int, secret: str | None
) -> None:
    assert post(telegram, secret, json=update(chat, "forged")) == 403
    pause(0.2)
    assert dialogue.asked == []


def test_what_is_no_update_is_refused_and_hurts_nothing(
    hooked: Channel, telegram: FakeTelegram, chat: int
) -> None:
    assert post(telegram, SECRET, content=b"not json") == 400
    assert post(telegram, SECRET, content=b"[1]") == 400
    assert post(telegram, SECRET, content=b"x" * 1_100_000) == 413
    assert post(telegram, SECRET, json={"update_id": 5}) == 200
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")


def test_going_back_to_polling_removes_the_webhook(
    channel_services: Services, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    telegram.webhook = {"url": "http://127.0.0.1:9/telegram/webhook"}
    running = Channel(channel_services, dialogue)
    running.start()
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    assert telegram.webhook == {}
    running.stop()
