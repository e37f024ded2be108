"""Officials find who has waited longest, and what they answer reaches the citizen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from actions.contact import ContactForm
from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.conversation.models import OutboundRecord
from civic.delivery.models import Delivery
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.office import Talker

HeadersOf = Callable[[Role], dict[str, str]]


@pytest.fixture
def asked(talker: Callable[..., Talker], clock: SettableClock) -> list[Talker]:
    """Two citizens wrote to the officials, a minute apart."""
    citizens = []
    for number, words in enumerate(["First message about a bus pass", "Second message about a school place"]):
        citizen = talker(ContactForm, f"chat-{number}")
        citizen.says("human", "talk_to_official")
        citizen.says(words)
        citizens.append(citizen)
        clock.advance(timedelta(minutes=1))
    return citizens


def listed(web: TestClient, headers: dict[str, str], **params: Any) -> list[dict[str, Any]]:
    answer = web.get("/api/v1/enquiries", headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_who_waited_longest_comes_first(asked: list[Talker], web: TestClient, signed_in: HeadersOf) -> None:
    viewer = signed_in(Role.VIEWER)
    assert [item["text"].split()[0] for item in listed(web, viewer)] == ["First", "Second"]
    assert [item["text"].split()[0] for item in listed(web, viewer, sort="newest")] == ["Second", "First"]
    assert [item["text"].split()[0] for item in listed(web, viewer, since="2026-03-02T12:01:00Z")] == [
        "Second"
    ]
    assert listed(web, viewer, state="answered") == []


def test_an_answer_reaches_the_citizen_and_leaves_an_audit_row(
    asked: list[Talker], web: TestClient, signed_in: HeadersOf, services: Services
) -> None:
    agent = signed_in(Role.AGENT)
    enquiry = listed(web, agent)[0]["id"]
    answer = web.post(
        f"/api/v1/enquiries/{enquiry}/replies", headers=agent, json={"text": "It was posted today."}
    )
    assert answer.status_code == 201, answer.text
    with services.sessions() as session:
        delivery = session.scalars(select(Delivery)).one()
        assert delivery.conversation_id == asked[0].conversation.id
        told = session.get_one(OutboundRecord, delivery.message_id).payload
        assert told["text"].endswith("It was posted today.") and told["status"] == "enquiry_reply"
        audit = session.scalars(select(AuditRow).where(AuditRow.tag == "official:answer:enquiry")).one()
        assert (audit.subject_id, audit.details) == (enquiry, {"reply_id": answer.json()["id"]})
    assert [item["id"] for item in listed(web, agent, state="answered")] == [enquiry]


def test_two_officials_who_send_the_same_answer_tell_the_citizen_once(
    asked: list[Talker], web: TestClient, signed_in: HeadersOf, services: Services
) -> None:
    enquiry = listed(web, signed_in(Role.AGENT))[0]["id"]
    statuses = [
        web.post(
            f"/api/v1/enquiries/{enquiry}/replies", headers=signed_in(role), json={"text": "Yes."}
        ).status_code
        for role in (Role.AGENT, Role.ADMIN)
    ]
    assert statuses == [201, 409]
    with services.sessions() as session:
        assert len(session.scalars(select(Delivery)).all()) == 1


def test_the_same_answer_at_the_same_instant_is_sent_once(
    asked: list[Talker], web: TestClient, signed_in: HeadersOf, services: Services
) -> None:
    agent = signed_in(Role.AGENT)
    path = f"/api/v1/enquiries/{listed(web, agent)[0]['id']}/replies"
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: web.post(path, headers=agent, json={"text": "Yes."}), range(6)))
    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 5]
    with services.sessions() as session:
        assert len(session.scalars(select(Delivery)).all()) == 1


def test_an_enquiry_goes_from_new_to_read_to_answered_and_never_back(
    asked: list[Talker], web: TestClient, signed_in: HeadersOf
) -> None:
    agent = signed_in(Role.AGENT)
    path = f"/api/v1/enquiries/{listed(web, agent)[0]['id']}"
    assert web.patch(path, headers=agent, json={"state": "read"}).json()["state"] == "read"
    assert web.patch(path, headers=agent, json={"state": "answered"}).json()["state"] == "answered"
    back = web.patch(path, headers=agent, json={"state": "read"})
    assert (back.status_code, back.json()["code"]) == (409, "enquiry_illegal_step")
    assert web.get(path, headers=agent).json()["state"] == "answered"


def test_an_enquiry_that_does_not_exist_is_unknown(web: TestClient, signed_in: HeadersOf) -> None:
    agent = signed_in(Role.AGENT)
    for answer in (
        web.get("/api/v1/enquiries/nothing", headers=agent),
        web.patch("/api/v1/enquiries/nothing", headers=agent, json={"state": "read"}),
        web.post("/api/v1/enquiries/nothing/replies", headers=agent, json={"text": "Hello"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_enquiry")


def test_a_designer_reads_no_message_to_an_official(
    asked: list[Talker], web: TestClient, signed_in: HeadersOf
) -> None:
    answer = web.get("/api/v1/enquiries", headers=signed_in(Role.DESIGNER))
    assert answer.status_code == 403
    assert "bus pass" not in answer.text
