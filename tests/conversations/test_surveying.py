"""A survey is answered as people type, with a question in between, and goes on tomorrow."""

from __future__ import annotations

from tests.people import Citizen, OfficialAtWork


def begins(citizen: Citizen) -> None:
    citizen.says("I'd like to take a survey")
    citizen.presses("Rubbish and recycling at home")
    citizen.presses("Yes, let's begin")
    assert "Question 1" in citizen.heard


def test_a_survey_is_answered_in_words_and_buttons_and_officials_see_it(
    citizen: Citizen, official: OfficialAtWork
) -> None:
    begins(citizen)
    citizen.presses("A flat")
    citizen.says("the three of us")
    citizen.says("general rubbish and glass")
    citizen.says("every other week")
    citizen.says("lots")
    assert "number from 1 to 5" in citizen.heard
    citizen.says("2")
    citizen.says("the lorry comes at five in the morning, marmalade everywhere")
    for _ in range(4):
        if "Thank you." in citizen.heard:
            break
        citizen.says("skip")
    assert "Thank you." in citizen.heard, citizen.heard
    answers = str(official.gets("/surveys/household-waste/answers"))
    assert "marmalade" in answers


def test_a_question_in_between_is_answered_and_the_survey_comes_back(citizen: Citizen) -> None:
    begins(citizen)
    citizen.presses("A flat")
    citizen.says("How do I apply for a blue badge?")
    assert citizen.citations, citizen.heard
    assert "How many people" in citizen.heard
    citizen.says("four")
    assert "Which of these bins" in citizen.heard


def test_a_complaint_in_between_is_filed_and_the_survey_comes_back(citizen: Citizen) -> None:
    begins(citizen)
    citizen.says("report a problem")
    citizen.says("a huge pothole outside 12 Mill Lane")
    citizen.presses("Send anonymously")
    assert "FM-" in citizen.heard
    assert "kind of home" in citizen.heard


def test_a_survey_is_paused_and_gone_on_with(citizen: Citizen) -> None:
    begins(citizen)
    citizen.says("a house with garden")
    citizen.says("pause")
    assert "Paused" in citizen.heard
    citizen.says("hello")
    citizen.says("I want to go on with the survey")
    if "Go on" in citizen.labels:
        citizen.presses("Go on")
    assert "How many people" in citizen.heard, citizen.heard


def test_stopping_asks_and_deletes(citizen: Citizen) -> None:
    begins(citizen)
    citizen.presses("A flat")
    citizen.says("stop")
    citizen.presses("Yes, stop and delete")
    assert "deleted" in citizen.heard
    citizen.says("thank you")
    assert "Question" not in citizen.heard


def test_the_button_of_an_earlier_question_never_answers_another(citizen: Citizen) -> None:
    begins(citizen)
    earlier = citizen.token("A flat")
    citizen.presses("A flat")
    citizen.says("2")
    citizen._take(citizen.send(choice=earlier))
    assert "changed nothing" in citizen.heard
    assert "Which of these bins" in citizen.heard


def test_who_answered_already_is_told_so(citizen: Citizen) -> None:
    begins(citizen)
    citizen.presses("Something else")
    citizen.says("1")
    citizen.says("glass")
    citizen.says("4")
    for _ in range(4):
        if "Thank you." in citizen.heard:
            break
        citizen.says("skip")
    citizen.says("I want to take the household waste survey")
    assert "answered" in citizen.heard and "already" in citizen.heard
    assert "Keep: Something else" in citizen.labels
    citizen.says("stop")
    assert "your first answers count" in citizen.heard


def test_a_survey_speaks_the_language_of_who_answers_and_another_one_on_request(citizen: Citizen) -> None:
    def says(text: str) -> str:
        citizen._take(citizen.send(text=text, language="fr-FR"))
        return citizen.heard

    citizen._take(citizen.send(survey="summer-festival", language="fr-FR"))
    assert "Le service culturel" in citizen.heard and "English" in citizen.labels, citizen.heard
    assert "Étiez-vous à la fête" in says("yes")
    assert "Were you at this year's festival" in says("in English, please")
    assert "Which day were you there" in says("yes")
    assert "Quel jour y étiez-vous" in says("français")
