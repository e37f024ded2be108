"""What anybody reads: the same in XML and JSON, in the standard's form, and nothing about persons."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource

from tests.open311.conftest import (
    BASE,
    SHARED,
    OtherSystem,
    as_texts,
    from_xml,
    needs_shared,
    reasons,
    spec_examples,
)

Make = Callable[..., str]


@pytest.fixture
def some(other: OtherSystem, chat_case: Make, moves: Callable[..., None]) -> list[str]:
    """Requests of every kind: sent, from the chat, private, closed, without a place."""
    numbers = [
        other.sends(media_url="https://example.org/a.jpg", address_string="Mill Lane & Bridge Street"),
        other.sends(service_code="noise", address_string="Next door"),
        chat_case(),
        chat_case(service_code="missed_bin"),
        chat_case(lat=None, long=None, address=None),
        chat_case(days_ago=20),
    ]
    moves(numbers[5], "acknowledged")
    moves(numbers[5], "resolved", "Anna, it is done.")
    return numbers


def replies(other: OtherSystem) -> dict[str, tuple[Any, Any]]:
    """Each reply of the standard that can be read, as XML and as JSON."""
    number = other.sends(token="their-token-1", **{"attribute[depth]": "deep"})
    paths = {
        "services": "/services",
        "service_definition": "/services/pothole",
        "requests": "/requests",
        "request": f"/requests/{number}",
        "token": "/tokens/their-token-1",
        "discovery": "/discovery",
        "updates": "/servicerequestupdates",
    }
    return {
        name: (from_xml(other.get(f"{path}.xml").content), other.get(f"{path}.json").json())
        for name, path in paths.items()
    }


def test_xml_and_json_say_the_same_field_by_field(other: OtherSystem, some: list[str]) -> None:
    found = replies(other)
    assert len(found) == 7
    for name, (xml, plain) in found.items():
        assert plain, name
        assert xml == as_texts(plain), name


@needs_shared
@pytest.mark.parametrize(
    ("reply", "schema"),
    [("services", "services"), ("service_definition", "service-definition"), ("requests", "requests"),
     ("request", "requests")],
)  # fmt: skip
def test_every_reply_validates_against_the_official_schema(
    other: OtherSystem, some: list[str], reply: str, schema: str
) -> None:
    schemas = {path.name: json.loads(path.read_text("utf-8")) for path in (SHARED / "schema").glob("*.json")}
    registry = Registry().with_resources(
        [
            (name, Resource.from_contents(content, default_specification=_specification()))
            for name, content in schemas.items()
        ]
    )
    validator = Draft202012Validator(
        schemas[f"{schema}.json"], registry=registry, format_checker=FormatChecker()
    )
    content = replies(other)[reply][1]
    assert content
    assert [error.message for error in validator.iter_errors(content)] == []
    # The same schema finds a mistake, so it was looked at.
    if schema == "requests":
        assert list(validator.iter_errors([{**content[0], "status": "resolved"}]))


def _specification() -> Any:
    from referencing.jsonschema import DRAFT202012

    return DRAFT202012


@pytest.mark.one_database
@needs_shared
@pytest.mark.parametrize(
    ("heading", "reply"),
    [
        ("GET Service List", "services"),
        ("GET Service Definition", "service_definition"),
        ("GET Service Requests", "requests"),
        ("GET Service Request", "request"),
        ("GET service_request_id from a token", "token"),
    ],
)
def test_a_reply_has_the_fields_of_the_specifications_own_example(
    other: OtherSystem, some: list[str], heading: str, reply: str
) -> None:
    def shape(content: Any) -> Any:
        """The fields, without their values, of a list's first element."""
        if isinstance(content, dict):
            return {key: shape(each) for key, each in content.items()}
        if isinstance(content, list):
            return [shape(content[0])] if content else []
        return None

    examples = spec_examples()[heading]
    assert len(spec_examples()) >= 7
    for ours, theirs in zip(replies(other)[reply], examples, strict=True):
        assert shape(ours) == shape(theirs)


