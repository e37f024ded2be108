"""Plain requests: the contract of `POST /chat/messages` and `GET /chat/messages`."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from civic.conversation.models import ChannelAddress
from civic.kit.services import Services
from tests.bot.conftest import Wire, said

pytestmark = pytest.mark.one_database

PROBLEM = "application/problem+json"


def post(chat: TestClient, **body: Any) -> dict[str, Any]:
    response = chat.post("/chat/messages", json={"message_id": "1", **body})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def test_a_message_is_answered_in_the_shape_of_the_contract(chat: TestClient, wire: Wire) -> None:
    citation = {"title": "Waste", "url": "/documents/waste", "quote": "Every second week.", "page": None}
    reply = {
        "text": "Every second week.\nDid it help?",
        "choices": [{"label": "Yes", "intent": "choose", "value": "knowledge:helpful:1"}],
        "citations": [citation],
        "status": "answered",
        "request": "photo",
    }
    wire.answer = lambda body: said({"custom": reply})
    answer = post(chat, text="When is the bin collected?")
    assert set(answer) == {"session", "replies", "state"}
    (only,) = answer["replies"]
    token = only["choices"][0].pop("token")
    assert token and "helpful" not in token
    assert only == {
        "seq": 1,
        "text": "Every second week.\nDid it help?",
        "choices": [{"label": "Yes"}],
        "citations": [{"title": "Waste", "url": "/documents/waste", "quote": "Every second week."}],
        "status": "answered",
        "request": "photo",
    }


def test_a_session_is_made_when_there_is_none_and_cannot_be_guessed(chat: TestClient) -> None:
    sessions = {post(chat, text="hello")["session"] for _ in range(5)}
    assert len(sessions) == 5
    assert all(len(session) >= 22 for session in sessions)


@pytest.mark.both_databases
def test_the_session_itself_is_nowhere_in_the_database(chat: TestClient, services: Services) -> None:
    session = post(chat, text="hello")["session"]
    with services.sessions() as db:
        addresses = [row.address for row in db.query(ChannelAddress)]
    assert len(addresses) == 1 and session not in addresses[0]


@pytest.mark.both_databases
def test_the_same_message_twice_gives_the_same_replies_and_is_acted_upon_once(
    chat: TestClient, wire: Wire
) -> None:
    first = post(chat, text="hello")
    second = post(chat, text="hello", session=first["session"])
    assert first == second
    assert len(wire.asked) == 1


@pytest.mark.both_databases
def test_a_pressed_button_reaches_the_dialogue_as_what_it_stands_for(chat: TestClient, wire: Wire) -> None:
    wire.answer = lambda body: said(
        {"custom": {"text": "Which?", "choices": [{"label": "A", "intent": "choose", "value": "x:1"}]}}
    )
    first = post(chat, text="hello")
    token = first["replies"][0]["choices"][0]["token"]
    post(chat, message_id="2", session=first["session"], choice=token)
    assert wire.asked[1]["intent"] == "choose"
    assert wire.asked[1]["metadata"]["choice"] == "x:1"


def test_a_browser_cannot_name_an_intent_by_itself(chat: TestClient, wire: Wire) -> None:
    post(chat, text="hello", intent="delete_my_data", value="x")
    assert wire.asked[0]["intent"] is None
    assert wire.asked[0]["metadata"]["choice"] is None


def test_a_place_reaches_the_dialogue(chat: TestClient, wire: Wire) -> None:
    post(chat, location={"lat": 51.5, "long": -0.1})
    assert wire.asked[0]["intent"] == "share_location"
    assert wire.asked[0]["metadata"]["location"] == {"lat": 51.5, "long": -0.1}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b'{"message_id": "1"}',
        b'{"message_id": "1", "text": "   "}',
        b'{"text": "hello"}',
        b'{"message_id": "", "text": "hello"}',
        b'{"message_id": "1", "location": {"lat": 100, "long": 0}}',
        b'{"message_id": "1", "text": "hello", "session": "guessable"}',
        b'{"message_id": "1", "text": {"a": 1}}',
    ],
)
def test_what_is_no_message_is_refused_as_a_problem(chat: TestClient, wire: Wire, body: bytes) -> None:
    response = chat.post("/chat/messages", content=body)
    assert response.status_code == 422
    assert response.headers["content-type"].startswith(PROBLEM)
    assert response.json()["status"] == 422
    assert wire.asked == []


def test_a_refusal_does_not_repeat_what_the_citizen_wrote(chat: TestClient) -> None:
    response = chat.post("/chat/messages", json={"message_id": "1", "text": {"secret": "my name is Ada"}})
    assert response.status_code == 422
    assert "Ada" not in response.text


def test_five_thousand_characters_are_answered_politely_and_not_passed_on(
    chat: TestClient, wire: Wire
) -> None:
    answer = post(chat, text="x" * 5000)
    assert answer["replies"][0]["status"] == "error_too_long"
    assert wire.asked == []


def test_a_body_of_a_megabyte_is_refused(chat: TestClient) -> None:
    response = chat.post("/chat/messages", json={"message_id": "1", "text": "x" * 1_000_000})
    assert response.status_code == 413


def test_who_sends_too_fast_is_told_when_to_come_back(chat: TestClient, services: Services) -> None:
    session = post(chat, text="hello")["session"]
    for number in range(2, services.settings.messages_per_minute + 1):
        post(chat, message_id=str(number), text="hello", session=session)
    response = chat.post("/chat/messages", json={"message_id": "x", "text": "hello", "session": session})
    assert response.status_code == 429
    assert response.headers["retry-after"] == "60"
    assert response.json()["detail"] == services.text("webchat-too-many", "en")


def test_a_turn_that_fails_is_apologised_for(chat: TestClient, wire: Wire) -> None:
    wire.answer = lambda body: httpx.Response(502)
    answer = post(chat, text="hello")
    assert answer["state"] == "failed"
    assert answer["replies"][0]["status"] == "error_turn_failed"


@pytest.mark.both_databases
def test_a_conversation_can_be_read_on_from_any_number(chat: TestClient, wire: Wire) -> None:
    session = post(chat, text="one")["session"]
    post(chat, message_id="2", text="two", session=session)
    mine = {"Authorization": f"Bearer {session}"}

    whole = chat.get("/chat/messages", headers=mine).json()["messages"]
    assert [(item["from"], item["text"]) for item in whole] == [
        ("citizen", "one"),
        ("bot", "You said one"),
        ("citizen", "two"),
        ("bot", "You said two"),
    ]
    later = chat.get("/chat/messages?since=1", headers=mine).json()["messages"]
    assert [item["text"] for item in later] == ["two", "You said two"]
    assert chat.get("/chat/messages?since=2", headers=mine).json()["messages"] == []


def test_a_pressed_button_is_remembered_by_what_it_said(chat: TestClient, wire: Wire) -> None:
    wire.answer = lambda body: said(
        {"custom": {"text": "Which?", "choices": [{"label": "The blue one", "value": "x"}]}}
    )
    first = post(chat, text="hello")
    token = first["replies"][0]["choices"][0]["token"]
    post(chat, message_id="2", session=first["session"], choice=token)
    headers = {"Authorization": f"Bearer {first['session']}"}
    items = chat.get("/chat/messages", headers=headers).json()["messages"]
    assert [item.get("label") for item in items if item["from"] == "citizen"] == [None, "The blue one"]


def test_nobody_reads_a_conversation_without_its_session(chat: TestClient) -> None:
    post(chat, text="hello")
    assert chat.get("/chat/messages").status_code == 401
    assert chat.get("/chat/messages", headers={"Authorization": "Bearer x"}).status_code == 401
    stranger = {"Authorization": "Bearer " + "a" * 32}
    assert chat.get("/chat/messages", headers=stranger).json() == {"messages": []}


@pytest.mark.both_databases
def test_a_link_begins_a_survey_and_the_page_remembers_that_it_did(chat: TestClient, wire: Wire) -> None:
    answer = post(chat, survey="parks")
    assert wire.asked[-1]["intent"] == "start_survey"
    assert wire.asked[-1]["metadata"]["choice"] == "survey:start:parks"
    read = chat.get("/chat/messages", headers={"Authorization": f"Bearer {answer['session']}"})
    assert read.json()["messages"][0]["survey"] == "parks"
    refused = chat.post("/chat/messages", json={"message_id": "2", "survey": "parks:x"})
    assert refused.status_code == 422
