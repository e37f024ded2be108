"""Officials see what could not be answered, and the documents; each role what it may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from civic.accounts.rules import Role
from civic.kit.services import Services
from tests.knowledge.conftest import Add, Asker
from tests.office import signed_in, web

__all__ = ["signed_in", "web"]

Headers = Callable[[Role], dict[str, str]]


@pytest.fixture
def asked(asker: Callable[..., Asker], add: Add, permits: Path, services: Services) -> None:
    """One question answered well, one answered badly, one passed on, one left alone."""
    add(permits)
    citizen = asker()
    citizen.asks("how much is the second parking permit")
    citizen.presses("Yes")
    citizen.asks("do electric vehicles pay for a parking permit")
    citizen.presses("No")
    services.clock.advance(timedelta(minutes=5))  # type: ignore[attr-defined]
    citizen.asks("is there a zoo in town")
    citizen.presses("Pass my question on")
    citizen.asks("who painted the town hall")


@pytest.mark.usefixtures("asked")
def test_open_questions_are_listed_newest_first_and_filtered(web: TestClient, signed_in: Headers) -> None:
    headers = signed_in(Role.AGENT)

    def texts(**params: str | int) -> list[str]:
        answer = web.get("/api/v1/questions", params=params, headers=headers)
        assert answer.status_code == 200, answer.text
        return [item["text"] for item in answer.json()["items"]]

    zoo, electric = "is there a zoo in town", "do electric vehicles pay for a parking permit"
    assert texts() == [zoo, electric]
    assert texts(reason="unhelpful") == [electric]
    assert texts(status="unanswerable_no_source") == [zoo]
    assert texts(since="2026-03-02T12:04:00Z") == [zoo]
    assert texts(until="2026-03-02T12:04:00Z") == [electric]
    assert texts(search="ZOO") == [zoo]
    assert texts(search="%") == []
    assert len(texts(state="all")) == 4
    assert texts(limit=1, offset=1) == [electric]


@pytest.mark.usefixtures("asked")
def test_a_question_tells_what_was_answered(web: TestClient, signed_in: Headers) -> None:
    headers = signed_in(Role.VIEWER)
    item = web.get("/api/v1/questions", params={"reason": "unhelpful"}, headers=headers).json()["items"][0]
    assert item["helpful"] is False and "half" in item["quote"] and 0 < item["score"] <= 1
    assert web.get(f"/api/v1/questions/{item['id']}", headers=headers).json() == item
    document = web.get(f"/api/v1/documents/{item['document_id']}", headers=headers).json()
    assert (document["key"], document["passage_count"], document["state"]) == ("permits", 3, "current")


def test_documents_are_listed(add: Add, permits: Path, web: TestClient, signed_in: Headers) -> None:
    add(permits)
    headers = signed_in(Role.DESIGNER)
    found = web.get("/api/v1/documents", headers=headers).json()
    assert found["total"] == 1 and found["items"][0]["title"] == "Parking permits"
    assert found["items"][0]["date"] == "2025-06-02"
    assert web.get("/api/v1/documents", params={"search": "bins"}, headers=headers).json()["total"] == 0


@pytest.mark.parametrize("path", ["/api/v1/questions", "/api/v1/documents", "/api/v1/questions/x"])
def test_strangers_see_nothing(web: TestClient, path: str) -> None:
    answer = web.get(path)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/questions/none", "/api/v1/documents/none"])
def test_what_is_not_there_is_a_404_problem(web: TestClient, signed_in: Headers, path: str) -> None:
    answer = web.get(path, headers=signed_in(Role.VIEWER))
    assert answer.status_code == 404
    assert answer.json()["code"] in ("unknown_question", "unknown_document")
