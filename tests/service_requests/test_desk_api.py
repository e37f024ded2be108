"""The desk's work by API: assign, correct, merge, in bulk, sparse answers, requests sent twice, webhooks."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event, func, select

from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.service_requests.demo import load_demo
from civic.service_requests.desk import webhooks
from civic.service_requests.desk.models import WebhookDelivery
from civic.service_requests.desk.rules import GIVE_UP_AFTER, wait_after
from civic.service_requests.models import ServiceRequest, ServiceRequestMessage

HeadersOf = Callable[[Role], dict[str, str]]
PATH = "/api/v1/service-requests"


@pytest.fixture
def agent(web: TestClient, signed_in: HeadersOf) -> dict[str, str]:
    return signed_in(Role.AGENT)


@pytest.fixture
def number(services: Services, web: TestClient) -> str:
    """A case of the demonstration: the pothole in Mill Lane."""
    with services.sessions.begin() as session:
        load_demo(session, services.clock.now(), services)
        query = select(ServiceRequest.service_request_id).where(
            ServiceRequest.draft_id == "demo-pothole-mill-lane"
        )
        return str(session.scalar(query))


def test_a_case_is_assigned_to_an_agent_and_to_nobody_else(
    web: TestClient, agent: dict[str, str], signed_in: HeadersOf, number: str
) -> None:
    signed_in(Role.VIEWER)
    at = f"{PATH}/{number}/assignee"
    for nobody in ("viewer", "ghost"):
        answer = web.post(at, headers=agent, json={"assignee": nobody})
        assert (answer.status_code, answer.json()["code"]) == (422, "cannot_be_assigned")
    answer = web.post(at, headers={**agent, "If-Match": '"1"'}, json={"assignee": "agent"})
    assert answer.json()["assignee_id"] and answer.headers["etag"] == '"2"'
    late = web.post(at, headers={**agent, "If-Match": '"1"'}, json={"assignee": None})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    mine = web.get(f"{PATH}?assignee=me&fields=status", headers=agent).json()["items"]
    assert mine == [{"service_request_id": number, "status": "submitted"}]


def test_sparse_answers_hold_what_was_asked_for_and_leave_no_trace_of_names(
    services: Services, web: TestClient, agent: dict[str, str], number: str
) -> None:
    one = web.get(f"{PATH}/{number}?fields=status,version", headers=agent)
    assert one.json() == {"service_request_id": number, "status": "submitted", "version": 1}
    assert one.headers["etag"] == '"1"'
    wrong = web.get(f"{PATH}?fields=stutus", headers=agent)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unknown_field")
    web.get(f"{PATH}?fields=status", headers=agent)
    web.get(f"{PATH}?limit=3", headers=agent)
    with services.sessions() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.tag == "official:list:service_request"))
        assert [row.details for row in rows] == [{"shown": 3}]


def test_cases_near_a_point_are_found_and_half_a_point_is_refused(
    web: TestClient, agent: dict[str, str], number: str
) -> None:
    near = web.get(f"{PATH}?lat=51.5018&long=-1.2435&radius=60&sort=oldest", headers=agent).json()["items"]
    assert len(near) == 2 and near[0]["service_request_id"] == number
    assert web.get(f"{PATH}?lat=51.5", headers=agent).status_code == 422


def test_many_are_changed_at_once_and_each_says_whether_it_was(
    web: TestClient, agent: dict[str, str], number: str
) -> None:
    body = {"numbers": [number, "FM-NONE2", number.lower()], "assignee": "agent", "status": "in_progress"}
    done = web.post(f"{PATH}/bulk", headers=agent, json=body).json()
    assert [(one["service_request_id"], one["done"], one["code"]) for one in done] == [
        (number, True, None),
        ("FM-NONE2", False, "unknown_service_request"),
    ]
    again = web.post(f"{PATH}/bulk", headers=agent, json=body).json()
    assert again[0]["code"] == "illegal_transition"


def test_a_request_with_a_key_is_done_once_and_answered_alike(
    services: Services, clock: SettableClock, web: TestClient, agent: dict[str, str], number: str
) -> None:
    headers = {**agent, "Idempotency-Key": "2f1c-7"}
    at = f"{PATH}/{number}/notes"
    first = web.post(at, headers=headers, json={"text": "Once."})
    second = web.post(at, headers=headers, json={"text": "Once."})
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
    assert "idempotency-replayed" not in first.headers and second.headers["idempotency-replayed"] == "true"
    other = web.post(at, headers=headers, json={"text": "Something else."})
    assert (other.status_code, other.json()["code"]) == (422, "key_used_for_something_else")
    with services.sessions() as session:
        said = select(func.count()).where(ServiceRequestMessage.text == "Once.")
        assert session.scalar(said) == 1
    clock.advance(timedelta(minutes=10))
    refused = web.post(
        f"{PATH}/{number}/status", headers={**agent, "Idempotency-Key": "k2"}, json={"status": "closed"}
    )
    assert refused.status_code == 409
    repeated = web.post(
        f"{PATH}/{number}/status", headers={**agent, "Idempotency-Key": "k2"}, json={"status": "acknowledged"}
    )
    assert repeated.status_code == 200, "what was refused did not use the key up"


def test_what_was_done_is_not_done_again_when_its_answer_was_lost(
    services: Services, clock: SettableClock, web: TestClient, agent: dict[str, str], number: str
) -> None:
    def go_away(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE idempotency_keys") and "body" in statement:
            raise ConnectionError("the database went away between the work and its answer")

    def send() -> httpx.Response:
        headers = {**agent, "Idempotency-Key": "lost"}
        return web.post(f"{PATH}/{number}/notes", headers=headers, json={"text": "Once."})

    event.listen(services.engine, "before_cursor_execute", go_away)
    try:
        assert send().status_code == 500
    finally:
        event.remove(services.engine, "before_cursor_execute", go_away)
    clock.advance(timedelta(minutes=11))
    again = send()
    assert (again.status_code, again.json()["code"]) == (409, "same_request_under_way")
    with services.sessions() as session:
        assert session.scalar(select(func.count()).where(ServiceRequestMessage.text == "Once.")) == 1


class Receiver:
    """Another system's door: it takes what it is sent, or fails for a while."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.taken: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        status = self.answers.pop(0) if self.answers else 204
        if status == 0:
            raise httpx.ConnectError("nobody there", request=request)
        self.taken.append(request)
        return httpx.Response(status)


