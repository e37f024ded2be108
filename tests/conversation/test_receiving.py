"""A message counts once, whatever the channel repeats."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from civic.conversation import commands, forgetting, queries
from civic.conversation.errors import TooManyMessages
from civic.conversation.models import Citizen, Conversation, InboundRecord
from civic.conversation.types import Choice, InboundMessage, Reply


def message(text: str = "hello", message_id: str = "1", address: str = "a", **more: object) -> InboundMessage:
    return InboundMessage(
        channel="telegram",
        address=address,
        message_id=message_id,
        text=text,
        received_at=datetime.fromisoformat("2026-03-02T12:00:00Z"),
        **more,  # type: ignore[arg-type]
    )


def receive(session: Session, inbound: InboundMessage, now: datetime) -> commands.Received:
    return commands.receive(session, inbound, language="en", per_minute=5, now=now)


def test_the_same_message_twice_is_stored_once(session: Session, now: datetime) -> None:
    first = receive(session, message(), now)
    second = receive(session, message(), now)
    assert first.fresh and not second.fresh
    assert first.record.id == second.record.id


def test_one_address_is_one_conversation_and_two_are_two(session: Session, now: datetime) -> None:
    one = receive(session, message(message_id="1"), now).conversation
    same = receive(session, message(message_id="2"), now).conversation
    other = receive(session, message(address="b"), now).conversation
    assert one.id == same.id != other.id
    assert one.citizen_id != other.citizen_id


def test_too_many_messages_a_minute_are_refused_and_later_ones_taken(session: Session, now: datetime) -> None:
    for number in range(5):
        receive(session, message(message_id=str(number)), now)
    with pytest.raises(TooManyMessages):
        receive(session, message(message_id="6"), now)
    assert receive(session, message(message_id="7"), now + timedelta(seconds=61)).fresh


def test_replies_are_numbered_without_gaps(session: Session, now: datetime) -> None:
    conversation = receive(session, message(), now).conversation
    first = commands.append(session, conversation.id, [Reply(text="a"), Reply(text="b")], now=now)
    second = commands.append(session, conversation.id, [Reply(text="c")], now=now)
    assert [row.seq for row in [*first, *second]] == [1, 2, 3]
    assert [row.seq for row in queries.messages_since(session, conversation.id, 1)] == [2, 3]


def test_a_button_is_an_opaque_token_that_works_in_its_own_conversation_only(
    session: Session, now: datetime
) -> None:
    mine = receive(session, message(), now).conversation
    other = receive(session, message(address="b"), now).conversation
    reply = Reply(text="?", choices=[Choice(label="Yes", intent="affirm", value="secret")])
    row = commands.append(session, mine.id, [reply], now=now)[0]
    (button,) = row.payload["choices"]
    assert set(button) == {"label", "token"} and "secret" not in str(row.payload)
    found = queries.choice(session, mine.id, button["token"])
    assert found is not None and (found.intent, found.value) == ("affirm", "secret")
    assert queries.choice(session, other.id, button["token"]) is None


def test_answering_twice_keeps_the_first_answer(session: Session, now: datetime) -> None:
    received = receive(session, message(), now)
    first = commands.answer(session, received.record.id, [Reply(text="a")], loop=None, now=now)
    again = commands.answer(session, received.record.id, [Reply(text="b")], loop=None, now=now)
    assert [row.id for row in first] == [row.id for row in again]


def test_a_failed_turn_is_told_once_and_tried_again_later(session: Session, now: datetime) -> None:
    received = receive(session, message(), now)
    told, state = commands.fail(session, received.record.id, Reply(text="sorry"), now=now)
    assert len(told) == 1 and state == "failed"
    assert queries.unanswered(session, now) == []
    due = now + timedelta(seconds=6)
    (waiting,) = queries.unanswered(session, due)
    assert commands.claim(session, waiting, due)
    told, state = commands.fail(session, received.record.id, Reply(text="sorry"), now=due)
    assert told == [] and state == "failed"


def test_a_message_cut_off_by_a_crash_is_found_again(session: Session, now: datetime) -> None:
    received = receive(session, message(), now)
    session.commit()
    assert [row.id for row in queries.unanswered(session, now + timedelta(seconds=61))] == [
        received.record.id
    ]


def test_only_one_worker_gets_a_message_to_try_again(session: Session, now: datetime) -> None:
    receive(session, message(), now)
    later = now + timedelta(seconds=61)
    (seen,) = queries.unanswered(session, later)
    seen_by_other = type("Row", (), {"id": seen.id, "due_at": seen.due_at})()
    assert commands.claim(session, seen, later)
    assert not commands.claim(session, seen_by_other, later)


def test_erasing_a_citizen_leaves_a_fresh_conversation_at_the_same_address(
    session: Session, now: datetime
) -> None:
    received = receive(session, message(text="my secret"), now)
    old, citizen = received.conversation.id, received.conversation.citizen_id
    commands.answer(session, received.record.id, [Reply(text="a")], loop=None, now=now)
    forgetting.erase_citizen(session, citizen, now)
    session.commit()
    session.expire_all()
    fresh = queries.conversation_at(session, "telegram", "a")
    assert fresh is not None and fresh.id != old and fresh.citizen_id != citizen
    assert fresh.last_seq == 1
    assert session.get(Conversation, old) is None and session.get(Citizen, citizen) is None
    assert session.query(InboundRecord).count() == 0


def test_old_buttons_are_forgotten_and_fresh_ones_stay(session: Session, now: datetime) -> None:
    conversation = receive(session, message(), now).conversation
    reply = Reply(text="?", choices=[Choice(label="Yes")])
    old = commands.append(session, conversation.id, [reply], now=now)[0]
    fresh = commands.append(session, conversation.id, [reply], now=now + timedelta(days=40))[0]
    assert forgetting.prune(session, now + timedelta(days=30)) == 1
    tokens = [row.payload["choices"][0]["token"] for row in (old, fresh)]
    found = [queries.choice(session, conversation.id, token) is not None for token in tokens]
    assert found == [False, True]
