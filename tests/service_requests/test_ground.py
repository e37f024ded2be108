"""A map without a map server still tells where one is: borders, and names that can be read."""

from __future__ import annotations

import json

from civic.service_requests import areas
from civic.service_requests.desk import ground, points
from civic.service_requests.desk.queries import Point
from civic.service_requests.places import Gazetteer, Place
from tests.fixtures import ROOT

FRAME = (0.0, 0.0, 960.0, 600.0)


def as_it_is(lat: float, long: float) -> tuple[float, float]:
    return long, lat


def test_names_stand_apart_from_each_other_and_from_the_cases() -> None:
    places = [
        Place(name, lat, long)
        for name, lat, long in (
            ("Mill Lane", 100, 200),
            ("Mill Close", 105, 210),
            ("Elm Row", 300, 400),
            ("At The Edge", 50, 5),
        )
    ]
    taken = [(380.0, 290.0, 420.0, 310.0)]
    assert [one.text for one in ground.names(places, as_it_is, FRAME, taken)] == ["Mill Lane"]
    many = [Place(f"N{number}", 20 + 20 * (number % 25), 40 + 60 * (number // 25)) for number in range(200)]
    assert len(ground.names(many, as_it_is, FRAME, [])) == ground.MOST_NAMES


def test_borders_are_drawn_where_they_can_be_seen_the_town_beneath_its_parts() -> None:
    def square(name: str, start: float, size: float, **more: object) -> dict[str, object]:
        end = start + size
        ring = [[start, start], [end, start], [end, end], [start, end], [start, start]]
        return {"properties": {"name": name, **more}, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    parsed = areas.parse(
        json.dumps(
            {
                "features": [
                    square("Park", 10, 20),
                    square("Town", 0, 80, municipality=True),
                    square("Far", 85, 4),
                ]
            }
        )
    )
    drawn = ground.outlines(parsed, as_it_is, (0.0, 0.0, 40.0, 40.0))
    assert [one.name for one in drawn] == ["Town", "Park"]
    assert drawn[1].path == "M10.0 10.0L30.0 10.0L30.0 30.0L10.0 30.0Z"
    assert 0 < drawn[0].x < 40 and 0 < drawn[0].y < 40, "a name stands where it can be seen"


def test_the_towns_own_map_has_its_park_and_streets_and_a_picture_needs_no_names() -> None:
    content = ROOT / "content"
    cases = [Point("FM-A1", 51.495, -1.25, "litter", False), Point("FM-A2", 51.506, -1.236, "litter", False)]
    known = areas.load(content / areas.FILE), Gazetteer([Place("Hill Road", 51.5, -1.243)])
    drawn = points.draw(cases, "", *known)
    assert drawn is not None
    assert {one.name for one in drawn.outlines} >= {"Riverside Park"}
    assert [one.text for one in drawn.names] == ["Hill Road"]
    with_tiles = points.draw(cases, "https://tiles.example/{z}/{x}/{y}.png", *known)
    assert with_tiles is not None and with_tiles.tiles and not with_tiles.names
