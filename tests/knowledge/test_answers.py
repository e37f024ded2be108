"""A question that is passed on is answered once: who asked is told, and, approved, everybody who asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.conversation.models import OutboundRecord
from civic.kit.services import Services
from tests.knowledge.conftest import Add, Asker
from tests.office import signed_in, web

__all__ = ["signed_in", "web"]

Headers = Callable[[Role], dict[str, str]]
PUBLIC = {"question": "Is there a zoo in Marlow Vale?", "section": "Parks"}
NO_ZOO = "There is no zoo in Marlow Vale. The nearest zoo is in Hartwell, half an hour by train."


@pytest.fixture
def passed_on(asker: Callable[..., Asker], add: Add, permits: Path) -> list[Asker]:
    """Two citizens who ask the same in other words, and one who asks something else; all pass it on."""
    add(permits)
    citizens = [asker(f"chat-{number}") for number in range(3)]
    for citizen, text in zip(
        citizens,
        ("is there a zoo in town", "Is there a zoo in our town?", "who painted the town hall"),
        strict=True,
    ):
        citizen.asks(text)
        citizen.presses("Pass my question on")
    return citizens


def told(services: Services, citizen: Asker) -> list[str]:
    """What reached a citizen of the officials' own accord."""
    with services.sessions() as session:
        rows = session.scalars(
            select(OutboundRecord).where(OutboundRecord.conversation_id == citizen.conversation_id)
        )
        texts = [row.payload["text"] for row in rows]
    return [text for text in texts if "council's staff answer" in text]


def open_ids(web: TestClient, headers: dict[str, str]) -> dict[str, str]:
    items = web.get("/api/v1/questions", headers=headers).json()["items"]
    return {item["text"]: item["id"] for item in items}


def answer(web: TestClient, headers: dict[str, str], **body: Any) -> Any:
    question = open_ids(web, headers)["is there a zoo in town"]
    return web.post(f"/api/v1/questions/{question}/answer", headers=headers, json={"text": NO_ZOO, **body})


def test_everybody_who_asked_the_same_is_told_by_one_answer(
    passed_on: list[Asker], web: TestClient, signed_in: Headers, services: Services
) -> None:
    headers = signed_in(Role.AGENT)
    groups = web.get("/api/v1/question-groups", headers=headers).json()
    assert [(group["citizens"], len(group["question_ids"])) for group in groups] == [(2, 2), (1, 1)]
    given = answer(web, headers)
    assert given.status_code == 201, given.text
    assert (given.json()["told"], given.json()["state"]) == (2, "told")
    assert [len(told(services, citizen)) for citizen in passed_on] == [1, 1, 0]
    assert "is there a zoo in town" in told(services, passed_on[0])[0]
    assert NO_ZOO in told(services, passed_on[1])[0]
    assert list(open_ids(web, headers)) == ["who painted the town hall"]


def test_an_official_may_leave_others_out(
    passed_on: list[Asker], web: TestClient, signed_in: Headers, services: Services
) -> None:
    assert answer(web, signed_in(Role.AGENT), also=[]).json()["told"] == 1
    assert [len(told(services, citizen)) for citizen in passed_on] == [1, 0, 0]


def test_a_question_is_never_answered_twice(
    passed_on: list[Asker], web: TestClient, signed_in: Headers, services: Services
) -> None:
    headers = signed_in(Role.AGENT)
    question = open_ids(web, headers)["is there a zoo in town"]
    path = f"/api/v1/questions/{question}/answer"
    assert web.post(path, headers=headers, json={"text": "No."}).status_code == 201
    again = web.post(path, headers=headers, json={"text": "Yes."})
    assert (again.status_code, again.json()["code"]) == (409, "answered_already")
    assert len(told(services, passed_on[0])) == 1


def test_an_approved_answer_serves_the_next_citizen_in_other_words(
    passed_on: list[Asker],
    web: TestClient,
    signed_in: Headers,
    asker: Callable[..., Asker],
) -> None:
    found = answer(web, signed_in(Role.AGENT), public=PUBLIC).json()
    assert found["state"] == "proposed"
    somebody = asker("chat-next")
    assert somebody.asks("does the town have a zoo?") == "unanswerable_no_source"
    path = f"/api/v1/answers/{found['id']}/decision"
    done = web.post(path, headers=signed_in(Role.DESIGNER), json={"approved": True})
    assert done.status_code == 200, done.text
    assert somebody.asks("does the town have a zoo?") == "answered"
    assert somebody.citation.title == PUBLIC["question"]
    assert somebody.citation.date == "2026-03-02" and "no zoo" in str(somebody.citation.quote)
    document = web.get(
        f"/api/v1/documents/{done.json()['document_id']}", headers=signed_in(Role.VIEWER)
    ).json()
    assert (document["format"], document["author"], document["version"]) == ("answer", "Marlow Vale", 1)
    assert document["section"] == "Parks"
    twice = web.post(path, headers=signed_in(Role.DESIGNER), json={"approved": True})
    assert twice.json()["code"] == "decided_already"


