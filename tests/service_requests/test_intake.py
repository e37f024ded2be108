"""The talk in which a citizen reports a problem, told as citizens live it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from civic.conversation.models import Attachment
from civic.kit.files import FileStore
from civic.service_requests import rules
from civic.service_requests.commands import purge_drafts
from civic.service_requests.models import ServiceRequest, ServiceRequestDraft
from tests.service_requests.conftest import Teller


def cases(anna: Teller) -> list[ServiceRequest]:
    return list(anna.session.scalars(select(ServiceRequest)))


def drafts(anna: Teller) -> int:
    return anna.session.scalar(select(func.count()).select_from(ServiceRequestDraft)) or 0


def the_case(anna: Teller) -> ServiceRequest:
    (case,) = cases(anna)
    return case


# -------------------------------------------------------------------------------------- when all goes well


def test_one_sentence_that_says_everything_needs_one_more_tap(anna: Teller) -> None:
    anna.says("huge pothole outside 12 Mill Lane, a cyclist fell")
    assert "Pothole or damaged road" in anna.heard and "outside 12 Mill Lane" in anna.heard
    anna.presses("Send anonymously")
    case = the_case(anna)
    assert anna.status == "done" and case.service_request_id in anna.heard
    assert (case.service_code, case.address, case.name) == ("pothole", "outside 12 Mill Lane", None)
    assert f"by {case.expected_on.day} {case.expected_on:%B %Y}" in anna.heard
    assert anna.turns == 2


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


def test_photos_are_taken_at_any_time_up_to_a_limit(anna: Teller) -> None:
    anna.says("rats behind the library")
    for number in range(rules.MAX_PHOTOS):
        anna.sends_photo()
        assert f"{number + 1}" in anna.heard
    anna.sends_photo()
    assert "as many as I can take" in anna.heard
    anna.presses("Send anonymously")
    assert len(the_case(anna).attachments) == rules.MAX_PHOTOS


def test_a_photo_and_a_place_sent_before_the_words_belong_to_them(anna: Teller) -> None:
    for what in ({"attachment_id": anna.photo()}, {"location": {"lat": 51.5, "long": -1.25}}):
        anna.keeps(anna._make(**what))  # answered outside the loop: "What is it about?"
    anna.says("someone dumped a mattress")
    anna.presses("Send anonymously")
    case = the_case(anna)
    assert len(case.attachments) == 1 and case.lat == 51.5


# ------------------------------------------------------------------------------------------- not so sure


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


def test_html_is_kept_as_the_words_it_is(anna: Teller) -> None:
    anna.says("pothole <script>alert(1)</script> at 12 Mill Lane { $name }")
    assert "<script>alert(1)</script>" in anna.heard and "{ $name }" in anna.heard


# --------------------------------------------------------------------------------------------- corrections


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


# ------------------------------------------------------------------------------------------- interruptions


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


# ----------------------------------------------------------------------------------------------- buttons


def test_a_button_of_an_earlier_question_is_explained(anna: Teller) -> None:
    anna.says("it is broken")
    old = anna.choice("None of these")
    anna.presses(anna.labels[0])
    anna.presses_again(old)
    assert "earlier question" in anna.heard and "Where is it?" in anna.heard


def test_a_double_tap_on_an_answer_is_one_answer(anna: Teller) -> None:
    anna.says("it is broken")
    tapped = anna.choice("Playground or sports equipment")
    first = anna.presses_again(tapped)
    assert anna.presses_again(tapped) == first


def test_a_double_tap_on_send_files_once(anna: Teller) -> None:
    anna.says("rats behind the library")
    send = anna.choice("Send anonymously")
    anna.presses_again(send)
    number = the_case(anna).service_request_id
    anna.presses_again(send)
    assert number in anna.heard and "already" in anna.heard
    assert len(cases(anna)) == 1 and anna.status == "done"


def test_an_old_send_button_does_not_send_the_next_report(anna: Teller) -> None:
    anna.says("rats behind the library")
    send = anna.choice("Send anonymously")
    anna.presses_again(send)
    anna.says("broken slide in Victoria Gardens")
    anna.presses_again(send)
    assert "already" in anna.heard and "Is this right?" in anna.heard
    assert len(cases(anna)) == 1


def test_the_button_of_another_feature_goes_to_that_feature(anna: Teller) -> None:
    anna.says("rats!!!")
    anna._turn(choice="knowledge:helpful:1", intent="choose")
    assert anna.status == "interrupted"


# ---------------------------------------------------------------------------------- consent and forgetting


def test_nothing_but_the_draft_is_kept_before_consent(anna: Teller) -> None:
    anna.says("rats behind the library")
    assert "When you send it" in anna.heard and "Until then nothing is sent" in anna.heard
    assert not cases(anna) and drafts(anna) == 1
    anna.presses("Send anonymously")
    assert len(cases(anna)) == 1 and drafts(anna) == 0


@pytest.mark.parametrize("word", ["cancel", "stop it please", "Forget it"])
def test_cancelling_deletes_the_draft(anna: Teller, word: str) -> None:
    anna.says("rats!!!")
    anna.says(word, "out_of_scope")
    assert anna.status == "done" and "deleted" in anna.heard
    assert drafts(anna) == 0 and not cases(anna)


def test_the_cancel_button_deletes_the_draft_and_dead_buttons_say_so(anna: Teller) -> None:
    anna.says("rats behind the library")
    send = anna.choice("Send anonymously")
    anna.presses("Cancel")
    assert drafts(anna) == 0
    from civic.service_requests.intake import talk

    turn = anna._make(choice=send.value, intent="choose")
    assert "did not send it again" in talk.pressed_outside(anna.session, turn, anna.services).text
    assert not cases(anna)


def photos_kept(anna: Teller) -> tuple[int, int]:
    """How many photos are kept: rows, and files."""
    rows = anna.session.scalar(select(func.count()).select_from(Attachment)) or 0
    folder = anna.services.get(FileStore).folder
    return rows, len([path for path in folder.rglob("*") if path.is_file()])


def test_photos_go_with_a_report_that_was_not_sent(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.sends_photo()
    assert photos_kept(anna) == (1, 1)
    anna.presses("Cancel")
    assert photos_kept(anna) == (0, 0)


def test_a_photo_that_was_taken_out_is_gone_and_a_sent_one_stays(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.sends_photo()
    anna.says("remove the photo")
    anna.presses("No photo")
    assert photos_kept(anna) == (0, 0)
    anna.sends_photo()
    anna.presses("Send anonymously")
    assert photos_kept(anna) == (1, 1)


def test_a_draft_lives_for_a_day(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.falls_silent(hours=23)
    assert purge_drafts(anna.session, anna.clock.now(), anna.services.get(FileStore)) == 0
    anna.falls_silent(hours=2)
    assert purge_drafts(anna.session, anna.clock.now(), anna.services.get(FileStore)) == 1
    assert drafts(anna) == 0


def test_who_comes_back_after_a_silence_is_asked_whether_to_go_on(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.falls_silent(hours=3)
    anna.says("I want to report a problem")
    assert "rats!!!" in anna.heard and anna.labels == ["Go on", "Begin a new one"]
    anna.presses("Go on")
    assert "Where is it?" in anna.heard


def test_a_new_description_after_a_silence_may_replace_the_old_one(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.falls_silent(hours=3)
    anna.says("broken slide in Victoria Gardens")
    anna.presses("Begin a new one")
    assert "Playground" in anna.heard and "rats" not in anna.heard
    anna.presses("Send anonymously")
    assert the_case(anna).description == "broken slide in Victoria Gardens"


def test_an_address_sent_hours_later_still_finds_its_report(anna: Teller) -> None:
    from civic.service_requests.intake import talk

    anna.says("rats!!!")
    anna.falls_silent(hours=3)
    turn = anna._make(text="12 Mill Lane", intent="out_of_scope")
    step = talk.pick_up(anna.session, turn, anna.services, anna.random)
    assert step is not None and "Place: 12 Mill Lane" in step.replies[-1].text
    turn = anna._make(text="yes", intent="affirm")
    step = talk.pick_up(anna.session, turn, anna.services, anna.random)
    assert step is not None and "Shall we go on" in step.replies[-1].text
    assert not cases(anna), "a yes after hours sends nothing"


def test_a_draft_that_expired_is_told_and_begun_anew(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.clock.advance(rules.DRAFT_LIVES)
    anna.says("12 Mill Lane", "out_of_scope")
    assert "not finished" in anna.heard


# ------------------------------------------------------------------------------------------------- danger


def test_danger_puts_the_emergency_number_first(anna: Teller) -> None:
    anna.says("gas leak in our house")
    assert "112" in anna.replies[0].text and anna.replies[0].status == "emergency"
    assert len(anna.replies) > 1, "and the report goes on"


def test_danger_is_noticed_at_any_question(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.says("12 Mill Lane, and there are wires down")
    assert "112" in anna.replies[0].text


# ------------------------------------------------------------------------------------------ several people


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
