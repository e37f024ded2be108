"""When something fails, the citizen is told, and nothing is lost or done twice."""

from __future__ import annotations

import errno
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, event, update

from civic.conversation.models import InboundRecord
from civic.kit.files import FileStore
from civic.kit.services import Services
from tests.fakes.telegram_api import FakeTelegram
from tests.telegram.conftest import Channel, Dialogue, pause
from tests.telegram.test_channel import photo


def test_an_update_that_comes_again_is_acted_upon_once(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    said = telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    telegram.wait_until(lambda: telegram.unconfirmed == 0, what="the update to be confirmed")
    telegram.deliver_again(said, new_id=True)
    telegram.wait_until(lambda: telegram.unconfirmed == 0, what="its repetition to be confirmed")
    pause(0.3)
    assert len(dialogue.asked) == 1
    assert telegram.texts(chat) == ["You said hello"]


def test_an_update_is_not_confirmed_before_it_was_acted_upon(
    channel_services: Services, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    dialogue.seconds = lambda body: 30.0
    first = Channel(channel_services, dialogue)
    first.start()
    telegram.say(chat, "hello")
    telegram.wait_until(lambda: dialogue.asked, what="the turn to begin")
    pause(0.6)
    assert telegram.unconfirmed == 1
    first.stop()  # in the middle of the turn

    dialogue.seconds = lambda body: 0.0
    second = Channel(channel_services, dialogue)
    second.start()
    telegram.wait_for(chat, "You said hello")
    telegram.wait_until(lambda: telegram.unconfirmed == 0, what="the update to be confirmed")
    assert telegram.texts(chat) == ["You said hello"]
    second.stop()


def test_a_failed_turn_is_told_and_answered_later(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    answer, dialogue.answer = dialogue.answer, lambda body: None
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "Your message is kept")
    dialogue.answer = answer
    with channel.services.sessions.begin() as session:  # its time has come
        session.execute(
            update(InboundRecord)
            .where(InboundRecord.state == "failed")
            .values(due_at=channel.services.clock.now())
        )
    assert channel.run(channel.gateway.retry_unanswered()) == 1
    telegram.wait_for(chat, "You said hello")
    assert len(telegram.texts(chat)) == 2


def test_while_telegram_is_away_messages_wait_and_then_arrive_once(
    channel: Channel, telegram: FakeTelegram, chat: int
) -> None:
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    telegram.outage = True
    channel.tell(chat, "News", "n")
    pause(1.5)
    assert telegram.texts(chat) == ["You said hello"]
    telegram.outage = False
    telegram.wait_for(chat, "News", timeout=15)
    telegram.say(chat, "again")
    telegram.wait_for(chat, "You said again", timeout=15)
    assert telegram.texts(chat).count("News") == 1


def test_telegram_may_be_away_at_the_start_and_that_is_one_line_in_the_log(
    channel_services: Services,
    dialogue: Dialogue,
    telegram: FakeTelegram,
    chat: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    telegram.outage = True
    running = Channel(channel_services, dialogue)
    running.start()
    pause(3.5)
    assert not running.ended
    lines = [record.getMessage() for record in caplog.records if "cannot be reached" in record.getMessage()]
    assert len(lines) == 1
    assert len(telegram.called("getMe")) >= 2
    telegram.outage = False
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello", timeout=15)
    running.stop()


def test_a_wrong_token_is_one_clear_sentence_that_does_not_contain_it(
    channel_services: Services, dialogue: Dialogue, caplog: pytest.LogCaptureFixture
) -> None:
    channel_services.settings.telegram_token = SecretStr("123456:WRONG-TOKEN")
    running = Channel(channel_services, dialogue)
    running.start()
    deadline = time.monotonic() + 10
    while not running.ended:
        assert time.monotonic() < deadline
        pause(0.02)
    errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(errors) == 1
    assert "FOLKMOOT_TELEGRAM_TOKEN" in errors[0]
    assert not any("WRONG-TOKEN" in record.getMessage() for record in caplog.records)
    running.stop()


def test_when_telegram_says_wait_it_is_obeyed_and_others_are_served(
    channel: Channel, telegram: FakeTelegram, chat: int
) -> None:
    other = chat + 500_000
    for one in (chat, other):
        telegram.say(one, "hello")
        telegram.wait_for(one, "You said hello")
    telegram.flood(2, chat=chat)
    started = time.monotonic()
    telegram.say(chat, "held")
    telegram.wait_until(lambda: ("sendMessage", 429) in telegram.refused, what="the 429")
    telegram.say(other, "free")
    telegram.wait_for(other, "You said free", timeout=1.5)
    held = telegram.wait_for(chat, "You said held", timeout=6)
    assert held.at - started >= 2
    assert telegram.texts(chat).count("You said held") == 1


def test_a_long_answer_that_was_interrupted_goes_on_where_it_stopped(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    text = "\n\n".join(f"{number}. " + "word " * 400 for number in range(6))
    dialogue.answer = lambda body: [{"custom": {"text": text}}]
    send, sends = telegram.do_sendmessage, []

    def second_is_too_much(arguments: dict[str, Any]) -> dict[str, Any]:
        sends.append(arguments)
        if len(sends) == 2:
            telegram.flood(1, chat=chat)
        return send(arguments)

    telegram.do_sendmessage = second_is_too_much  # type: ignore[method-assign]
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "5. word")
    assert ("sendMessage", 429) in telegram.refused
    assert " ".join(telegram.texts(chat)).split() == text.split()


def test_a_broadcast_arrives_at_the_speed_that_telegram_allows(
    channel: Channel, telegram: FakeTelegram, chat: int
) -> None:
    telegram.enforce_limits = True
    channel.services.settings.messages_per_minute = 10
    chats = [chat * 1000 + number for number in range(45)]
    for one in chats:
        telegram.say(one, "hello")
    for one in chats:
        telegram.wait_for(one, "You said hello")
    pause(1.1)
    started = time.monotonic()
    for one in chats:
        channel.tell(one, "News", "n")
    for one in chats:
        telegram.wait_for(one, "News")
    assert time.monotonic() - started > 0.9, "45 messages at 25 a second"
    assert all(telegram.texts(one) == ["You said hello", "News"] for one in chats)


def test_a_photo_that_cannot_be_fetched_is_asked_for_again(
    channel: Channel, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    telegram.chat(chat)
    with telegram.lock:
        telegram.send_photo(chat, b"x")
        telegram.files.clear()
    telegram.wait_for(chat, "send it again")
    assert dialogue.asked == []


def test_while_the_database_is_locked_the_citizen_is_told_and_then_answered(
    channel: Channel, channel_engine: Engine, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")

    def impatient(connection: Any, record: object) -> None:
        connection.execute("PRAGMA busy_timeout=300")

    event.listen(channel_engine, "connect", impatient)
    channel_engine.dispose()
    try:
        path = Path(str(channel_engine.url.database))
        lock = sqlite3.connect(path, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        telegram.say(chat, "are you there?")
        telegram.wait_for(chat, "Your message is kept")
        assert telegram.unconfirmed == 1
        lock.execute("ROLLBACK")
        lock.close()
        telegram.wait_for(chat, "You said are you there?")
        assert [body["text"] for body in dialogue.asked] == ["hello", "are you there?"]
    finally:
        event.remove(channel_engine, "connect", impatient)
        channel_engine.dispose()


def test_a_second_process_with_the_same_token_is_reported_in_one_line(
    channel: Channel,
    channel_services: Services,
    dialogue: Dialogue,
    telegram: FakeTelegram,
    caplog: pytest.LogCaptureFixture,
) -> None:
    telegram.wait_until(lambda: telegram.called("getUpdates"), what="the first to poll")
    other = Channel(channel_services, dialogue)
    other.start()
    pause(3)
    lines = [record.getMessage() for record in caplog.records if "same token" in record.getMessage()]
    assert 1 <= len(lines) <= 2, "at most one from each of the two"
    other.stop()


def test_where_photos_cannot_be_kept_this_is_said_and_the_words_beneath_are_heard(
    channel: Channel,
    dialogue: Dialogue,
    telegram: FakeTelegram,
    chat: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", _no_room)
        telegram.send_photo(chat, photo(), caption="the lamp is out")
        telegram.wait_for(chat, "I cannot keep photos just now")
        telegram.wait_for(chat, "You said the lamp is out")
        telegram.send_photo(chat, photo())
        telegram.wait_until(lambda: telegram.unconfirmed == 0, what="the second photo to be declined")
    assert [body["metadata"].get("attachment_id") for body in dialogue.asked] == [None]
    telegram.send_photo(chat, photo())
    telegram.wait_until(lambda: len(dialogue.asked) == 2, what="the photo to be taken")
    kept = dialogue.asked[-1]["metadata"]["attachment_id"]
    assert channel.services.get(FileStore).get(kept)


def _no_room(*_: Any) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")
