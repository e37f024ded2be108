"""Several answers are ticked in the message that asks: its buttons change, and nothing new is sent."""

from __future__ import annotations

from typing import Any

from tests.fakes.telegram_api import FakeTelegram
from tests.telegram.conftest import Channel, Dialogue


def asked(*labels: str, replaces: bool = False) -> list[dict[str, Any]]:
    choices = [{"label": label, "value": f"survey:s:q:+{label}"} for label in labels]
    text = "Chosen so far: …" if replaces else "Which buses do you take?"
    return [{"custom": {"text": text, "choices": choices, "replaces": replaces}}]


def answer(body: dict[str, Any]) -> list[dict[str, Any]]:
    pressed = body["metadata"]["choice"] or ""
    if pressed.endswith("Done"):
        return [{"custom": {"text": "Noted: 7, 12."}}]
    if pressed.endswith("+7"):
        return asked("✓ 7", "12", "Done", replaces=True)
    if pressed.endswith("+12"):
        return asked("✓ 7", "✓ 12", "Done", replaces=True)
    return asked("7", "12")


def test_ticks_appear_where_they_were_made(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.answer = answer
    telegram.say(chat, "survey")
    telegram.wait_for(chat, "Which buses")

    def labels() -> list[str]:
        return telegram.transcript(chat)[0].labels

    telegram.press(chat, "7")
    telegram.wait_until(lambda: "✓ 7" in labels(), what="the first tick")
    telegram.press(chat, "12")
    telegram.wait_until(lambda: labels() == ["✓ 7", "✓ 12", "Done"], what="the second tick")
    telegram.press(chat, "Done")
    telegram.wait_for(chat, "Noted: 7, 12.")
    assert [text for text in telegram.texts(chat) if "Chosen" in text] == [], "no message for each tick"
