"""The list of services: what ships is whole, and a mistake in it is named by its row and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic.service_requests.errors import BrokenServiceList, UnknownService
from civic.service_requests.services import FEWEST_EXAMPLES, ServiceList, load, parse
from tests.fixtures import ROOT

TEXT = (ROOT / "content" / "services.yml").read_text(encoding="utf-8")


def test_the_town_offers_twenty_five_services_in_groups(service_list: ServiceList) -> None:
    assert len(service_list.services) == 25
    assert len(service_list.groups()) >= 5
    assert all(len(service.examples) >= FEWEST_EXAMPLES for service in service_list.services)


def test_no_example_stands_under_two_services(service_list: ServiceList) -> None:
    examples = [text.lower() for service in service_list.services for text in service.examples]
    assert len(examples) == len(set(examples))


def test_danger_in_a_type_is_marked(service_list: ServiceList) -> None:
    assert service_list.get("dangerous_structure").emergency
    assert not service_list.get("graffiti").emergency


def test_an_unknown_code_is_refused_by_name(service_list: ServiceList) -> None:
    with pytest.raises(UnknownService, match="teleporter"):
        service_list.get("teleporter")


def row_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("old", "new", "says", "remedy"),
    [
        ("service_code: pothole", "service_code: Pot Hole!", "Pot Hole!", "small letters"),
        ("service_code: pavement", "service_code: pothole", "used in row", "another service_code"),
        ("expected_days: 10", "expected_days: soon", "pothole: expected_days", "whole number"),
        ("expected_days: 10", "expected_days: 0", "greater than or equal to 1", ""),
        ("    agency: highways", "    agency: hihgways", "no agency 'hihgways'", "highways"),
        ("    group: Roads and pavements", "    gruop: Roads", "gruop", "spelling"),
        ("datatype: singlevaluelist", "datatype: text", "only lists have values", ""),
        ("emergency: false", "emergency: perhaps", "pothole: emergency", "true or false"),
        ('found_by: "', 'found_by: "(', "regular expression", ""),
    ],
)
def test_a_mistake_is_named_by_row_and_remedy(old: str, new: str, says: str, remedy: str) -> None:
    assert old in TEXT
    broken = TEXT.replace(old, new, 1)
    with pytest.raises(BrokenServiceList) as caught:
        parse(broken)
    assert says in caught.value.detail
    assert remedy in caught.value.remedy
    row = int(caught.value.detail.split("row ", 1)[1].split(":", 1)[0])
    around = broken.splitlines()[max(0, row - 6) : row + 5]
    assert any(new.strip() in line for line in around), caught.value.detail


def test_a_line_left_out_is_named() -> None:
    broken = TEXT.replace("    service_name: Broken pavement or kerb\n", "", 1)
    with pytest.raises(BrokenServiceList, match="pavement: service_name: this is missing") as caught:
        parse(broken)
    assert "service_name" in caught.value.remedy


def test_too_few_examples_are_counted() -> None:
    lines = TEXT.splitlines(keepends=True)
    start = row_of(TEXT, "- broken slide") - 1
    broken = "".join(lines[:start] + lines[start + 5 :])
    with pytest.raises(BrokenServiceList, match="there are 3 examples, and 6 are needed"):
        parse(broken)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "services: [", "services: []\nagencies: {}\n", "a: b: c"])
def test_what_is_no_list_of_services_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(BrokenServiceList) as caught:
        parse(text)
    assert caught.value.detail.startswith("services.yml, row ")
    assert caught.value.remedy


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokenServiceList, match="is not there"):
        load(tmp_path / "services.yml")


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "services.yml"
    path.write_text(TEXT)
    assert load(path).name_of("pothole") == "Pothole or damaged road"
    import os

    path.write_text(TEXT.replace("service_name: Pothole or damaged road", "service_name: Hole in the road"))
    os.utime(path, ns=(1, 1))
    assert load(path).name_of("pothole") == "Hole in the road"


def test_a_type_that_left_the_list_stays_readable(service_list: ServiceList) -> None:
    assert service_list.name_of("old_bus_stop") == "Old bus stop"
