"""Where the municipality ends, who deals with what where, and what a designer is told of a mistake."""

from __future__ import annotations

import json

import pytest

from civic.service_requests.areas import Areas, BrokenAreas, load, parse
from civic.service_requests.services import ServiceList
from tests.fixtures import ROOT

SQUARE = [[[-1.3, 51.4], [-1.1, 51.4], [-1.1, 51.6], [-1.3, 51.6], [-1.3, 51.4]]]
SMALL = [[[-1.21, 51.49], [-1.19, 51.49], [-1.19, 51.51], [-1.21, 51.51], [-1.21, 51.49]]]


def area(coordinates: object = SQUARE, kind: str = "Polygon", **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"name": "Here", **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*areas: dict[str, object]) -> str:
    return json.dumps({"type": "FeatureCollection", "features": areas})


@pytest.mark.parametrize(
    ("lat", "long", "outside"),
    [(51.5, -1.2, False), (51.4, -1.2, False), (51.7, -1.2, True), (-1.2, 51.5, True), (51.5, 1.2, True)],
)
def test_a_place_is_inside_or_outside_and_the_border_is_inside(
    lat: float, long: float, outside: bool
) -> None:
    assert parse(collection(area(municipality=True))).outside(lat, long) is outside


def test_without_a_border_nothing_is_outside() -> None:
    assert not Areas().outside(0, 0)
    assert not parse(collection(area(agencies={"litter": "parks"}))).outside(0, 0)


def test_the_smallest_area_that_names_a_department_decides(service_list: ServiceList) -> None:
    areas = parse(
        collection(
            area(municipality=True, agencies={"*": "customer"}),
            area(SMALL, agencies={"litter": "parks"}),
        )
    )
    litter, pothole = service_list.get("litter"), service_list.get("pothole")
    assert areas.agency(litter, 51.5, -1.2) == "parks"
    assert areas.agency(litter, 51.55, -1.2) == "customer"
    assert areas.agency(pothole, 51.5, -1.2) == "customer"
    assert areas.agency(litter, 51.7, -1.2) == litter.agency
    assert areas.agency(litter, None, None) == litter.agency


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("nonsense", "FeatureCollection"),
        ("[]", "FeatureCollection"),
        (collection(area([0, 0], "Point")), "no area"),
        (collection(area([[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]])), "crosses itself"),
        (collection(area([[[430000, 5], [430001, 5], [430001, 6], [430000, 5]]])), "no degrees"),
        (collection(area("x")), "no shape"),
        (collection(area(agencies=["parks"])), "agencies"),
    ],
)
def test_a_mistake_is_named_with_what_to_do(text: str, word: str) -> None:
    with pytest.raises(BrokenAreas) as broken:
        parse(text)
    assert word in broken.value.detail
    assert broken.value.remedy


def test_the_towns_own_areas_name_departments_that_exist(service_list: ServiceList) -> None:
    areas = load(ROOT / "content" / "areas.geojson").areas
    assert any(each.municipality for each in areas)
    for each in areas:
        for code, agency in each.agencies.items():
            assert agency in service_list.agencies
            assert code == "*" or service_list.find(code)
