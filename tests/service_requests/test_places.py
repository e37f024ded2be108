"""A place in words becomes a point on the map; one outside the town is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic.service_requests import areas
from civic.service_requests.places import BrokenPlaces, Gazetteer, Place, import_places, load, parse
from tests.fixtures import ROOT
from tests.service_requests.conftest import Teller
from tests.service_requests.kept import the_case

KNOWN = Gazetteer(
    [
        Place("Mill Lane", 51.501, -1.243),
        Place("Mill Lane Primary School", 51.502, -1.244),
        Place("Bridge Street", 51.500, -1.245),
        Place("St Anne's Church", 51.503, -1.240),
    ]
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("outside 12 Mill Lane", "Mill Lane"),
        ("12 mill ln", "Mill Lane"),
        ("Bridge St, by the footbridge", "Bridge Street"),
        ("the gate of Mill Lane Primary School", "Mill Lane Primary School"),
        ("behind st anne’s church", "St Anne's Church"),
        ("Windmill Lane", None),
        ("the mill", None),
    ],
)
def test_the_longest_name_in_the_words_is_the_place(text: str, name: str | None) -> None:
    found = KNOWN.named_in(text)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("broken swing at Parkside, a child fell", "Parkside"),
        ("rats all over mill lane", "Mill Lane"),
        ("a bench on the parkside is broken", None),
        ("Parkside is where I live", None),
    ],
)
def test_in_a_sentence_a_single_word_must_be_written_as_a_name(text: str, name: str | None) -> None:
    found = Gazetteer([Place("Parkside", 51.5, -1.2), Place("Mill Lane", 51.5, -1.2)]).named_in_sentence(text)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("5 Brige Street", ["Bridge Street"]),
        ("Bridge Road", []),
        ("5 Hill Lane", []),
        ("Mlil Lane", ["Mill Lane"]),
    ],
)
def test_a_slip_of_the_finger_is_told_from_another_name(text: str, names: list[str]) -> None:
    assert [place.name for place in KNOWN.misspelt_in(text)] == names


def test_what_looks_like_a_known_place_is_offered_likest_first() -> None:
    assert [place.name for place in KNOWN.nearly_named_in("milll lane")] == ["Mill Lane"]
    assert KNOWN.nearly_named_in("somewhere else entirely") == []


def test_the_towns_own_list_is_inside_the_border_but_for_three_neighbours() -> None:
    places = parse((ROOT / "content" / "places.csv").read_text(encoding="utf-8"))
    border = areas.load(ROOT / "content" / areas.FILE)
    outside = {place.name for place in places if border.outside(place.lat, place.long)}
    assert outside == {"Stowbridge", "Hartwell Cross", "Netherby"}
    assert len(places) >= 120 and len({place.name for place in places}) == len(places)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("place,lat,long\nMill Lane,1,2\n", "row 1: there is no column name"),
        ("name,lat,long\nMill Lane,51.5,\n", "row 2 (Mill Lane): long"),
        ("name,lat,long\nA,1,2\nMill Lane,95,1\n", "row 3 (Mill Lane): lat"),
        ("name,lat,long\n,1,2\n", "row 2: the name is missing"),
        ("name,lat,long\n", "has no rows"),
    ],
)
def test_a_broken_list_is_refused_with_its_row(text: str, wrong: str, tmp_path: Path) -> None:
    into = tmp_path / "places.csv"
    with pytest.raises(BrokenPlaces) as refused:
        import_places(text, "new.csv", into)
    assert wrong in str(refused.value) and not into.exists()


def test_an_import_adds_and_moves_whatever_the_file_looks_like(tmp_path: Path) -> None:
    into = tmp_path / "places.csv"
    into.write_text("name,lat,long\nMill Lane,51.5,-1.2\nOak Street,51.5,-1.3\n", encoding="utf-8")
    done = import_places('id;LONG;Lat;Name\n1;"-1,25";"51,6";mill  lane\n2;-1.3;51.4;Quay\n', "new.csv", into)
    assert (done.new, done.moved, done.total) == (1, 1, 3)
    place = load(into).named("Mill Lane")
    assert place is not None and (place.lat, place.long) == (51.6, -1.25)


# ------------------------------------------------------------------------------------------- in the chat


def test_a_street_that_is_known_puts_the_case_on_the_map(anna: Teller) -> None:
    anna.says("huge pothole outside 12 Mill Lane")
    anna.presses("Send anonymously")
    case = the_case(anna)
    assert (case.address, case.lat, case.long) == ("outside 12 Mill Lane", 51.50172, -1.24341)


def test_a_misspelt_street_is_offered_and_keeps_its_house(anna: Teller) -> None:
    anna.says("street light out at 5 Brige Street")
    assert anna.labels == ["Bridge Street", "Keep “5 Brige Street”"]
    anna.presses("Bridge Street")
    anna.presses("Send anonymously")
    assert (the_case(anna).address, the_case(anna).lat) == ("5 Bridge Street", 51.5002)


@pytest.mark.parametrize("answer", ["no", "Keep “5 Brige Street”"])
def test_what_was_typed_can_be_kept(anna: Teller, answer: str) -> None:
    anna.says("street light out at 5 Brige Street")
    anna.presses(answer) if answer in anna.labels else anna.says(answer)
    anna.presses("Send anonymously")
    assert (the_case(anna).address, the_case(anna).lat) == ("5 Brige Street", None)


def test_a_point_outside_the_town_is_said_and_not_taken(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.shares(52.9, -1.25)
    assert "outside Marlow Vale" in anna.heard and "Skip the place" in anna.labels
    anna.shares(51.5, -1.25)
    anna.presses("Send anonymously")
    assert the_case(anna).lat == 51.5


def test_a_named_place_outside_the_town_is_said_too(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.says("in Stowbridge")
    assert "outside Marlow Vale" in anna.heard
    anna.says("behind the library")
    anna.presses("Send anonymously")
    assert the_case(anna).address == "behind the library"


def test_in_the_park_the_parks_department_deals_with_litter(anna: Teller) -> None:
    anna.says("the litter bin in Riverside Park is overflowing")
    assert "Parks and Green Spaces" in anna.heard
    anna.presses("Send anonymously")
    assert (the_case(anna).service_code, the_case(anna).agency) == ("litter", "parks")


def test_where_the_photo_was_taken_is_offered_as_the_place(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.sends_photo(taken_at=(51.5009, -1.2411))
    assert "Is it where the photo was taken?" in anna.heard
    anna.presses("Yes, there")
    anna.presses("Send anonymously")
    assert (the_case(anna).lat, the_case(anna).long) == (51.5009, -1.2411)


def test_where_the_photo_was_taken_can_be_declined_and_is_forgotten(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.sends_photo(taken_at=(51.5009, -1.2411))
    anna.says("no")
    assert anna.heard.startswith("Where is it?")
    anna.says("4 Castle Street")
    anna.presses("Send anonymously")
    assert the_case(anna).lat != 51.5009
    assert anna.positions() == [(None, None)]


def test_a_photo_from_elsewhere_offers_no_place(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.sends_photo(taken_at=(48.1, 11.5))
    assert "Where is it?" in anna.heard
