"""Officials read feedback, mark it and answer it; the answer reaches the citizen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from actions.feedback import FeedbackForm
from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.conversation.models import OutboundRecord
from civic.delivery.models import Delivery
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.office import Talker

HeadersOf = Callable[[Role], dict[str, str]]


@pytest.fixture
def given(talker: Callable[..., Talker], clock: SettableClock) -> list[Talker]:
    """Three citizens gave feedback, an hour apart."""
    citizens = []
    for number, (words, topic, rating) in enumerate(
        [
            ("More benches along the river path", "An idea for the town", "4"),
            ("The assistant answers slowly on my phone", "This assistant", "2"),
            ("The library staff were very kind today", "A town service", "Skip"),
        ]
    ):
        citizen = talker(FeedbackForm, f"chat-{number}")
        citizen.says(words, "give_feedback")
        citizen.presses(topic)
        citizen.presses(rating)
        citizens.append(citizen)
        clock.advance(timedelta(hours=1))
    clock.advance(timedelta(hours=-3))  # tokens are short-lived
    return citizens


def found(web: TestClient, headers: dict[str, str], **params: Any) -> list[str]:
    answer = web.get("/api/v1/feedback", headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    assert answer.json()["total"] >= len(answer.json()["items"])
    return [item["text"].split()[1] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["library", "assistant", "benches"]),
        ({"sort": "oldest"}, ["benches", "assistant", "library"]),
        ({"sort": "rating"}, ["assistant", "benches", "library"]),
        ({"topic": "idea"}, ["benches"]),
        ({"rating": 2}, ["assistant"]),
        ({"state": "answered"}, []),
        ({"since": "2026-03-02T13:00:00Z"}, ["library", "assistant"]),
        ({"until": "2026-03-02T14:00:00+01:00"}, ["benches"]),
        ({"limit": 1, "offset": 1}, ["assistant"]),
    ],
)
def test_feedback_is_filtered_sorted_and_paged(
    given: list[Talker], web: TestClient, signed_in: HeadersOf, params: dict[str, Any], expected: list[str]
) -> None:
    assert found(web, signed_in(Role.VIEWER), **params) == expected


@pytest.mark.one_database
@pytest.mark.parametrize(
    "params",
    [
        {"rating": 6},
        {"state": "lost"},
        {"limit": 0},
        {"limit": 201},
        {"offset": -1},
        {"since": "2026-03-02T13:00:00"},
        {"sate": "new"},
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(
    web: TestClient, signed_in: HeadersOf, params: dict[str, Any]
) -> None:
    answer = web.get("/api/v1/feedback", headers=signed_in(Role.VIEWER), params=params)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert next(iter(params)) in answer.json()["errors"][0]["where"]


def first_id(web: TestClient, headers: dict[str, str]) -> str:
    return str(web.get("/api/v1/feedback", headers=headers).json()["items"][-1]["id"])


def test_an_answer_reaches_the_citizen_in_the_channel_they_used(
    given: list[Talker], web: TestClient, signed_in: HeadersOf, services: Services
) -> None:
    agent = signed_in(Role.AGENT)
    feedback = first_id(web, agent)
    answer = web.post(
        f"/api/v1/feedback/{feedback}/replies", headers=agent, json={"text": " Four are coming. "}
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["text"] == "Four are coming."
    with services.sessions() as session:
        delivery = session.scalars(select(Delivery)).one()
        assert (delivery.channel, delivery.state) == ("telegram", "pending")
        assert delivery.conversation_id == given[0].conversation.id
        told = session.get_one(OutboundRecord, delivery.message_id).payload
        assert told["text"].endswith("Four are coming.") and told["status"] == "feedback_reply"
        audit = session.scalars(select(AuditRow).where(AuditRow.tag == "official:answer:feedback")).one()
        assert audit.subject_id == feedback
        assert "Four" not in str(audit.details)
    read = web.get(f"/api/v1/feedback/{feedback}", headers=agent).json()
    assert read["state"] == "answered"
    assert [reply["text"] for reply in read["replies"]] == ["Four are coming."]


def test_the_same_answer_sent_twice_reaches_the_citizen_once(
    given: list[Talker], web: TestClient, signed_in: HeadersOf, services: Services
) -> None:
    agent = signed_in(Role.AGENT)
    path = f"/api/v1/feedback/{first_id(web, agent)}/replies"
    statuses = [web.post(path, headers=agent, json={"text": "Thanks!"}).status_code for _ in range(2)]
    assert statuses == [201, 409]
    assert web.post(path, headers=agent, json={"text": "One more thing."}).status_code == 201
    with services.sessions() as session:
        assert len(session.scalars(select(Delivery)).all()) == 2


def test_feedback_goes_from_new_to_read_to_answered_and_never_back(
    given: list[Talker], web: TestClient, signed_in: HeadersOf, services: Services
) -> None:
    agent = signed_in(Role.AGENT)
    path = f"/api/v1/feedback/{first_id(web, agent)}"
    for state in ("read", "read", "answered"):
        answer = web.patch(path, headers=agent, json={"state": state})
        assert (answer.status_code, answer.json()["state"]) == (200, state)
    back = web.patch(path, headers=agent, json={"state": "read"})
    assert (back.status_code, back.json()["code"]) == (409, "feedback_illegal_step")
    assert web.patch(path, headers=agent, json={"state": "new"}).status_code == 422
    with services.sessions() as session:
        marks = session.scalars(
            select(AuditRow).where(AuditRow.tag == "official:mark:feedback").order_by(AuditRow.id)
        ).all()
        # Marking as read twice was one change.
        assert [mark.details for mark in marks] == [
            {"from": "new", "to": "read"},
            {"from": "read", "to": "answered"},
        ]


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, None])
def test_an_answer_without_words_or_with_too_many_is_refused(
    given: list[Talker], web: TestClient, signed_in: HeadersOf, services: Services, text: str | None
) -> None:
    agent = signed_in(Role.AGENT)
    path = f"/api/v1/feedback/{first_id(web, agent)}/replies"
    assert web.post(path, headers=agent, json={"text": text}).status_code == 422
    with services.sessions() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_feedback_that_does_not_exist_is_unknown(web: TestClient, signed_in: HeadersOf) -> None:
    agent = signed_in(Role.AGENT)
    for answer in (
        web.get("/api/v1/feedback/nothing", headers=agent),
        web.patch("/api/v1/feedback/nothing", headers=agent, json={"state": "read"}),
        web.post("/api/v1/feedback/nothing/replies", headers=agent, json={"text": "Hello"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_feedback")


@pytest.mark.one_database
def test_designers_read_feedback_and_do_not_answer_it(
    given: list[Talker], web: TestClient, signed_in: HeadersOf
) -> None:
    designer = signed_in(Role.DESIGNER)
    feedback = first_id(web, designer)
    answer = web.post(f"/api/v1/feedback/{feedback}/replies", headers=designer, json={"text": "Hi"})
    assert (answer.status_code, answer.json()["code"]) == (403, "role_forbids")
