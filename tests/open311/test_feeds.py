"""Feeds are valid Atom with GeoRSS points, by type and area, and cost nothing while nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lxml import etree

from civic.kit.clock import SettableClock
from tests.open311.conftest import OtherSystem, reasons

ATOM = "{http://www.w3.org/2005/Atom}"
POINT = "{http://www.georss.org/georss}point"
Make = Callable[..., str]


def feed(other: OtherSystem, **asked: Any) -> Any:
    answer = other.get("/requests.atom", **asked)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content)


def entries(root: Any) -> list[str]:
    return [each.findtext(f"{ATOM}id").rpartition("/")[2] for each in root.iter(f"{ATOM}entry")]


def test_a_feed_has_what_atom_requires(other: OtherSystem, chat_case: Make) -> None:
    other.sends(description="Rain & <b>mud</b>", media_url="https://example.org/a.jpg?x=1&y=2")
    chat_case(lat=None, long=None)
    root = feed(other, service_code="pothole")
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
            assert element.findtext(ATOM + name)
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    links = [each.get("rel") for each in root.findall(f"{ATOM}link")]
    assert links == ["self"]
    for entry in root.iter(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}content")
    first = next(root.iter(f"{ATOM}entry"))
    points = [each.text for each in root.iter(POINT)]
    assert points == ["51.5017 -1.2434"]
    assert (first.find(POINT) is None) or first.findtext(f"{ATOM}content").startswith("Rain & <b>mud</b>")
    # No two entries, and no entry and its feed, have the same id.
    ids = [each.text for each in root.iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids)) == 3


def test_a_feed_is_of_a_type_and_an_area(other: OtherSystem, chat_case: Make) -> None:
    near, far = chat_case(), chat_case(lat=51.6)
    light = chat_case(service_code="street_light")
    assert set(entries(feed(other))) == {near, far, light}
    assert set(entries(feed(other, service_code="pothole"))) == {near, far}
    assert entries(feed(other, service_code="pothole", lat="51.5017", long="-1.2434", radius="500")) == [near]
    assert reasons(other.get("/requests.atom", radius="5"), 400)


def test_a_feed_is_of_a_named_area_and_of_a_department(other: OtherSystem, chat_case: Make) -> None:
    here, there = chat_case(area="Harbour"), chat_case(area="Castle Hill")
    light = chat_case(area="Harbour", service_code="street_light")
    chat_case(area="Harbour", shown="nothing")  # where it is, nobody may find out by its area
    noise = chat_case(area="Harbour", service_code="noise")
    assert set(entries(feed(other, area="Harbour"))) == {here, light}
    assert set(entries(feed(other, area="Harbour,Castle Hill", service_code="pothole"))) == {here, there}
    assert noise in entries(feed(other, agency="environment"))
    assert set(entries(feed(other, agency="environment"))).isdisjoint({here, there, light})
    assert other.numbers(area="Castle Hill") == [there]
    title = feed(other, area="Harbour", service_code="pothole").findtext(f"{ATOM}title")
    assert title.endswith("reported problems, Pothole or damaged road, Harbour")


def test_an_unchanged_feed_is_not_sent_again(
    other: OtherSystem, chat_case: Make, moves: Callable[..., None], clock: SettableClock
) -> None:
    number = chat_case()
    first = other.get("/requests.atom")
    had = {"If-None-Match": first.headers["etag"]}
    path = str(first.url)
    assert other.web.get(path, headers=had).status_code == 304
    since = {"If-Modified-Since": first.headers["last-modified"]}
    assert other.web.get(path, headers=since).status_code == 304
    clock.advance(timedelta(minutes=1))
    moves(number, "acknowledged")
    for headers in (had, since, {"If-Modified-Since": "whenever"}):
        assert other.web.get(path, headers=headers).status_code == 200


def test_a_feed_that_is_empty_is_valid(other: OtherSystem) -> None:
    assert entries(feed(other)) == []
    assert feed(other).findtext(f"{ATOM}updated")