@needs_shared
def test_a_request_sent_is_answered_with_the_fields_of_the_example(other: OtherSystem) -> None:
    xml, plain = spec_examples()["POST Service Request"]
    from tests.open311.conftest import POTHOLE

    for ending, theirs in (("xml", xml), ("json", plain)):
        answer = other.post(f"/requests.{ending}", **POTHOLE)
        ours = from_xml(answer.content) if ending == "xml" else answer.json()
        assert [set(each) for each in ours] == [set(theirs[0])]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("ending", "accept", "kind"),
    [
        (".xml", "application/json", "text/xml"),
        (".json", "text/xml", "application/json"),
        ("", "application/json", "application/json"),
        ("", "text/html, application/json;q=0.2, text/xml;q=0.9", "text/xml"),
        ("", "*/*", "text/xml"),
        ("", "application/json;q=x", "text/xml"),
    ],
)
def test_the_ending_decides_the_format_and_without_one_what_is_accepted(
    web: TestClient, ending: str, accept: str, kind: str
) -> None:
    answer = web.get(f"{BASE}/services{ending}", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    if kind == "text/xml":
        assert answer.text.startswith('<?xml version="1.0" encoding="utf-8"?>')


@pytest.mark.one_database
@pytest.mark.parametrize(
    "path",
    [
        "/services.csv",
        "/nothing",
        "/nothing.json",
        "/requests/FM-00000.xml",
        "/tokens/none-such.xml",
        "/services/unicorn.json",
        "/media/none",
        "/requests/x/updates",
    ],
)
def test_what_does_not_exist_is_404_in_the_standards_form(web: TestClient, path: str) -> None:
    assert reasons(web.get(BASE + path), 404)


@pytest.mark.one_database
def test_a_method_that_is_not_the_standards_is_refused_in_its_form(web: TestClient) -> None:
    assert reasons(web.delete(f"{BASE}/requests.json"), 404)


@pytest.mark.one_database
def test_discovery_says_where_and_in_which_formats(other: OtherSystem) -> None:
    said = other.read("/discovery")
    assert said["endpoints"][0]["url"] == "http://127.0.0.1:8000/open311/v2"
    assert said["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert other.web.get("/open311/discovery.xml").status_code == 200


def test_of_a_report_from_the_chat_the_public_sees_no_words_no_name_and_no_photo(
    other: OtherSystem, chat_case: Make, moves: Callable[..., None]
) -> None:
    number = chat_case()
    moves(number, "waiting_for_citizen", "Dear Anna Miller, which door is yours?")
    seen = other.get(f"/requests/{number}.json", extensions="true").text
    for secret in ("Anna", "door", "0171"):
        assert secret not in seen
        assert secret not in other.get("/servicerequestupdates.json").text
    view = json.loads(seen)[0]
    assert view["description"] is None
    assert view["media_url"] is None
    assert (view["address"], view["lat"], view["long"]) == ("12 Mill Lane", 51.5017, -1.2434)
    assert view["status_notes"] == "Waiting for an answer from the person who reported it"


def test_of_a_private_type_not_even_the_place_is_seen_nor_found_by_a_circle(
    other: OtherSystem, chat_case: Make
) -> None:
    private, public = chat_case(service_code="missed_bin"), chat_case()
    view = other.read(f"/requests/{private}")[0]
    assert [view[name] for name in ("address", "lat", "long", "description")] == [None] * 4
    assert view["status"] == "open"
    assert other.numbers(lat="51.5017", long="-1.2434", radius="100") == [public]


def test_a_report_of_before_citizens_were_told_shows_no_place(other: OtherSystem, chat_case: Make) -> None:
    number = chat_case(shown="nothing")
    assert other.read(f"/requests/{number}")[0]["lat"] is None
    assert other.numbers(lat="51.5017", long="-1.2434", radius="100") == []


def test_telephone_numbers_and_addresses_of_mail_are_hidden_in_public_words(other: OtherSystem) -> None:
    number = other.sends(description="Call +44 1234 555 010 or write to a.b@example.org: 14 holes in 2024.")
    assert other.read(f"/requests/{number}")[0]["description"] == (
        "Call […] or write to […]: 14 holes in 2024."
    )


@pytest.mark.one_database
def test_the_head_of_a_reply_may_be_asked_for_alone(web: TestClient) -> None:
    answer = web.head(f"{BASE}/services.xml")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")


@pytest.mark.one_database
def test_any_web_page_may_read_it(web: TestClient) -> None:
    assert web.get(f"{BASE}/requests.json").headers["access-control-allow-origin"] == "*"
