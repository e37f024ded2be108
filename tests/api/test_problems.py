"""Every error is `application/problem+json`, says what is wrong, and gives nothing away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api import deps
from civic.accounts.models import SignInAttempt
from civic.accounts.rules import Role
from civic.kit import errors
from civic.kit.services import Services
from tests.office import application

pytestmark = pytest.mark.one_database

HeadersOf = Callable[[Role], dict[str, str]]

faulty = APIRouter(prefix="/api/v1/faulty")


def kinds() -> Iterator[type[errors.FolkmootError]]:
    """Every kind of refusal that the product has."""
    yield from errors.FolkmootError.__subclasses__()


@faulty.get("/unforeseen")
def unforeseen() -> None:
    raise RuntimeError("the citizen's words")


@faulty.get("/{kind}")
def refuses(kind: str) -> None:
    raise next(each for each in kinds() if each.__name__ == kind)("What is wrong.", remedy="What to do.")


@faulty.post("/half-way")
def half_way(db: deps.Db, at: deps.Now) -> None:
    db.add(SignInAttempt(name_fingerprint="x", failures=1, last_failed_at=at))
    db.flush()
    raise errors.Conflict


@faulty.post("/done")
def done(db: deps.Db, at: deps.Now) -> dict[str, str]:
    db.add(SignInAttempt(name_fingerprint="x", failures=1, last_failed_at=at))
    return {"done": "yes"}


@pytest.fixture
def web(services: Services) -> TestClient:
    return TestClient(application(services, extra=[faulty]), raise_server_exceptions=False)


def problem(answer: Any, status: int, code: str) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"] and body["type"]
    return body


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_each_kind_of_refusal_becomes_a_problem(web: TestClient, kind: type[errors.FolkmootError]) -> None:
    answer = web.get(f"/api/v1/faulty/{kind.__name__}")
    body = problem(answer, kind.status, kind.code)
    assert (body["title"], body["detail"], body["remedy"]) == (kind.title, "What is wrong.", "What to do.")
    assert (kind.status == 401) == ("www-authenticate" in answer.headers)


def test_there_are_kinds_to_test() -> None:
    assert {kind.status for kind in kinds()} >= {401, 403, 404, 409, 422, 429, 503}


def test_an_unforeseen_error_tells_nothing_and_is_logged_without_words(
    web: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = web.get("/api/v1/faulty/unforeseen")
    problem(answer, 500, "unforeseen")
    assert "words" not in answer.text
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("api")]
    assert any("RuntimeError" in line for line in ours)
    assert not any("words" in line for line in ours)


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api", "/api/v2/me", "/api/v1/feedback/1/2/3"])
def test_an_unknown_route_is_a_problem_too(web: TestClient, path: str) -> None:
    problem(web.get(path, headers={"Accept": "text/html"}), 404, "not_found")


def test_a_page_that_is_not_there_is_no_json_for_a_browser(web: TestClient) -> None:
    answer = web.get("/no/such/page", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_a_wrong_method_names_the_right_ones(web: TestClient) -> None:
    answer = web.delete("/api/v1/me")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


def test_wrong_input_is_named_field_by_field_and_not_repeated(web: TestClient) -> None:
    answer = web.post("/api/v1/token", data={"username": "robin-the-secret"})
    body = problem(answer, 422, "invalid")
    assert body["errors"] == [{"where": "body.password", "why": "Field required"}]
    assert "robin-the-secret" not in answer.text


def test_a_body_that_is_no_json_is_a_problem(web: TestClient, signed_in: HeadersOf) -> None:
    answer = web.patch(
        "/api/v1/feedback/1",
        headers={**signed_in(Role.AGENT), "content-type": "application/json"},
        content=b"{not json",
    )
    problem(answer, 422, "invalid")


@pytest.mark.both_databases
def test_a_request_that_fails_half_way_changes_nothing(web: TestClient, services: Services) -> None:
    problem(web.post("/api/v1/faulty/half-way"), 409, "conflict")
    with services.sessions() as session:
        assert session.scalars(select(SignInAttempt)).all() == []


@pytest.mark.both_databases
def test_an_answer_that_says_done_was_committed_before_it_left(services: Services) -> None:
    app = application(services, extra=[faulty])
    seen: list[int] = []

    class Outside:
        """Looks into the database at the moment the answer begins to leave."""

        def __init__(self, inner: FastAPI) -> None:
            self.inner = inner

        async def __call__(self, scope, receive, send):  # type: ignore[no-untyped-def]
            async def leaving(message):  # type: ignore[no-untyped-def]
                if message["type"] == "http.response.start":
                    with services.sessions() as session:
                        seen.append(len(session.scalars(select(SignInAttempt)).all()))
                await send(message)

            await self.inner(scope, receive, leaving)

    assert TestClient(Outside(app)).post("/api/v1/faulty/done").json() == {"done": "yes"}
    assert seen == [1]


@pytest.mark.both_databases
def test_reading_does_not_wait_for_somebody_who_writes(
    web: TestClient, services: Services, signed_in: HeadersOf
) -> None:
    headers = signed_in(Role.VIEWER)
    with services.sessions() as writer:
        writer.add(SignInAttempt(name_fingerprint="y", failures=1, last_failed_at=services.clock.now()))
        writer.flush()
        assert web.get("/api/v1/feedback", headers=headers).status_code == 200
        writer.rollback()
