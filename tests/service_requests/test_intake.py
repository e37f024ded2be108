"""The talk in which a citizen reports a problem, told as citizens live it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from civic.service_requests import rules
from tests.service_requests.conftest import Teller
from tests.service_requests.kept import cases, the_case

# What is said in a chat is the same on any database; what is kept and found again is looked at on both.
pytestmark = pytest.mark.one_database

# ----------------------------------------------------------------------------------------- when all goes well


@pytest.mark.both_databases
def test_one_sentence_that_says_everything_needs_one_more_tap(anna: Teller) -> None:
    anna.says("huge pothole outside 12 Mill Lane, a cyclist fell")
    assert "Pothole or damaged road" in anna.heard and "outside 12 Mill Lane" in anna.heard
    anna.presses("Send anonymously")
    case = the_case(anna)
    assert anna.status == "done" and case.service_request_id in anna.heard
    assert (case.service_code, case.address, case.name) == ("pothole", "outside 12 Mill Lane", None)
    assert f"by {case.expected_on.day} {case.expected_on:%B %Y}" in anna.heard
    assert anna.turns == 2


@pytest.mark.both_databases
def test_the_longest_way_without_a_slip_takes_five_turns(anna: Teller) -> None:
    anna.says("I want to report a problem")
    anna.says("it is broken")
    anna.presses("Playground or sports equipment")
    anna.says("Victoria Gardens")
    anna.presses("Send anonymously")
    assert the_case(anna).service_code == "playground"
    assert anna.turns == 5


def test_a_name_is_given_with_the_sending(anna: Teller) -> None:
    anna.says("street light out at 5 Bridge Street")
    anna.presses("Send with my name")
    anna.says("my name is Anna Miller")
    assert the_case(anna).name == "Anna Miller"
    assert "Anna Miller" in anna.heard


def test_only_a_required_extra_question_is_asked(anna: Teller) -> None:
    anna.says("my bin was not collected at 3 Station Road")
    assert anna.heard.endswith("Which bin was missed?")
    assert anna.labels == ["General waste", "Recycling", "Garden waste", "Food waste"]
    anna.says("the food one")
    anna.presses("Send anonymously")
    assert the_case(anna).attributes == {"bin_type": "food"}


def test_an_extra_answer_that_was_given_is_not_asked_again(anna: Teller) -> None:
    anna.says("they missed our brown garden bin at 3 Station Road")
    assert "Which bin was missed? Garden waste" in anna.heard
    anna.says("yes")
    assert the_case(anna).attributes == {"bin_type": "garden"}


def test_a_complaint_about_the_council_needs_no_place(anna: Teller) -> None:
    anna.says("I want to complain about how the housing officer treated me")
    assert "Place" not in anna.heard and "Send anonymously" in anna.labels


@pytest.mark.both_databases
def test_a_shared_location_is_the_place(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.shares(51.5, -1.25)
    anna.says("yes")
    case = the_case(anna)
    assert (case.lat, case.long, case.address) == (51.5, -1.25, None)


def test_the_place_can_be_left_out(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.presses("Skip the place")
    assert "Place: not given" in anna.heard
    anna.presses("Send anonymously")
    assert the_case(anna).address is None


@pytest.mark.both_databases
def test_photos_are_taken_at_any_time_up_to_a_limit(anna: Teller) -> None:
    anna.says("rats behind the library")
    for number in range(rules.MAX_PHOTOS):
        anna.sends_photo()
        assert f"{number + 1}" in anna.heard
    anna.sends_photo()
    assert "as many as I can take" in anna.heard
    anna.presses("Send anonymously")
    assert len(the_case(anna).attachments) == rules.MAX_PHOTOS


@pytest.mark.both_databases
def test_a_photo_and_a_place_sent_before_the_words_belong_to_them(anna: Teller) -> None:
    for what in ({"attachment_id": anna.photo()}, {"location": {"lat": 51.5, "long": -1.25}}):
        anna.keeps(anna._make(**what))  # answered outside the loop: "What is it about?"
    anna.says("someone dumped a mattress")
    anna.presses("Send anonymously")
    case = the_case(anna)
    assert len(case.attachments) == 1 and case.lat == 51.5


# ------------------------------------------------------------------------------------------------ not so sure


def test_an_unsure_type_is_asked_with_three_buttons(anna: Teller) -> None:
    anna.says("it is broken")
    assert len(anna.labels) == 4 and anna.labels[-1] == "None of these"


def test_none_of_the_three_leads_through_the_groups(anna: Teller) -> None:
    anna.says("it is broken")
    anna.presses("None of these")
    assert "Roads and pavements" in anna.labels
    anna.presses("Water and buildings")
    anna.presses("Water or sewage leak")
    assert "Where is it?" in anna.heard


def test_more_words_settle_the_type_too(anna: Teller) -> None:
    anna.says("it is broken")
    anna.says("the street lamp in front of my door is dark")
    anna.says("5 Bridge Street")
    anna.says("send it")
    case = the_case(anna)
    assert case.service_code == "street_light"
    assert "it is broken" in case.description and "street lamp" in case.description


@pytest.mark.parametrize("answer", ["2", "the second one"])
def test_a_choice_may_be_named_by_its_position(anna: Teller, answer: str) -> None:
    anna.says("it is broken")
    second = anna.labels[1]
    anna.says(answer, "out_of_scope")
    anna.says("5 Bridge Street", "out_of_scope")
    assert second in anna.heard


def test_signs_without_words_are_not_a_report(anna: Teller) -> None:
    anna.says("I want to report something")
    anna.says("😀😀", "out_of_scope")
    assert "cannot read that" in anna.heard
    assert "What is wrong" in anna.heard


def test_a_very_long_text_is_shortened_politely(anna: Teller) -> None:
    anna.says("there is a deep pothole " + "and it gets worse every day " * 200)
    assert "first 2000 characters" in anna.heard.replace(",", "")
    anna.says("12 Mill Lane")
    anna.presses("Send anonymously")
    assert len(the_case(anna).description) <= rules.MAX_DESCRIPTION


def test_an_endless_address_is_refused(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.says("by the " + "very " * 60 + "old oak")
    assert "fewer words" in anna.heard and "Where is it?" in anna.heard


@pytest.mark.both_databases
def test_html_is_kept_as_the_words_it_is(anna: Teller) -> None:
    anna.says("pothole <script>alert(1)</script> at 12 Mill Lane { $name }")
    assert "<script>alert(1)</script>" in anna.heard and "{ $name }" in anna.heard


# --------------------------------------------------------------------------------------------- several people


@pytest.mark.both_databases
def test_two_citizens_at_once_do_not_mix(meet: Callable[..., Teller]) -> None:
    anna, ben = meet("anna"), meet("ben")
    anna.says("rats behind the library")
    ben.says("street light out at 5 Bridge Street")
    anna.presses("Send anonymously")
    ben.presses("Send with my name")
    ben.says("Ben")
    found = {case.service_code: case for case in cases(anna)}
    assert found["pests"].citizen_id == anna.conversation.citizen_id
    assert found["street_light"].name == "Ben" and found["pests"].name is None
    assert found["pests"].service_request_id != found["street_light"].service_request_id


@pytest.mark.both_databases
def test_a_taken_number_is_not_given_out_twice(meet: Callable[..., Teller]) -> None:
    from random import Random

    anna, ben = meet("anna"), meet("ben")
    anna.random, ben.random = Random(7), Random(7)
    for teller in (anna, ben):
        teller.says("rats behind the library")
        teller.presses("Send anonymously")
    assert len({case.service_request_id for case in cases(anna)}) == 2


def test_a_place_that_comes_first_is_kept_and_the_problem_asked_for(anna: Teller) -> None:
    assert "I have noted the place." in anna.says("12 Mill Lane")
    assert "What is wrong" in anna.heard
    assert "Place: 12 Mill Lane" in anna.says("it is flooded there, the drain is blocked")


def test_a_question_is_no_place_and_a_sentence_about_a_place_is_cut_to_it(anna: Teller) -> None:
    anna.says("the street lamp is broken")
    assert "could not read a place" in anna.says("is anyone coming today?", intent="out_of_scope")
    anna.says("no wait it is the one at Station Road")
    assert "Place: Station Road" in anna.heard


def test_send_is_not_taken_for_a_type_and_a_wrong_type_is_corrected_in_ones_own_words(anna: Teller) -> None:
    anna.says("something is broken")
    assert "Is this right?" not in anna.says("send")
    anna.says("deep pothole outside 12 Mill Lane")
    assert "Type: Pothole" in anna.heard
    assert "Type: Street light" in anna.says(
        "sorry, it is a street lamp that is out", intent="report_problem"
    )
