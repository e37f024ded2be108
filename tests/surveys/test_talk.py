"""What a citizen goes through in a survey, message by message, on a real database."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from civic.surveys.models import SurveyAnswer
from tests.surveys.conftest import Respondent, Respondents

# What is said in a chat is the same on any database; what is kept and found again is looked at on both.
pytestmark = pytest.mark.one_database


def begun(respondent: Respondent, survey: str = "transport") -> Respondent:
    respondent.starts(f"I want to do the {survey} survey")
    respondent.says("yes")
    return respondent


def answers(respondent: Respondent) -> dict[str, object]:
    rows = respondent.session.query(SurveyAnswer).order_by(SurveyAnswer.ordinal).all()
    return {row.question: row.value for row in rows}


def test_several_open_surveys_are_offered_as_buttons(respondent: Respondent) -> None:
    said = respondent.starts()
    assert "3 surveys" in said
    assert set(respondent.labels) == {
        "Getting to the town centre",
        "Opening hours of the library",
        "Rubbish and recycling at home",
    }
    assert respondent.status == "done"


def test_a_button_of_the_list_begins_that_survey_with_its_consent(respondent: Respondent) -> None:
    respondent.starts()
    said = respondent.presses("Opening hours of the library")
    assert "anonymous" in said and "Shall we begin?" in said
    assert respondent.labels == ["Yes, let's begin", "No, thanks"]
    assert respondent.status == "asking"


def test_a_survey_is_begun_by_its_name_in_the_text(respondent: Respondent) -> None:
    assert "Getting to the town centre" in respondent.starts("can I take the transprot survey")


@pytest.mark.both_databases
def test_a_deep_link_begins_the_survey_of_that_id(respondent: Respondent) -> None:
    respondent._turn(intent="start_survey", choice="household-waste")
    assert respondent.rows[0].survey_id == "household-waste"


def test_a_link_to_an_unknown_survey_shows_those_there_are(respondent: Respondent) -> None:
    said = respondent._turn(intent="start_survey", choice="no-such-survey")
    assert "3 surveys" in said and respondent.status == "done"


@pytest.mark.both_databases
def test_nothing_is_asked_before_consent_and_nothing_is_kept_without_it(respondent: Respondent) -> None:
    respondent.starts("transport")
    said = respondent.presses("No, thanks")
    assert "nothing was kept" in said and respondent.status == "done"
    assert respondent.session.query(SurveyAnswer).count() == 0


@pytest.mark.both_databases
def test_a_whole_survey_by_typing(respondent: Respondent) -> None:
    respondent.starts("transport")
    assert "Question 1 of" in respondent.says("yes please")
    assert "Question 2 of" in respondent.says("every day")
    assert "How do you usually" in respondent.says("nonsense")
    respondent.says("I take the bus")
    said = respondent.says("around thirty")
    assert "Noted: 30" in said and "How satisfied" in said
    respondent.says("4 out of 5")
    respondent.says("More buses on Sunday, and a shelter at the mill")
    thanks = respondent.says("45")
    assert "Thank you for taking part" in thanks and respondent.status == "done"
    assert answers(respondent) == {
        "frequency": "daily",
        "main_mode": "bus",
        "minutes": 30,
        "bus_rating": 4,
        "one_wish": "More buses on Sunday, and a shelter at the mill",
        "age_group": "35-64",
    }
    assert respondent.rows[0].state == "completed"


def test_branches_follow_the_answers(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("never")
    assert "What keeps you" in respondent.last.replies[0].text  # type: ignore[union-attr]


def test_several_choices_by_buttons_are_toggled_and_then_done(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("never")
    assert "Done" not in respondent.labels
    said = respondent.presses("It costs too much")
    assert "Chosen so far: It costs too much" in said and "Question" not in said
    respondent.presses("It takes too long")
    respondent.presses("✓ It costs too much")
    respondent.presses("Done")
    assert answers(respondent)["barriers"] == ["time"]


@pytest.mark.both_databases
def test_a_double_tap_on_a_toggle_is_one_tap(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("never")
    button = respondent.buttons[0]
    respondent.presses_old(button)
    respondent.presses_old(button)
    respondent.presses("Done")
    assert answers(respondent)["barriers"] == ["cost"]


def test_a_double_tap_never_answers_the_next_question(respondent: Respondent) -> None:
    begun(respondent)
    button = respondent.buttons[0]
    respondent.presses_old(button)
    said = respondent.presses_old(button)
    assert "belongs to another question" in said and "How do you usually" in said
    assert answers(respondent) == {"frequency": "daily"}


def test_an_old_skip_button_does_not_skip_another_question(respondent: Respondent) -> None:
    begun(respondent, "transport")
    for text in ("never", "cost"):
        respondent.says(text)
    skip = next(button for button in respondent.buttons if button.label == "Skip")
    respondent.presses_old(skip)
    said = respondent.presses_old(skip)
    assert "another question" in said and "How old" in said


def test_buttons_of_a_finished_survey_say_so(respondent: Respondent) -> None:
    begun(respondent)
    button = respondent.buttons[0]
    for text in ("never", "cost", "skip", "skip"):
        respondent.says(text)
    assert respondent.status == "done"
    assert "finished" in respondent.presses_old(button)
    assert respondent.status == "done"


@pytest.mark.both_databases
def test_back_returns_to_the_question_before_and_the_new_answer_counts(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("daily")
    said = respondent.says("back")
    assert "How often" in said and answers(respondent) == {}
    respondent.says("weekly")
    assert answers(respondent) == {"frequency": "weekly"}


def test_a_required_question_is_not_skipped_and_an_optional_one_is(respondent: Respondent) -> None:
    begun(respondent)
    assert "cannot be skipped" in respondent.says("skip")
    respondent.says("never")
    respondent.says("cost")
    assert "Skipped" in respondent.says("skip")
    assert answers(respondent)["one_wish"] is None


def test_repeat_asks_the_question_again(respondent: Respondent) -> None:
    begun(respondent)
    assert "How often do you go" in respondent.says("what was the question?", "repeat")


def test_why_do_you_ask_is_answered(respondent: Respondent) -> None:
    begun(respondent, "waste")
    respondent.says("house")
    said = respondent.says("why do you ask?", "ask_policy")
    assert "too small for five" in said and "How many people" in said


def test_a_question_in_between_goes_to_the_one_who_answers_and_the_survey_comes_back(
    respondent: Respondent,
) -> None:
    begun(respondent)
    respondent.says("When is my bin collected?", "ask_policy")
    assert respondent.status == "interrupted"
    assert "How often do you go" in respondent.resumes()
    assert respondent.status == "asking"


def test_a_valid_answer_beats_the_classifier(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("never")
    respondent.says("price, wheelchair", "ask_policy", 0.99)
    assert respondent.status == "asking"
    assert answers(respondent)["barriers"] == ["cost", "access"]


def test_open_text_is_an_answer_whatever_the_classifier_thinks(respondent: Respondent) -> None:
    begun(respondent)
    for text in ("never", "cost"):
        respondent.says(text)
    respondent.says("The street light at the stop is broken", "report_problem", 0.99)
    assert answers(respondent)["one_wish"] == "The street light at the stop is broken"


def test_open_text_is_interrupted_by_a_question_and_by_explicit_words(respondent: Respondent) -> None:
    begun(respondent)
    for text in ("never", "cost"):
        respondent.says(text)
    respondent.says("How much is a parking permit?", "ask_policy")
    assert respondent.status == "interrupted"
    respondent.says("help", "help")
    assert respondent.status == "interrupted"
    assert "one_wish" not in answers(respondent)


@pytest.mark.both_databases
def test_stop_asks_first_and_then_deletes_the_answers(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("never")
    said = respondent.says("stop", "cancel")
    assert "would be deleted" in said and respondent.status == "asking"
    assert answers(respondent) == {"frequency": "never"}
    assert "were deleted" in respondent.says("yes")
    assert answers(respondent) == {} and respondent.rows[0].state == "stopped"
    assert respondent.status == "done"


def test_stop_can_be_thought_better_of(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("never")
    respondent.says("stop")
    assert "What keeps you" in respondent.says("no")
    assert answers(respondent) == {"frequency": "never"}


@pytest.mark.both_databases
def test_who_stopped_may_begin_again(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("stop")
    assert "Shall we begin?" in respondent.starts("transport")


@pytest.mark.both_databases
def test_a_paused_survey_goes_on_tomorrow_where_it_was(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("daily")
    assert "Paused" in respondent.says("pause")
    assert respondent.status == "done"
    respondent.waits(days=1)
    said = respondent.starts("let's go on with the survey")
    assert "Welcome back! We were at question 2 of" in said and "How do you usually" in said
    respondent.says("bike")
    assert answers(respondent)["main_mode"] == "bicycle"


@pytest.mark.both_databases
def test_the_dialogue_may_forget_and_the_answer_still_counts(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("daily")
    respondent.forgets()
    respondent.waits(hours=2)
    respondent.says("by bike", "nlu_fallback")
    assert answers(respondent)["main_mode"] == "bicycle" and respondent.status == "asking"


def test_after_forgetting_something_else_is_not_taken_for_an_answer(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("daily")
    respondent.forgets()
    said = respondent.says("blue elephants", "nlu_fallback")
    assert "Welcome back" in said and "main_mode" not in answers(respondent)


def test_a_button_pressed_after_forgetting_still_answers_its_question(respondent: Respondent) -> None:
    begun(respondent)
    respondent.forgets()
    respondent.presses("Never")
    assert answers(respondent) == {"frequency": "never"} and respondent.status == "asking"


@pytest.mark.both_databases
def test_everybody_answers_once_and_is_told_so(respondent: Respondent) -> None:
    begun(respondent)
    for text in ("never", "cost", "skip", "skip"):
        respondent.says(text)
    assert "Until you have finished, your first answers count" in respondent.starts("the transport survey")
    assert "your first answers count" in respondent.says("stop")
    respondent.starts()
    assert len(respondent.labels) == 2


@pytest.mark.both_databases
def test_two_citizens_do_not_touch_each_others_answers(respondents: Respondents) -> None:
    one, two = begun(respondents("one")), begun(respondents("two"))
    one.says("never")
    two.says("daily")
    stolen = one.buttons[0]
    two.presses_old(stolen)
    assert [row.last_question for row in one.rows] == ["barriers"]
    assert [row.last_question for row in two.rows] == ["main_mode"]


@pytest.mark.both_databases
def test_another_survey_can_be_begun_and_the_first_one_waits(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("daily")
    respondent.starts("the library survey")
    respondent.says("yes")
    respondent.says("never")
    for text in ("comics", "evening", "yes"):
        respondent.says(text)
    assert respondent.status == "done"
    assert "We were at question 2" in respondent.starts()


def test_a_probable_yes_is_asked_back_and_confirmed_with_one_tap(respondent: Respondent) -> None:
    begun(respondent)
    for text in ("daily", "car", "10"):
        respondent.says(text)
    assert "Did you mean: Yes?" in respondent.says("I guess so")
    assert respondent.labels == ["Yes", "Something else"]
    respondent.presses("Yes")
    assert answers(respondent)["parking"] == "yes"


def test_a_suggestion_can_be_confirmed_by_typing_yes_and_refused_by_no(respondent: Respondent) -> None:
    begun(respondent)
    respondent.says("daily")
    respondent.says("car")
    respondent.says("more than 50")
    assert "About how many minutes" in respondent.says("no")
    respondent.says("more than 50")
    respondent.says("yes")
    assert answers(respondent)["minutes"] == 50


def test_free_wording_is_mapped_by_meaning_and_only_ever_suggested(respondents: Respondents) -> None:
    def meaning(text: str, labels: Sequence[str]) -> list[float]:
        return [0.7 if label == "By bicycle" else 0.1 for label in labels]

    respondent = begun(respondents("m", meaning))
    respondent.says("daily")
    assert "Did you mean: By bicycle?" in respondent.says("pedalling along the canal")
    assert "main_mode" not in answers(respondent)
    respondent.presses("Yes")
    assert answers(respondent)["main_mode"] == "bicycle"


def test_a_broken_constraint_is_explained_in_the_designers_words(respondent: Respondent) -> None:
    begun(respondent)
    for text in ("daily", "bike"):
        respondent.says(text)
    assert "between 1 and 240" in respondent.says("1000")


def test_a_place_or_a_photo_is_no_answer(respondent: Respondent) -> None:
    begun(respondent)
    said = respondent._turn(intent="share_location")
    assert "cannot use that" in said and "How often" in said


def test_a_button_of_something_else_goes_there(respondent: Respondent) -> None:
    begun(respondent)
    respondent._turn(intent="choose", choice="knowledge:helpful:1")
    assert respondent.status == "interrupted"