def test_what_citizens_wrote_is_never_published(
    passed_on: list[Asker], web: TestClient, signed_in: Headers
) -> None:
    found = answer(web, signed_in(Role.AGENT), public=PUBLIC).json()
    decided = web.post(
        f"/api/v1/answers/{found['id']}/decision", headers=signed_in(Role.ADMIN), json={"approved": True}
    ).json()
    page = web.get(f"/documents/{decided['document_id']}").text
    assert "no zoo" in page and "is there a zoo in town" not in page and "our town" not in page


def test_a_public_question_with_somebodys_data_is_refused(
    passed_on: list[Asker], web: TestClient, signed_in: Headers, services: Services
) -> None:
    public = {"question": "Can jane.roe@example.org see a zoo?"}
    refused = answer(web, signed_in(Role.AGENT), public=public)
    assert (refused.status_code, refused.json()["code"]) == (422, "public_wording_needed")
    assert told(services, passed_on[0]) == []


def test_nobody_approves_their_own_answer_but_an_administrator(
    passed_on: list[Asker], web: TestClient, signed_in: Headers
) -> None:
    found = answer(web, signed_in(Role.ADMIN), public=PUBLIC).json()
    path = f"/api/v1/answers/{found['id']}"
    assert (
        web.post(f"{path}/decision", headers=signed_in(Role.AGENT), json={"approved": True}).status_code
        == 403
    )
    assert (
        web.post(f"{path}/decision", headers=signed_in(Role.ADMIN), json={"approved": True}).status_code
        == 200
    )


def test_a_revised_answer_is_the_next_version_once_it_is_approved(
    passed_on: list[Asker], web: TestClient, signed_in: Headers, asker: Callable[..., Asker]
) -> None:
    found = answer(web, signed_in(Role.AGENT), public=PUBLIC).json()
    path = f"/api/v1/answers/{found['id']}"
    admin = signed_in(Role.ADMIN)
    web.post(f"{path}/decision", headers=admin, json={"approved": True})
    better = {**PUBLIC, "text": "A zoo opens in Marlow Vale in May. There is no zoo until then."}
    assert web.put(path, headers=signed_in(Role.AGENT), json=better).json()["state"] == "proposed"
    somebody = asker("chat-next")
    somebody.asks("does the town have a zoo?")
    assert "Hartwell" in str(somebody.citation.quote) or "no zoo" in str(somebody.citation.quote)
    document_id = web.post(f"{path}/decision", headers=admin, json={"approved": True}).json()["document_id"]
    versions = web.get(f"/api/v1/documents/{document_id}/versions", headers=admin).json()
    assert [(one["version"], one["state"]) for one in versions] == [(2, "current"), (1, "replaced")]
    web.post(f"/api/v1/documents/{document_id}/withdrawal", headers=admin, json={"reason": "It is wrong."})
    assert asker("chat-last").asks("does the town have a zoo?") == "unanswerable_no_source"


def test_a_declined_answer_stays_with_who_asked(
    passed_on: list[Asker], web: TestClient, signed_in: Headers, asker: Callable[..., Asker]
) -> None:
    found = answer(web, signed_in(Role.AGENT), public=PUBLIC).json()
    done = web.post(
        f"/api/v1/answers/{found['id']}/decision",
        headers=signed_in(Role.DESIGNER),
        json={"approved": False, "reason": "Too vague."},
    ).json()
    assert (done["state"], done["reason"], done["document_id"]) == ("declined", "Too vague.", None)
    assert asker("chat-next").asks("does the town have a zoo?") == "unanswerable_no_source"


def test_every_step_is_in_the_audit_without_anybodys_words(
    passed_on: list[Asker], web: TestClient, signed_in: Headers, services: Services
) -> None:
    found = answer(web, signed_in(Role.AGENT), public=PUBLIC).json()
    web.post(
        f"/api/v1/answers/{found['id']}/decision", headers=signed_in(Role.ADMIN), json={"approved": True}
    )
    with services.sessions() as session:
        rows = session.scalars(select(AuditRow)).all()
    assert {"official:answer:question", "official:approve:answer"} <= {row.tag for row in rows}
    assert "zoo" not in str([row.details for row in rows])


def test_the_coverage_counts_what_was_asked_and_shows_no_personal_data(
    passed_on: list[Asker], web: TestClient, signed_in: Headers, services: Services
) -> None:
    citizen = passed_on[0]
    citizen.asks("how much is the second parking permit")
    citizen.presses("No")
    from civic.knowledge.models import Question

    with services.sessions.begin() as session:
        one = session.scalars(select(Question).where(Question.text.like("who painted%"))).one()
        one.text = "who painted the town hall? mail me at jane.roe@example.org"
    found = web.get("/api/v1/coverage", headers=signed_in(Role.VIEWER)).json()
    total = found["total"]
    assert (total["asked"], total["answered"], total["refused"], total["unhelpful"]) == (4, 1, 3, 1)
    topics = {topic["topic"]: topic["asked"] for topic in found["topics"]}
    assert topics == {"Parking": 1, None: 3}
    assert len(found["unanswered"][0]["question_ids"]) == 2
    assert "jane.roe" not in str(found) and "who painted the town hall" in str(found)
    later = web.get("/api/v1/coverage?since=2027-01-01T00:00:00Z", headers=signed_in(Role.VIEWER)).json()
    assert later["total"]["asked"] == 0 and later["topics"] == []