def test_a_webhook_hears_of_a_change_signed_and_again_until_it_takes_it(
    services: Services, clock: SettableClock, web: TestClient, signed_in: HeadersOf, number: str
) -> None:
    admin = signed_in(Role.ADMIN)
    assert web.post("/api/v1/webhooks", headers=admin, json={"url": "http://10.0.0.1/x"}).status_code == 422
    hook = web.post("/api/v1/webhooks", headers=admin, json={"url": "https://example.org/hook"}).json()
    assert "secret" not in web.get("/api/v1/webhooks", headers=admin).json()[0]
    web.post(f"{PATH}/{number}/status", headers=admin, json={"status": "acknowledged"})
    receiver = Receiver()
    receiver.answers = [0, 503]

    def call() -> int:
        with httpx.Client(transport=httpx.MockTransport(receiver)) as http:
            return webhooks.send_due(services.sessions, services.clock, http)

    assert [call(), call()] == [0, 0]
    clock.advance(timedelta(seconds=11))
    assert call() == 0
    clock.advance(timedelta(seconds=21))
    assert call() == 1 and call() == 0
    request = receiver.taken[-1]
    said = json.loads(request.content)
    assert (said["event"], said["service_request_id"], said["status"]) == (
        "status_changed",
        number,
        "acknowledged",
    )
    signed = request.headers["folkmoot-timestamp"].encode() + b"." + request.content
    expected = hmac.new(hook["secret"].encode(), signed, hashlib.sha256).hexdigest()
    assert request.headers["folkmoot-signature"] == f"sha256={expected}"
    assert "Rosa" not in request.content.decode() and "bakery" not in request.content.decode()
    assert web.delete(f"/api/v1/webhooks/{hook['id']}", headers=admin).status_code == 204
    web.post(f"{PATH}/{number}/status", headers=admin, json={"status": "in_progress"})
    with services.sessions() as session:
        assert session.scalar(select(func.count()).select_from(WebhookDelivery)) == 0


def test_a_webhook_is_given_up_after_a_day_at_most() -> None:
    waits: list[Any] = [wait_after(attempts) for attempts in range(1, GIVE_UP_AFTER + 1)]
    assert waits[-1] is None and None not in waits[:-1]
    assert waits[:-1] == sorted(waits[:-1])
    assert timedelta(hours=4) < sum(waits[:-1], timedelta()) < timedelta(days=1)
