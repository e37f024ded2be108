"""What designers do on pages, programs do by the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from api.v1 import PREFIX
from civic.accounts.rules import Role
from tests.pages.test_surveys import BROKEN, CHOICES, SURVEY, changed, workbook

HeadersOf = Callable[[Role], dict[str, str]]


def test_a_survey_goes_from_a_broken_file_to_its_second_version(
    web: TestClient, signed_in: HeadersOf
) -> None:
    headers = signed_in(Role.DESIGNER)

    def call(method: str, path: str, status: int = 200, **what: Any) -> Any:
        answer = web.request(method, PREFIX + path, headers=headers, **what)
        assert answer.status_code == status, answer.text
        kind = answer.headers.get("content-type", "")
        return answer.json() if "json" in kind and answer.content else answer.content

    def file(data: bytes) -> dict[str, Any]:
        return {"files": {"file": ("parks.xlsx", data)}}

    draft = call("POST", "/survey-drafts", 201, **file(BROKEN))
    assert not draft["ready"]
    assert [(one["sheet"], one["row"], one["column"]) for one in draft["problems"]] == [
        ("survey", 3, "relevant")
    ]
    path = f"/survey-drafts/{draft['id']}"
    assert call("POST", f"{path}/publication", 409, json={})["code"] == "survey_draft_broken"
    call("PUT", path, **file(workbook()))
    old = {"looked_at": draft["looked_at"]}
    assert call("POST", f"{path}/publication", 409, json=old)["code"] == "survey_draft_changed"
    assert call("POST", f"{path}/publication", json={}) == {"survey_id": "parks", "version": 1}
    call("GET", path, 404)

    second = call(
        "POST", "/survey-drafts", 201, **file(workbook(SURVEY, changed(CHOICES, 2, "name", "gardens")))
    )
    assert [(one["what"], one["choice"]) for one in second["changes"]] == [
        ("added", "gardens"),
        ("removed", "abbey"),
    ]
    call("POST", f"/survey-drafts/{second['id']}/publication", json={"looked_at": second["looked_at"]})
    assert [one["number"] for one in call("GET", "/surveys/parks/versions")] == [2, 1]
    assert call("GET", "/surveys/parks/changes") == second["changes"]

    assert call("PUT", "/surveys/parks/state", json={"state": "paused"})["standing"] == "paused"
    assert call("GET", "/surveys/parks")["open"] is False
    assert call("PUT", "/surveys/parks/state", json={"state": "open"})["standing"] == "open"
    late = {"opens": "2027-01-31T09:00:00Z", "closes": "2027-01-30T09:00:00Z"}
    assert call("PUT", "/surveys/parks/schedule", 422, json=late)["code"] == "survey_schedule_unusable"
    ended = {"closes": "2026-01-30T09:00:00Z"}
    assert call("PUT", "/surveys/parks/schedule", json=ended)["standing"] == "closed"
    assert call("PUT", "/surveys/parks/state", 409, json={"state": "open"})["code"] == "survey_ended"

    assert call("GET", "/surveys/parks/links")["link"].endswith("/s/parks")
    assert b"<svg" in call("GET", "/surveys/parks/qr.svg")
    again = call("POST", "/survey-drafts", 201, **file(call("GET", "/surveys/parks/survey.xlsx?version=1")))
    assert again["ready"] and [one["choice"] for one in again["changes"]] == ["abbey", "gardens"]
    call("DELETE", f"/survey-drafts/{again['id']}", 204)
    assert call("GET", "/survey-drafts") == []


def test_strange_input_is_refused_and_breaks_nothing(web: TestClient, signed_in: HeadersOf) -> None:
    headers = signed_in(Role.DESIGNER)
    draft = web.post(
        f"{PREFIX}/survey-drafts", headers=headers, files={"file": ("pa\x00rks.xlsx", workbook())}
    ).json()
    strange = [
        ("GET", "/survey-drafts/%00", None, 404),
        ("GET", "/surveys/%00/changes?before=1&after=2", None, 404),
        ("GET", f"/surveys/x/survey.xlsx?version={10**30}", None, 404),
        ("GET", "/surveys/%00/versions", None, 404),
        ("PUT", "/surveys/%00/state", {"state": "open"}, 404),
        ("POST", f"/survey-drafts/{draft['id']}/publication", {"opens": "0001-01-01T00:00:00+14:00"}, 422),
        ("POST", f"/survey-drafts/{draft['id']}/publication", {"closes": "9999-12-31T23:59:59-14:00"}, 422),
    ]
    for method, path, body, status in strange:
        answer = web.request(method, PREFIX + path, headers=headers, json=body)
        assert answer.status_code == status, (path, answer.text)
