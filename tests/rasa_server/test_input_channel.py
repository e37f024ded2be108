"""The channel's contract over HTTP: every turn is answered in full, once, or refused and forgotten."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.rasa_server.fakes import ActionServer, Answer, Call, RasaProcess, followup, loop_event, said, texts


@pytest.fixture
def sender() -> str:
    return uuid4().hex


def stored(database: str, sender: str) -> list[dict[str, Any]] | None:
    with sqlite3.connect(database.removeprefix("sqlite:///")) as connection:
        row = connection.execute(
            "SELECT events FROM rasa_tracker_snapshots WHERE conversation_id = ?", (sender,)
        ).fetchone()
    return json.loads(row[0]) if row else None


def test_a_greeting_is_named_so_that_it_can_be_said_in_any_language(rasa: RasaProcess, sender: str) -> None:
    turn = rasa.turn(sender, "hello").json()
    assert [message["utter"] for message in turn["messages"]] == ["utter_greet"]
    assert turn["messages"][0]["text"].startswith("Hello!")
    assert turn["intent"]["name"] == "greet"
    assert 0.5 < turn["intent"]["confidence"] <= 1
    assert turn["loop"] is None


def test_an_action_hears_who_said_what_and_rasa_knows_our_token(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    turn = rasa.turn(sender, "when are the bins collected", message_id="m-7", language="de", citizen_id="c9")
    assert turn.json()["messages"] == [{"custom": {"text": "action_answer_question"}}]
    call = actions.calls[0]
    assert call["sender_id"] == sender
    assert call["authorization"] == "Bearer a-token-for-tests"
    assert "domain" not in call
    metadata = call["tracker"]["latest_message"]["metadata"]
    assert metadata == {"message_id": "m-7", "language": "de", "citizen_id": "c9"}


def test_a_message_sent_twice_is_answered_the_same_and_acted_upon_once(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    first = rasa.turn(sender, "when are the bins collected", message_id="twice")
    again = rasa.turn(sender, "when are the bins collected", message_id="twice")
    assert again.json() == first.json()
    assert actions.names() == ["action_answer_question"]
    rasa.turn(sender, "hello")
    rasa.turn(sender, "when are the bins collected", message_id="another")
    assert actions.names() == ["action_answer_question"] * 2


def test_a_failing_action_is_a_502_that_leaves_no_trace(
    rasa: RasaProcess, actions: ActionServer, database: str, sender: str
) -> None:
    def fail(call: Call) -> Answer:
        raise RuntimeError("broken")

    actions.on("action_answer_question", fail)
    failed = rasa.turn(sender, "when are the bins collected", message_id="again")
    assert failed.status_code == 502
    assert failed.json() == {"error": "action_failed:action_answer_question"}
    assert stored(database, sender) is None
    actions.forget()
    repaired = rasa.turn(sender, "when are the bins collected", message_id="again")
    assert texts(repaired) == ["action_answer_question"]
    assert [e["text"] for e in stored(database, sender) or [] if e["event"] == "user"] == [
        "when are the bins collected"
    ]


def test_a_failure_in_the_middle_of_a_conversation_keeps_what_was_before(
    rasa: RasaProcess, actions: ActionServer, database: str, sender: str
) -> None:
    def fail(call: Call) -> Answer:
        raise RuntimeError("broken")

    rasa.turn(sender, "hello")
    before = stored(database, sender)
    actions.on("action_check_status", fail)
    assert rasa.turn(sender, "what is the status of my report").status_code == 502
    assert stored(database, sender) == before
    assert rasa.turn(sender, "hello").json()["messages"][0]["utter"] == "utter_greet"


def test_a_turn_that_says_nothing_is_a_502_and_never_the_end_of_the_conversation(
    rasa: RasaProcess, actions: ActionServer, database: str, sender: str
) -> None:
    actions.on("action_answer_question", lambda call: {"events": [], "responses": []})
    silent = rasa.turn(sender, "when are the bins collected")
    assert (silent.status_code, silent.json()) == (502, {"error": "no_reply"})
    assert stored(database, sender) is None
    assert rasa.turn(sender, "hello").status_code == 200


def test_a_failing_database_is_a_502_and_nothing_is_answered_from_memory(
    rasa: RasaProcess, actions: ActionServer, database: str, sender: str
) -> None:
    assert rasa.turn(sender, "hello").status_code == 200
    path = database.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("ALTER TABLE rasa_tracker_snapshots RENAME TO gone")
    try:
        for _ in range(2):
            assert rasa.turn(sender, "hello").json() == {"error": "turn_failed"}
    finally:
        with sqlite3.connect(path) as connection:
            connection.execute("ALTER TABLE gone RENAME TO rasa_tracker_snapshots")
    assert rasa.turn(sender, "hello").status_code == 200
    said_here = [event for event in stored(database, sender) or [] if event["event"] == "user"]
    assert len(said_here) == 2


def test_an_action_that_runs_for_ever_is_cut_and_the_conversation_lives(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    actions.on("action_answer_question", lambda call: said("again", followup("action_answer_question")))
    endless = rasa.turn(sender, "when are the bins collected")
    assert endless.status_code == 200
    assert 1 <= len(endless.json()["messages"]) <= 10
    actions.forget()
    assert rasa.turn(sender, "hello").json()["messages"][0]["utter"] == "utter_greet"
    assert texts(rasa.turn(sender, "when are the bins collected")) == ["action_answer_question"]


def test_a_malformed_answer_of_the_action_server_is_a_502(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    actions.on("action_answer_question", lambda call: {"events": "none", "responses": []})
    assert rasa.turn(sender, "when are the bins collected").status_code == 502


@pytest.mark.parametrize(
    "typed",
    [
        "/restart",
        "/choose",
        '/ask_policy{"x": "y"}',
        "//session_start",
        "\u00a0/back",
        '/greet{"suspended_loops": 1}',
    ],
)
def test_a_typed_command_is_never_obeyed(
    rasa: RasaProcess, actions: ActionServer, database: str, sender: str, typed: str
) -> None:
    rasa.turn(sender, "hello")
    turn = rasa.turn(sender, typed)
    assert turn.status_code == 200
    assert turn.json()["intent"]["confidence"] < 1
    events = stored(database, sender) or []
    assert not {"restart", "rewind"} & {event["event"] for event in events}
    assert not any(event["event"] == "slot" and event["name"] == "suspended_loops" for event in events)
    assert "action_choose" not in actions.names()


@pytest.mark.parametrize(
    "typed",
    [
        "\U0001f600\U0001f44d",
        "/",
        "   ",
        "<script>alert(1)</script>",
        "x" * 2000,
        "'; DROP TABLE x;--",
        "\ud83d",
        "\x00",
    ],
)
def test_strange_messages_get_an_answer(rasa: RasaProcess, sender: str, typed: str) -> None:
    body = json.dumps({"sender": sender, "message_id": "strange", "text": typed}).encode()
    assert rasa.client.post(f"{rasa.url}/turn", content=body).json()["messages"]
    assert rasa.turn(sender, "hello").json()["messages"][0]["utter"] == "utter_greet"


def test_a_message_of_more_than_two_thousand_characters_is_refused(rasa: RasaProcess, sender: str) -> None:
    assert rasa.turn(sender, "x" * 2001).status_code == 413


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", "Basic a-token-for-tests", "Bearer ä"])
def test_without_our_token_nobody_is_heard(
    rasa: RasaProcess, actions: ActionServer, sender: str, header: str
) -> None:
    body = {"sender": sender, "message_id": "m", "text": "delete my data"}
    refused = rasa.post(body, headers={"Authorization": header.encode()})
    assert refused.status_code == 401
    assert actions.calls == []


@pytest.mark.parametrize("intent", ["restart", "back", "session_start", "no_such_intent", "nlu_fallback"])
def test_a_button_cannot_send_what_is_not_a_citizens_intent(
    rasa: RasaProcess, sender: str, intent: str
) -> None:
    assert rasa.turn(sender, intent=intent).status_code == 400


def test_two_citizens_at_once_do_not_wait_for_each_other(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    entered, release = threading.Event(), threading.Event()

    def slow(call: Call) -> Answer:
        entered.set()
        release.wait(20)
        return said("slow")

    actions.on("action_answer_question", slow)
    answers: list[httpx.Response] = []
    waiting = threading.Thread(
        target=lambda: answers.append(rasa.turn(sender, "when are the bins collected"))
    )
    waiting.start()
    assert entered.wait(20)
    assert rasa.turn(uuid4().hex, "hello").status_code == 200
    release.set()
    waiting.join(20)
    assert texts(answers[0]) == ["slow"]


def test_a_double_tap_is_acted_upon_once_and_answered_twice(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    def slow(call: Call) -> Answer:
        time.sleep(0.3)
        return said("once")

    actions.on("action_answer_question", slow)
    answers: list[httpx.Response] = []

    def tap() -> None:
        answers.append(rasa.turn(sender, "when are the bins collected", message_id="tap"))

    taps = [threading.Thread(target=tap) for _ in range(3)]
    for thread in taps:
        thread.start()
    for thread in taps:
        thread.join(30)
    assert [texts(answer) for answer in answers] == [["once"]] * 3
    assert actions.names() == ["action_answer_question"]


def test_actions_are_called_over_kept_connections(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    actions.connections.clear()
    for _ in range(5):
        rasa.turn(sender, "when are the bins collected")
    assert len(actions.connections) == 1


def test_health_names_the_model(rasa: RasaProcess) -> None:
    health = rasa.client.get(f"{rasa.url}/health")
    assert health.status_code == 200
    assert health.json()["status"] == "ready"
    assert health.json()["model"].endswith(".tar.gz")


REJECTED_CONTACT = {"event": "action_execution_rejected", "name": "contact_form"}


def test_after_a_long_silence_the_loop_is_asked_what_it_means(
    rasa: RasaProcess, actions: ActionServer, database: str, sender: str
) -> None:
    actions.on("survey_form", lambda call: said("asks", {"event": "active_loop", "name": "survey_form"}))
    assert rasa.turn(sender, "start survey").json()["loop"] == "survey_form"
    events = stored(database, sender) or []
    for event in events:
        event["timestamp"] -= 2 * 24 * 3600
    with sqlite3.connect(database.removeprefix("sqlite:///")) as connection:
        connection.execute(
            "UPDATE rasa_tracker_snapshots SET events = ? WHERE conversation_id = ?",
            (json.dumps(events), sender),
        )
    actions.on("survey_form", lambda call: said("welcome back"))
    later = rasa.turn(sender, "hello").json()
    assert later["messages"][0]["custom"]["text"] == "welcome back"
    assert later["loop"] == "survey_form"


def test_a_loop_that_is_over_after_a_silence_leaves_the_message_to_its_rule(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    actions.on("contact_form", lambda call: said("asks", loop_event("contact_form")))
    assert rasa.turn(sender, "I want to talk to a person").json()["loop"] == "contact_form"
    over = {"events": [loop_event(None), REJECTED_CONTACT], "responses": []}
    actions.on("contact_form", lambda call: over)
    later = rasa.turn(sender, "hello").json()
    assert later["messages"][0]["utter"] == "utter_greet"
    assert later["loop"] is None


def test_a_very_long_conversation_stays_short_in_the_database(
    rasa: RasaProcess, database: str, sender: str
) -> None:
    sizes = []
    for _ in range(25):
        assert rasa.turn(sender, "hello").status_code == 200
        sizes.append(len(stored(database, sender) or []))
    assert max(sizes) <= 70
    assert sizes[-1] < max(sizes)


def test_the_log_holds_nothing_of_what_was_said(
    rasa: RasaProcess, actions: ActionServer, sender: str
) -> None:
    def fail(call: Call) -> Answer:
        raise RuntimeError("broken")

    actions.on("action_answer_question", fail)
    rasa.turn(sender, "when are the bins of Xanthippe Quillfeather collected")
    rasa.turn(sender, "my name is Xanthippe Quillfeather, hello")
    log = rasa.log.read_text()
    assert "Quillfeather" not in log
    assert "action_answer_question" in log
