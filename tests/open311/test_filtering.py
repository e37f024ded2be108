"""Which requests a list has: the window of ninety days, filters, pages, and what changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from civic.kit.clock import SettableClock
from civic.service_requests.rules import Status
from tests.open311.conftest import (
    BASE,
    OtherSystem,
    as_texts,
    from_xml,
    reasons,
)

Make = Callable[..., str]


def test_a_list_covers_the_last_ninety_days_newest_first(other: OtherSystem, chat_case: Make) -> None:
    chat_case(days_ago=91)
    older, newer = chat_case(days_ago=89), chat_case(days_ago=1)
    assert other.numbers() == [newer, older]


def test_a_window_covers_what_it_names_both_ends_included(
    other: OtherSystem, chat_case: Make, clock: SettableClock
) -> None:
    chat_case(days_ago=160)
    found = chat_case(days_ago=150)
    chat_case(days_ago=140)
    at = (clock.now() - timedelta(days=150)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert other.numbers(start_date=at, end_date=at) == [found]
    # A start alone covers the 90 days that follow it, an end alone the 90 days before it.
    assert len(other.numbers(start_date=at)) == 2
    assert len(other.numbers(end_date=at)) == 2


@pytest.mark.one_database
@pytest.mark.parametrize(
    "asked",
    [
        {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00"},
        {"end_date": "2026-02-30T00:00:00Z"},
        {"start_date": "2025-01-01T00:00:00Z", "end_date": "2025-04-02T00:00:00Z"},
        {"status": "fixed"},
        {"page": "0"},
        {"page_size": "1001"},
        {"page": "999999"},
        {"page_size": "ten"},
        {"lat": "51"},
        {"lat": "91", "long": "0"},
        {"lat": "nan", "long": "0"},
        {"lat": "51", "long": "0", "radius": "-1"},
        {"lat": "51", "long": "0", "radius": "1e9"},
        {"radius": "10"},
        {"updated_after": "soon"},
    ],
)
def test_a_filter_that_cannot_be_used_is_refused(web: TestClient, asked: dict[str, str]) -> None:
    assert reasons(web.get(f"{BASE}/requests.json", params=asked), 400)


@pytest.mark.parametrize("zone", ["Z", "+00:00", " 00:00", "-05:00"])
def test_times_are_taken_with_every_way_to_write_a_zone(web: TestClient, zone: str) -> None:
    asked = {"start_date": f"2026-01-01T00:00:00{zone}", "end_date": "9999-12-31T23:59:59Z"}
    assert web.get(f"{BASE}/requests.json", params={"start_date": asked["start_date"]}).status_code == 200
    assert web.get(f"{BASE}/requests.json", params={"end_date": asked["end_date"]}).status_code == 200


def test_an_empty_filter_is_no_filter(other: OtherSystem, chat_case: Make) -> None:
    number = chat_case()
    asked = dict.fromkeys(("service_request_id", "service_code", "start_date", "status", "page", "lat"), "")
    assert other.numbers(**asked) == [number]


def test_ids_override_every_other_filter(other: OtherSystem, chat_case: Make) -> None:
    one, two = chat_case(days_ago=300), chat_case()
    chat_case()
    asked = f"{one},{two.lower()}, FM-00000"
    assert set(other.numbers(service_request_id=asked, status="nonsense", page="x")) == {one, two}


def test_type_and_status_filter(other: OtherSystem, chat_case: Make) -> None:
    hole, light, closed = (
        chat_case(),
        chat_case(service_code="street_light"),
        chat_case(status=Status.REJECTED),
    )
    assert set(other.numbers(service_code="pothole")) == {hole, closed}
    assert set(other.numbers(service_code="pothole,street_light")) == {hole, light, closed}
    assert set(other.numbers(service_code=["pothole", "street_light"], status="open")) == {hole, light}
    assert other.numbers(status="closed") == [closed]
    assert len(other.numbers(status="open,closed")) == 3
    assert other.numbers(service_code="unicorn") == []


def test_a_circle_finds_what_lies_within_its_metres(other: OtherSystem, chat_case: Make) -> None:
    near, far = chat_case(lat=51.5017, long=-1.2434), chat_case(lat=51.5017, long=-1.2334)
    chat_case(lat=None, long=None)
    # The second lies 692 metres to the east.
    assert other.numbers(lat="51.5017", long="-1.2434", radius="680") == [near]
    assert set(other.numbers(lat="51.5017", long="-1.2434", radius="700")) == {near, far}


def test_pages_follow_each_other_and_name_the_next(other: OtherSystem, chat_case: Make) -> None:
    numbers = [chat_case(days_ago=days) for days in range(5)]
    first = other.get("/requests.json", page_size="2")
    assert [each["service_request_id"] for each in first.json()] == numbers[:2]
    link = first.headers["link"]
    assert link.endswith('>; rel="next"')
    second = other.web.get(link[1:].partition(">")[0])
    assert [each["service_request_id"] for each in second.json()] == numbers[2:4]
    assert "link" not in other.get("/requests.json", page_size="2", page="3").headers
    assert other.numbers(page_size="2", page="4") == []


def test_changes_are_followed_by_their_time(
    other: OtherSystem, chat_case: Make, moves: Callable[..., None], clock: SettableClock
) -> None:
    old, _ = chat_case(days_ago=200), chat_case(days_ago=1)
    clock.advance(timedelta(minutes=5))
    at = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    moves(old, "acknowledged")
    assert other.numbers(updated_after=at) == [old]
    assert old not in other.numbers(updated_before="2026-03-02T12:04:00Z")


def test_a_closed_request_was_updated_when_it_was_closed(
    other: OtherSystem,
    chat_case: Make,
    moves: Callable[..., None],
    clock: SettableClock,
    agent: dict[str, str],
) -> None:
    number = chat_case()
    moves(number, "acknowledged")
    clock.advance(timedelta(minutes=2))
    moves(number, "resolved")
    clock.advance(timedelta(minutes=1))
    note = other.web.post(
        f"/api/v1/service-requests/{number}/notes", headers=agent, json={"text": "Send the bill."}
    )
    assert note.status_code == 201
    view = other.read(f"/requests/{number}")[0]
    assert (view["status"], view["updated_datetime"]) == ("closed", "2026-03-02T12:02:00Z")
    assert view["service_notice"] is None


def test_extensions_tell_our_own_status_and_what_happened(
    other: OtherSystem, moves: Callable[..., None]
) -> None:
    number = other.sends()
    moves(number, "in_progress", "The crew comes on Thursday.")
    more = other.read(f"/requests/{number}", extensions="true")[0]["extended_attributes"]
    assert more["detailed_status"] == "in_progress"
    assert {each["description"] for each in more["updates"]} == {
        "Being worked on",
        "The crew comes on Thursday.",
    }
    xml = from_xml(other.get(f"/requests/{number}.xml", extensions="true").content)
    assert xml[0]["extended_attributes"] == as_texts(more)
    assert "extended_attributes" not in other.read(f"/requests/{number}")[0]
