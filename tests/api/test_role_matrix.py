"""Who gets what from every route of the API: one table, and no route may be missing from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from api.v1 import PREFIX, routes
from civic.accounts.rules import Permission, Role
from tests.fixtures import ROOT

HeadersOf = Callable[[Role], dict[str, str]]

ROLES = (Role.VIEWER, Role.AGENT, Role.DESIGNER, Role.ADMIN)

# What each role gets, in the order of ROLES; nobody is signed in for the last column. Ids are of things that
# do not exist: 404 is the answer to somebody who may look.
MATRIX: dict[str, tuple[int, int, int, int, int]] = {
    "POST /token": (401, 401, 401, 401, 401),  # whoever calls it: what counts is the password
    "GET /me": (200, 200, 200, 200, 401),
    "GET /service-requests": (200, 200, 403, 200, 401),
    "GET /service-requests/{service_request_id}": (404, 404, 403, 404, 401),
    "POST /service-requests/{service_request_id}/status": (403, 404, 403, 404, 401),
    "POST /service-requests/{service_request_id}/replies": (403, 404, 403, 404, 401),
    "POST /service-requests/{service_request_id}/notes": (403, 404, 403, 404, 401),
    "GET /service-requests/{service_request_id}/contact": (403, 404, 403, 404, 401),
    "GET /service-requests/{service_request_id}/attachments/{attachment_id}": (404, 404, 403, 404, 401),
    "GET /service-requests/export": (200, 200, 403, 200, 401),
    "GET /service-requests/filters": (200, 200, 403, 200, 401),
    "POST /service-requests/filters": (201, 201, 403, 201, 401),
    "DELETE /service-requests/filters/{filter_id}": (404, 404, 403, 404, 401),
    "GET /service-requests/templates": (200, 200, 403, 200, 401),
    "POST /service-requests/templates": (403, 201, 403, 422, 401),  # the second one finds the name taken
    "PUT /service-requests/templates/{template_id}": (403, 404, 403, 404, 401),
    "DELETE /service-requests/templates/{template_id}": (403, 404, 403, 404, 401),
    "POST /service-requests/bulk": (403, 200, 403, 200, 401),
    "POST /service-requests/{service_request_id}/assignee": (403, 404, 403, 404, 401),
    "POST /service-requests/{service_request_id}/type": (403, 404, 403, 404, 401),
    "POST /service-requests/{service_request_id}/duplicates": (403, 404, 403, 404, 401),
    "GET /service-requests/alerts": (200, 200, 403, 200, 401),
    "POST /service-requests/{service_request_id}/seen": (403, 404, 403, 404, 401),
    "POST /service-requests/{service_request_id}/priority": (403, 404, 403, 404, 401),
    "GET /service-requests/{service_request_id}/similar": (404, 404, 403, 404, 401),
    "GET /webhooks": (403, 403, 403, 200, 401),
    "POST /webhooks": (403, 403, 403, 201, 401),
    "DELETE /webhooks/{webhook_id}": (403, 403, 403, 404, 401),
    "GET /surveys": (200, 200, 200, 200, 401),
    "GET /surveys/{survey_id}": (404, 404, 404, 404, 401),
    "GET /surveys/{survey_id}/answers": (403, 403, 404, 404, 401),
    "GET /surveys/{survey_id}/answers.csv": (403, 403, 404, 404, 401),
    "GET /surveys/{survey_id}/counts": (403, 403, 404, 404, 401),
    "GET /surveys/{survey_id}/results": (404, 404, 404, 404, 401),
    "GET /surveys/{survey_id}/export": (403, 403, 404, 404, 401),
    "PUT /surveys/{survey_id}/results/page": (403, 403, 404, 404, 401),
    "DELETE /surveys/{survey_id}/results/page": (403, 403, 404, 404, 401),
    "POST /survey-files": (403, 403, 200, 200, 401),
    "GET /survey-drafts": (403, 403, 200, 200, 401),
    "POST /survey-drafts": (403, 403, 422, 422, 401),
    "GET /survey-drafts/{draft_id}": (403, 403, 404, 404, 401),
    "PUT /survey-drafts/{draft_id}": (403, 403, 422, 422, 401),
    "DELETE /survey-drafts/{draft_id}": (403, 403, 404, 404, 401),
    "POST /survey-drafts/{draft_id}/publication": (403, 403, 404, 404, 401),
    "GET /surveys/{survey_id}/versions": (404, 404, 404, 404, 401),
    "GET /surveys/{survey_id}/changes": (404, 404, 404, 404, 401),
    "PUT /surveys/{survey_id}/state": (403, 403, 404, 404, 401),
    "GET /surveys/{survey_id}/invitations": (404, 404, 404, 404, 401),
    "POST /surveys/{survey_id}/invitations": (403, 403, 404, 404, 401),
    "GET /surveys/{survey_id}/quotas": (404, 404, 404, 404, 401),
    "PUT /surveys/{survey_id}/quotas": (403, 403, 404, 404, 401),
    "PUT /surveys/{survey_id}/schedule": (403, 403, 404, 404, 401),
    "GET /surveys/{survey_id}/links": (404, 404, 404, 404, 401),
    "GET /surveys/{survey_id}/qr.svg": (404, 404, 404, 404, 401),
    "GET /surveys/{survey_id}/survey.xlsx": (404, 404, 404, 404, 401),
    "GET /questions": (200, 200, 200, 200, 401),
    "GET /questions/{question_id}": (404, 404, 404, 404, 401),
    "POST /questions/{question_id}/answer": (403, 404, 403, 404, 401),
    "GET /question-groups": (200, 200, 200, 200, 401),
    "GET /answers": (200, 200, 200, 200, 401),
    "GET /answers/{answer_id}": (404, 404, 404, 404, 401),
    "PUT /answers/{answer_id}": (403, 404, 403, 404, 401),
    "POST /answers/{answer_id}/decision": (403, 403, 404, 404, 401),
    "GET /coverage": (200, 200, 200, 200, 401),
    "GET /duplicates": (200, 200, 200, 200, 401),
    "POST /documents": (403, 403, 422, 422, 401),
    "PATCH /documents/{document_id}": (403, 403, 404, 404, 401),
    "GET /documents/{document_id}/versions": (404, 404, 404, 404, 401),
    "GET /documents/{document_id}/passages": (404, 404, 404, 404, 401),
    "POST /documents/{document_id}/withdrawal": (403, 403, 404, 404, 401),
    "POST /documents/{document_id}/restoration": (403, 403, 404, 404, 401),
    "GET /documents": (200, 200, 200, 200, 401),
    "GET /documents/{document_id}": (404, 404, 404, 404, 401),
    "GET /feedback": (200, 200, 200, 200, 401),
    "GET /feedback/{feedback_id}": (404, 404, 404, 404, 401),
    "PATCH /feedback/{feedback_id}": (403, 404, 403, 404, 401),
    "POST /feedback/{feedback_id}/replies": (403, 404, 403, 404, 401),
    "GET /enquiries": (200, 200, 403, 200, 401),
    "GET /enquiries/{enquiry_id}": (404, 404, 403, 404, 401),
    "PATCH /enquiries/{enquiry_id}": (403, 404, 403, 404, 401),
    "POST /enquiries/{enquiry_id}/replies": (403, 404, 403, 404, 401),
    "GET /erasures": (403, 403, 403, 200, 401),
    "GET /audit": (403, 403, 403, 200, 401),
}

BODIES: dict[str, dict[str, Any]] = {
    "POST /token": {"data": {"username": "nobody", "password": "whatever it is"}},
    "POST /service-requests/{service_request_id}/status": {"json": {"status": "acknowledged"}},
    "POST /service-requests/{service_request_id}/notes": {"json": {"text": "Hello"}},
    "POST /service-requests/filters": {"json": {"name": "Late", "query": "late=1"}},
    "POST /service-requests/templates": {"json": {"name": "Crew", "text": "The crew comes."}},
    "POST /webhooks": {"json": {"url": "https://example.org/hook"}},
    "PUT /service-requests/templates/{template_id}": {"json": {"name": "Crew", "text": "The crew comes."}},
    "POST /service-requests/bulk": {"json": {"numbers": ["NOSUCHTHING"], "status": "acknowledged"}},
    "POST /service-requests/{service_request_id}/assignee": {"json": {"assignee": None}},
    "POST /service-requests/{service_request_id}/priority": {"json": {"priority": "high"}},
    "POST /service-requests/{service_request_id}/type": {"json": {"service_code": "pothole"}},
    "POST /service-requests/{service_request_id}/duplicates": {"json": {"numbers": ["NOSUCHTHING"]}},
    "PUT /surveys/{survey_id}/results/page": {"json": {"said": "Much.", "questions": ["one"]}},
    "POST /questions/{question_id}/answer": {"json": {"text": "No."}},
    "PUT /answers/{answer_id}": {"json": {"text": "No.", "question": "Is there a zoo?"}},
    "POST /answers/{answer_id}/decision": {"json": {"approved": True}},
    "POST /survey-drafts/{draft_id}/publication": {"json": {}},
    "PUT /surveys/{survey_id}/state": {"json": {"state": "paused"}},
    "POST /surveys/{survey_id}/invitations": {"json": {"share": 0.5}},
    "PUT /surveys/{survey_id}/quotas": {"json": {"quotas": []}},
    "PUT /surveys/{survey_id}/schedule": {"json": {"opens": None}},
    "POST /documents": {"files": {"file": ("notes.txt", b"A kind of file that is not read.")}},
    "PATCH /documents/{document_id}": {"json": {"valid_until": None}},
    "POST /documents/{document_id}/withdrawal": {"json": {"reason": "It ended."}},
    "PATCH /feedback/{feedback_id}": {"json": {"state": "read"}},
    "PATCH /enquiries/{enquiry_id}": {"json": {"state": "read"}},
    **{
        f"POST /{kind}/{{{name}}}/replies": {"json": {"text": "Hello"}}
        for kind, name in (
            ("feedback", "feedback_id"),
            ("enquiries", "enquiry_id"),
            ("service-requests", "service_request_id"),
        )
    },
}


def served(web: TestClient) -> set[str]:
    return {
        f"{method} {(route.path or '').removeprefix(PREFIX)}"
        for route in routes(web.app)  # type: ignore[arg-type]
        for method in route.methods or ()
    }


def test_no_route_is_missing_from_the_table_and_none_is_in_it_for_nothing(web: TestClient) -> None:
    assert served(web) == set(MATRIX)


def test_every_role_gets_what_the_table_says(web: TestClient, signed_in: HeadersOf) -> None:
    callers = [signed_in(role) for role in ROLES] + [{}]
    got = {}
    for route in MATRIX:
        method, _, path = route.partition(" ")
        address = PREFIX + re.sub(r"{\w+}", "NOSUCHTHING", path)
        answers = [
            web.request(method, address, headers=headers, **BODIES.get(route, {})) for headers in callers
        ]
        got[route] = tuple(answer.status_code for answer in answers)
        for answer in answers:
            failed = answer.status_code >= 400
            assert failed == (answer.headers["content-type"] == "application/problem+json"), answer.text
    assert got == MATRIX


def test_a_role_that_may_not_look_learns_nothing_about_what_exists(
    web: TestClient, signed_in: HeadersOf
) -> None:
    """The refusal comes before the search, and before the input is looked at."""
    answer = web.post(
        f"{PREFIX}/feedback/nothing/replies", headers=signed_in(Role.VIEWER), json={"wrong": True}
    )
    assert answer.status_code == 403


def test_every_permission_in_the_table_of_roles_guards_some_route() -> None:
    used = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "api" / "officials").glob("*.py"))
    assert [each.name for each in Permission if f"Permission.{each.name}" not in used] == []
