"""The API describes itself fully, and its page works without any other site and under a strict policy."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.headers import CONTENT_POLICY
from api.v1 import TAGS, routes

pytestmark = pytest.mark.one_database


@pytest.fixture
def description(web: TestClient) -> dict[str, Any]:
    answer = web.get("/api/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


def operations(description: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(found) >= 10
    return found


def test_every_route_of_the_officials_is_described(web: TestClient, description: dict[str, Any]) -> None:
    served = {(route.path, method) for route in routes(web.app) for method in route.methods or ()}  # type: ignore[arg-type]
    described = {
        (path, method.upper()) for path in description["paths"] for method in description["paths"][path]
    }
    assert described == served


def test_every_operation_has_a_summary_a_description_and_a_known_tag(description: dict[str, Any]) -> None:
    known = {tag["name"] for tag in TAGS}
    assert description["tags"] == TAGS
    for name, operation in operations(description):
        assert operation["summary"] and operation["description"], name
        assert len(operation["tags"]) == 1 and operation["tags"][0] in known, name


def test_every_operation_says_how_it_fails_in_our_own_format(description: dict[str, Any]) -> None:
    for name, operation in operations(description):
        failures = {code: said for code, said in operation["responses"].items() if code >= "400"}
        assert "401" in failures, name
        for code, said in failures.items():
            assert "application/problem+json" in said["content"], f"{name} {code}"
        if name != "POST /api/v1/token":
            assert operation["security"], name


def test_what_goes_in_and_what_comes_out_has_an_example(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]

    def has_example(schema: dict[str, Any]) -> bool:
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
        if "example" in schema or "examples" in schema:
            return True
        parts = list(schema.get("properties", {}).values())
        parts += [schema["items"]] if "items" in schema else []
        parts += schema.get("anyOf", []) + schema.get("allOf", [])
        return any(has_example(part) for part in parts)

    without = []
    for name, operation in operations(description):
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [said.get("content", {}) for code, said in operation["responses"].items() if code < "300"]
        for content in contents:
            body = content.get("application/json")
            if body is not None and "example" not in body and not has_example(body["schema"]):
                without.append(name)
    assert without == []


def test_the_page_asks_no_other_site_and_holds_no_inline_script(web: TestClient) -> None:
    page = web.get("/api/docs")
    assert page.headers["content-security-policy"] == CONTENT_POLICY
    assert "unsafe" not in CONTENT_POLICY
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(addresses) >= 4
    for address in addresses:
        assert address.startswith("/api/")
        assert web.get(address).status_code == 200, address
    assert re.findall(r"<script(?![^>]*src=)", page.text) == []
    assert " style=" not in page.text and "<style" not in page.text


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/docs", "/api/nothing"])
def test_every_answer_carries_the_headers_that_keep_browsers_safe(web: TestClient, path: str) -> None:
    headers = web.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers


def test_what_officials_read_is_not_kept_by_any_cache(web: TestClient) -> None:
    assert web.get("/api/v1/me").headers["cache-control"] == "no-store"


def test_behind_https_a_browser_is_told_to_stay_there(web: TestClient) -> None:
    web.base_url = web.base_url.copy_with(scheme="https")
    assert web.get("/api/docs").headers["strict-transport-security"].startswith("max-age=")
