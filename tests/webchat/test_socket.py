"""The socket: sent once, resumed by number, pushed to, closed to strangers' sites."""

from __future__ import annotations

import time
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from bot.webchat.sessions import CHANNEL, address_of
from civic.conversation import commands, queries
from civic.conversation.types import Reply
from civic.kit.services import Services
from tests.bot.conftest import Wire

pytestmark = pytest.mark.one_database


def hello(socket: WebSocketTestSession, **more: Any) -> tuple[str, list[dict[str, Any]]]:
    """Says hello; returns the session and what the conversation holds."""
    socket.send_json({"type": "hello", **more})
    session = socket.receive_json()
    assert session["type"] == "session"
    history = socket.receive_json()
    assert history["type"] == "messages"
    return session["session"], history["messages"]


def say(socket: WebSocketTestSession, text: str, message_id: str = "1") -> dict[str, Any]:
    """Sends a text; returns the frames until its turn ended, joined."""
    socket.send_json({"type": "message", "message_id": message_id, "text": text})
    assert socket.receive_json() == {"type": "accepted", "message_id": message_id}
    texts: list[str] = []
    while True:
        frame = socket.receive_json()
        texts += [item["text"] for item in frame.get("messages", []) if item["from"] != "citizen"]
        if frame["type"] in ("turn", "problem"):
            texts += [reply["text"] for reply in frame.get("replies", [])]
            return {**frame, "texts": texts}


def push(services: Services, session: str, text: str) -> None:
    """What another process does when an official answers."""
    with services.sessions() as db:
        conversation = queries.conversation_at(db, CHANNEL, address_of(session))
        assert conversation is not None
        commands.append(db, conversation.id, [Reply(text=text)], now=services.clock.now())
        db.commit()


def test_a_message_is_accepted_and_then_answered(chat: TestClient) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        _, history = hello(socket)
        assert history == []
        turn = say(socket, "hello")
        assert turn["texts"] == ["You said hello"]
        assert turn["state"] == "answered"


def test_a_client_may_speak_without_a_hello(chat: TestClient) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        socket.send_json({"type": "message", "message_id": "1", "text": "hello"})
        kinds = [socket.receive_json()["type"] for _ in range(4)]
    assert kinds[:3] == ["session", "messages", "accepted"]


@pytest.mark.both_databases
def test_a_conversation_is_resumed_where_it_stopped(chat: TestClient) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        session, _ = hello(socket)
        say(socket, "one")
        say(socket, "two", "2")
    with chat.websocket_connect("/chat/socket") as socket:
        same, messages = hello(socket, session=session, since=1)
        assert same == session
        assert [item["text"] for item in messages] == ["two", "You said two"]
    with chat.websocket_connect(f"/chat/socket?session={session}&since=0") as socket:
        assert socket.receive_json() == {"type": "session", "session": session}
        assert len(socket.receive_json()["messages"]) == 4


def test_a_number_that_cannot_be_read_costs_nobody_their_conversation(chat: TestClient) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        session, _ = hello(socket)
        say(socket, "one")
    for broken in (None, "x", -1):
        with chat.websocket_connect("/chat/socket") as socket:
            same, messages = hello(socket, session=session, since=broken)
            assert same == session
            assert [item["text"] for item in messages] == ["one", "You said one"]


@pytest.mark.both_databases
def test_the_same_message_on_a_second_connection_is_acted_upon_once(chat: TestClient, wire: Wire) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        session, _ = hello(socket)
        say(socket, "hello")
    with chat.websocket_connect("/chat/socket") as socket:
        _, messages = hello(socket, session=session, since=0)
        again = say(socket, "hello")
    assert [item["text"] for item in messages] == ["hello", "You said hello"]
    assert again["state"] == "answered"
    assert len(wire.asked) == 1


def test_every_reply_comes_once_over_one_connection(chat: TestClient) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        hello(socket)
        texts = [text for number in range(5) for text in say(socket, f"m{number}", str(number))["texts"]]
    assert texts == [f"You said m{number}" for number in range(5)]


@pytest.mark.both_databases
def test_what_an_official_says_appears_within_two_seconds(chat: TestClient, services: Services) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        session, _ = hello(socket)
        say(socket, "hello")
        push(services, session, "We repaired it.")
        started = time.monotonic()
        frame = socket.receive_json()
        assert time.monotonic() - started < 2.5
    assert frame["type"] == "messages"
    assert [(item["from"], item["text"]) for item in frame["messages"]] == [("official", "We repaired it.")]


def test_a_second_tab_shows_both_sides(chat: TestClient) -> None:
    with chat.websocket_connect("/chat/socket") as one:
        session, _ = hello(one)
        with chat.websocket_connect("/chat/socket") as two:
            hello(two, session=session)
            say(one, "hello")
            frame = two.receive_json()
    assert [(item["from"], item["text"]) for item in frame["messages"]] == [
        ("citizen", "hello"),
        ("bot", "You said hello"),
    ]


@pytest.mark.both_databases
def test_two_citizens_never_see_each_other(chat: TestClient, services: Services) -> None:
    with chat.websocket_connect("/chat/socket") as one, chat.websocket_connect("/chat/socket") as two:
        mine, _ = hello(one)
        theirs, _ = hello(two)
        assert mine != theirs
        say(one, "hello")
        say(two, "goodbye")
        push(services, theirs, "for two only")
        assert two.receive_json()["messages"][0]["text"] == "for two only"
        assert say(one, "still there?", "2")["texts"] == ["You said still there?"]


@pytest.mark.parametrize(
    "frame",
    [
        "no json",
        "[]",
        '{"type": "message"}',
        '{"type": "message", "message_id": "9", "text": " "}',
        '{"type": "dance", "message_id": "9"}',
        '{"type": "message", "message_id": "9", "text": "' + "x" * 70_000 + '"}',
    ],
)
def test_a_frame_that_cannot_be_read_is_refused_and_the_conversation_goes_on(
    chat: TestClient, frame: str
) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        hello(socket)
        socket.send_text(frame)
        refusal = socket.receive_json()
        assert refusal["type"] == "problem"
        assert refusal["problem"]["code"] == "broken_frame"
        assert say(socket, "hello")["texts"] == ["You said hello"]


def test_who_sends_too_fast_is_told_so_in_words(chat: TestClient, services: Services) -> None:
    with chat.websocket_connect("/chat/socket") as socket:
        hello(socket)
        for number in range(services.settings.messages_per_minute):
            say(socket, "hello", str(number))
        refusal = say(socket, "hello", "one too many")
    assert refusal["problem"]["status"] == 429
    assert refusal["problem"]["detail"] == services.text("webchat-too-many", "en")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_a_page_of_another_site_gets_no_socket(chat: TestClient, origin: str) -> None:
    with pytest.raises(WebSocketDisconnect):  # noqa: SIM117
        with chat.websocket_connect("/chat/socket", headers={"origin": origin}):
            pass


def test_our_own_page_and_a_named_site_get_a_socket(chat: TestClient, services: Services) -> None:
    services.settings.allowed_origins.append("https://town.example/")
    for origin in ("http://testserver", "https://town.example"):
        with chat.websocket_connect("/chat/socket", headers={"origin": origin}) as socket:
            assert hello(socket)[0]
