"""A request is read into a message that Rasa cannot mistake for a command."""

from __future__ import annotations

import json

import pytest
from rasa.shared.exceptions import RasaException

from rasa_server.input_channel import MAX_CHARACTERS, FolkmootInput, Refused, read_turn, without_command

INTENTS = ["greet", "choose", "restart", "session_start", "back", "out_of_scope", "nlu_fallback"]


def body(**changes: object) -> bytes:
    fields = {
        "sender": "c1",
        "message_id": "m1",
        "text": "hello",
        "intent": None,
        "metadata": {"language": "en"},
    }
    return json.dumps({**fields, **changes}).encode()


def test_a_text_is_a_text() -> None:
    message = read_turn(body(), INTENTS)
    assert (message.text, message.sender_id, message.message_id) == ("hello", "c1", "m1")
    assert message.parse_data is None
    assert message.metadata == {"language": "en", "message_id": "m1"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('/greet{"a": "b"}', 'greet{"a": "b"}'),
        ("//restart", "restart"),
        (" / / restart", "restart"),
        ("\u00a0/\u2003/restart", "restart"),
        ("\x1f/restart", "restart"),
        ("\n/\n", ""),
        ("and/or", "and/or"),
        ("", ""),
    ],
)
def test_a_typed_command_loses_its_slash(typed: str, said: str) -> None:
    assert without_command(typed) == said
    message = read_turn(body(text=typed), INTENTS)
    assert message.text == said
    assert not message.text.strip().startswith("/")
    if not said:
        assert message.parse_data["intent"]["name"] == "nlu_fallback"


def test_a_button_is_an_intent_without_any_guessing() -> None:
    message = read_turn(body(text=None, intent="choose"), INTENTS)
    assert message.parse_data["intent"] == {"name": "choose", "confidence": 1.0}
    assert message.parse_data["entities"] == []


@pytest.mark.parametrize(
    "intent", ["restart", "session_start", "back", "nlu_fallback", "unknown", 'choose{"x":1}', 5]
)
def test_a_button_may_not_command_rasa(intent: object) -> None:
    with pytest.raises(Refused) as refused:
        read_turn(body(text=None, intent=intent), INTENTS)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"\xff",
        body(sender=None),
        body(sender=""),
        body(sender="x" * 65),
        body(message_id=7),
        body(text=None),
        body(intent="choose"),
        body(text=5),
        body(metadata=[1]),
    ],
)
def test_what_is_not_a_turn_is_refused(wrong: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_turn(wrong, INTENTS)
    assert refused.value.status == 400


def test_a_text_may_have_two_thousand_characters_and_no_more() -> None:
    assert len(read_turn(body(text="x" * MAX_CHARACTERS), INTENTS).text) == MAX_CHARACTERS == 2000
    with pytest.raises(Refused) as refused:
        read_turn(body(text="x" * 2001), INTENTS)
    assert refused.value.status == 413


def test_the_channel_wants_a_token() -> None:
    for credentials in (None, {}, {"token": ""}, {"token": None}):
        with pytest.raises(RasaException, match="FOLKMOOT_RASA_TOKEN"):
            FolkmootInput.from_credentials(credentials)
