"""A report is changed, interrupted and gone back in without losing what was said."""

from __future__ import annotations

import pytest

from tests.service_requests.conftest import Teller
from tests.service_requests.kept import cases, the_case

# What is said in a chat is the same on any database; what is kept and found again is looked at on both.
pytestmark = pytest.mark.one_database

# ------------------------------------------------------------------------------------------------ corrections


def test_the_place_is_corrected_in_one_sentence(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.says("change the place to 14 Mill Lane")
    assert "Place: 14 Mill Lane" in anna.heard
    anna.presses("Send anonymously")
    assert the_case(anna).address == "14 Mill Lane"


def test_change_the_place_asks_for_it(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.says("change the place", "cancel")
    assert "Where is it?" in anna.heard
    anna.says("14 Mill Lane")
    assert "Place: 14 Mill Lane" in anna.heard and "Send anonymously" in anna.labels


def test_each_part_can_be_changed_by_buttons(anna: Teller) -> None:
    anna.says("rats behind the library")
    for part, answer in (
        ("Description", "cockroaches in our block of flats"),
        ("Place", "3 High Street"),
        ("Name", "Ben"),
    ):
        anna.presses("Change something")
        anna.presses(part)
        anna.says(answer, "out_of_scope")
        assert answer in anna.heard and not cases(anna)
    anna.presses("Change something")
    anna.presses("Type")
    anna.presses("None of these")
    anna.presses("Neighbourhood and health")
    anna.presses("Noise")
    assert "Type: Noise" in anna.heard
    anna.presses("Send anonymously")
    case = the_case(anna)
    assert (case.service_code, case.address, case.name) == ("noise", "3 High Street", None)


def test_photos_can_be_taken_out_again(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.sends_photo()
    anna.says("remove the photo")
    anna.presses("No photo")
    assert "Photo: none" in anna.heard
    anna.presses("Send anonymously")
    assert the_case(anna).attachments == []


def test_no_at_the_summary_asks_what_to_change_and_sends_nothing(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.says("no", "deny")
    assert "What would you like to change?" in anna.heard and not cases(anna)
    anna.presses("Nothing, go back")
    assert "Is this right?" in anna.heard


def test_back_goes_one_question_back(anna: Teller) -> None:
    anna.says("it is broken")
    anna.presses("Playground or sports equipment")
    anna.says("back")
    assert "Which of these is it?" in anna.heard
    anna.says("go back")
    assert "What is wrong" in anna.heard
    anna.says("back")
    assert "nothing before it" in anna.heard


def test_help_and_repeat_stay_at_the_question(anna: Teller) -> None:
    asked = anna.says("rats!!!").splitlines()[-1]
    assert asked in anna.says("help", "help") and len(anna.replies) == 2
    assert anna.says("repeat please", "repeat") == asked


# ---------------------------------------------------------------------------------------------- interruptions


def test_a_question_is_answered_elsewhere_and_the_report_comes_back(anna: Teller) -> None:
    asked = anna.says("rats!!!").splitlines()[-1]
    anna.says("what does a parking permit cost?", "ask_policy")
    assert anna.status == "interrupted" and not anna.replies
    assert anna.returns_from_elsewhere() == asked
    anna.says("12 Mill Lane")
    assert "Is this right?" in anna.heard


@pytest.mark.parametrize(
    "text",
    ["actually what are the opening hours of the library", "and when is the library open", "is there a tip"],
)
def test_a_question_without_its_mark_changes_nothing_in_the_report(anna: Teller, text: str) -> None:
    anna.says("rats!!!")
    anna.says(text, "ask_policy")
    assert anna.status == "interrupted" and not anna.replies
    anna.says("12 Mill Lane")
    summary = anna.heard
    anna.says(text, "ask_policy")
    assert anna.status == "interrupted" and not anna.replies
    assert anna.returns_from_elsewhere() in summary


def test_a_place_that_begins_like_a_question_is_a_place(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.says("where the two paths meet", "report_problem")
    assert "Place: where the two paths meet" in anna.heard


def test_a_valid_answer_beats_the_classifier(anna: Teller) -> None:
    anna.says("my bin was not collected at 3 Station Road")
    anna.says("Garden waste", "ask_policy")
    assert anna.status == "asking" and "Garden waste" in anna.heard


def test_an_address_that_looks_like_another_wish_is_an_address(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.says("the survey office in Castle Street", "start_survey", 0.95)
    assert "Place: the survey office in Castle Street" in anna.heard


@pytest.mark.parametrize(
    ("text", "intent"),
    [("let me talk to a person", "talk_to_official"), ("delete my data", "delete_my_data")],
)
def test_a_plain_wish_is_never_stored_as_a_place(anna: Teller, text: str, intent: str) -> None:
    anna.says("rats!!!")
    anna.says(text, intent, 0.95)
    assert anna.status == "interrupted"


def test_the_menu_button_for_reporting_does_not_start_over(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.presses_menu("report_problem")
    assert "already" in anna.heard and "Where is it?" in anna.heard


def test_a_number_in_between_is_answered_and_the_question_asked_again(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.presses("Send anonymously")
    number = the_case(anna).service_request_id
    anna.says("broken slide")
    anna.says(f"what about {number.lower()}", "check_status")
    assert "received, not yet looked at" in anna.heard and "Where is it?" in anna.heard


# ----------------------------------------------------------------------------------------------------- danger


def test_danger_puts_the_emergency_number_first(anna: Teller) -> None:
    anna.says("gas leak in our house")
    assert "112" in anna.replies[0].text and anna.replies[0].status == "emergency"
    assert len(anna.replies) > 1, "and the report goes on"


def test_danger_is_noticed_at_any_question(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.says("12 Mill Lane, and there are wires down")
    assert "112" in anna.replies[0].text
