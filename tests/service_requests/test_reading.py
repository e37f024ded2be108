"""Places, commands and corrections, as people type them."""

from __future__ import annotations

import pytest

from civic.kit.i18n import load_catalogue
from civic.service_requests.reading import Lexicon, answer_in, closest, find_place, lexicon
from civic.service_requests.services import ServiceList
from tests.fixtures import ROOT


@pytest.fixture(scope="module")
def words() -> Lexicon:
    return lexicon(load_catalogue(ROOT / "content" / "locales"), "en")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("huge pothole outside 12 Mill Lane, a cyclist fell", "outside 12 Mill Lane"),
        ("the asphalt on Station Road is crumbling", "Station Road"),
        ("pot hole on mill lane", "mill lane"),
        ("street light out at 5 Bridge Street", "5 Bridge Street"),
        ("bin missed at no 14 station rd", "14 station rd"),
        ("rats behind the library", "behind the library"),
        ("broken swing in Victoria Gardens", "Victoria Gardens"),
        ("corner of Mill Lane and High Street flooded", "corner of Mill Lane and High Street"),
        ("glass outside St Mary's School", "outside St Mary's School"),
        ("light at 12a church street, since monday", "12a church street"),
        ("Mill Lane 12", "Mill Lane 12"),
        ("nobody has gritted Church Hill and the bus can't get up", "Church Hill"),
        ("POTHOLE AT 12 MILL LANE", "12 MILL LANE"),
    ],
)
def test_a_place_in_a_sentence_is_found(text: str, place: str, words: Lexicon) -> None:
    assert find_place(text, words) == place


@pytest.mark.parametrize(
    "text",
    [
        "there is a hole in our street",
        "There is a deep pothole on my road",
        "the whole street is dark",
        "dangerous road",
        "dog mess by the bus stop",
        "a sign is missing",
        "light outside number 9",
        "cars on the pavement at school time",
        "",
    ],
)
def test_what_names_no_place_is_not_taken_for_one(text: str, words: Lexicon) -> None:
    assert find_place(text, words) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("Cancel!", "cancel"),
        ("stop it please", "cancel"),
        ("never mind", "cancel"),
        ("go back", "back"),
        ("HELP", "help"),
        ("repeat that please", "repeat"),
        ("dont know", "skip"),
        ("yes please", "yes"),
        ("that's right", "yes"),
        ("ok", "yes"),
        ("no thats wrong", "no"),
        ("stay anonymous", "anonymous"),
        ("send it", "send"),
        ("start over", "new"),
    ],
)
def test_commands_are_understood(text: str, command: str, words: Lexicon) -> None:
    assert words.command(text) == command


@pytest.mark.parametrize(
    "text", ["stop sign knocked over", "help point broken", "back lane is dark", "skip full of rubble"]
)
def test_a_description_is_no_command(text: str, words: Lexicon) -> None:
    assert words.command(text) is None


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("change the place", "place", None),
        ("the place is wrong", "place", None),
        ("wrong address", "place", None),
        ("place: 14 Mill Lane", "place", "14 Mill Lane"),
        ("change the place to 14 Mill Lane", "place", "14 Mill Lane"),
        ("no, the type is wrong", "type", None),
        ("change type to noise", "type", "noise"),
        ("my name is Anna", "name", "Anna"),
        ("I want to change the photo", "photo", None),
        ("description", "description", None),
    ],
)
def test_a_correction_says_what_and_to_what(text: str, field: str, value: str | None, words: Lexicon) -> None:
    assert words.field_to_change(text) == (field, value)


def test_a_sentence_about_something_else_corrects_nothing(words: Lexicon) -> None:
    assert words.field_to_change("the street light is broken again today") is None


@pytest.mark.parametrize(
    "text", ["I want to report a problem", "complaint", "hello, can I report something please", "REPORT"]
)
def test_asking_to_report_is_not_yet_a_description(text: str, words: Lexicon) -> None:
    assert words.is_bare(text)


@pytest.mark.parametrize("text", ["I want to report a pothole", "noise complaint", "report fly tipping"])
def test_a_word_about_the_problem_is_a_description(text: str, words: Lexicon) -> None:
    assert not words.is_bare(text)


@pytest.mark.parametrize(("text", "index"), [("2", 1), ("the second one", 1), ("3rd", 2), ("first", 0)])
def test_a_position_is_understood(text: str, index: int, words: Lexicon) -> None:
    assert words.ordinal(text) == index


LABELS = ["Noise", "Street light not working", "Traffic light or crossing fault"]


@pytest.mark.parametrize(
    ("text", "index"),
    [("noise", 0), ("Street light", 1), ("traffic light or crosing fault", 2), ("light", None), ("", None)],
)
def test_a_label_is_matched_when_it_is_clear(text: str, index: int | None) -> None:
    assert closest(text, LABELS) == index


def test_an_extra_answer_is_read_out_of_a_description(service_list: ServiceList) -> None:
    bin_type = service_list.get("missed_bin").attribute("bin_type")
    assert answer_in("they forgot the brown bin", bin_type) == "garden"
    assert answer_in("they forgot the brown and the blue bin", bin_type) is None
    assert answer_in("they forgot it", bin_type) is None
    plate = service_list.get("abandoned_vehicle").attribute("registration")
    assert answer_in("a red car, ab12 cde, no tyres", plate) == "ab12 cde"
    assert answer_in("a red car", plate) is None
