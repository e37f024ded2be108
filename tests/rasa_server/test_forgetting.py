"""The dialogue keeps no word of what was answered in a survey, and every word of everything else."""

from __future__ import annotations

import json
from typing import Any

from rasa_server.forgetting import without_answers

Event = dict[str, Any]


def said(text: str, intent: str, **metadata: str) -> Event:
    parsed = {
        "intent": {"name": intent, "confidence": 0.9},
        "text": text,
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
        "metadata": {"message_id": "m", "text": text, **metadata},
    }
    return {"event": "user", "text": text, "parse_data": parsed, "metadata": parsed["metadata"]}


def replied(text: str) -> Event:
    return {"event": "bot", "text": None, "data": {"custom": {"text": text}}, "metadata": {}}


def loop(name: str | None) -> Event:
    return {"event": "active_loop", "name": name}


TALK = [
    said("When does the tip open?", "ask_policy"),
    replied("At eight."),
    said("library survey", "start_survey"),
    loop("survey_form"),
    replied("Shall we begin?"),
    said("every week, for the comics", "out_of_scope", choice="survey:S1:visits:=weekly"),
    replied("Noted: Every week."),
    said("yes", "affirm"),
    loop(None),
    replied("Thank you."),
    said("Where is the town hall?", "ask_policy"),
    replied("In Mill Street."),
]


def test_turns_in_a_survey_are_blanked_and_all_others_kept() -> None:
    kept = without_answers(TALK)
    text = json.dumps(kept)
    assert len(kept) == len(TALK)
    for secret in ("comics", "weekly", "Noted", "affirm", "begin"):
        assert secret not in text
    assert kept[:2] == TALK[:2] and kept[-2:] == TALK[-2:]
    assert [event["event"] for event in kept] == [event["event"] for event in TALK]


def test_an_answer_to_a_survey_that_the_dialogue_had_forgotten_is_blanked_too() -> None:
    picked_up = [said("the comics", "out_of_scope"), loop("survey_form"), replied("Welcome back")]
    assert "comics" not in json.dumps(without_answers(picked_up))


def test_blanking_twice_changes_nothing_more() -> None:
    once = without_answers(TALK)
    assert without_answers(once) == once


def test_other_loops_keep_their_words() -> None:
    report = [said("report", "report_problem"), loop("report_form"), said("a pothole", "out_of_scope")]
    assert without_answers(report) == report


def test_a_question_refused_for_its_personal_data_is_blanked_and_its_answer_kept() -> None:
    refused = {**replied("Please ask without it."), "data": {"custom": {"status": "personal_data_refused"}}}
    talk = [
        said("a pothole", "report_problem"),
        replied("Where?"),
        said("mail a@b.org", "ask_policy"),
        refused,
    ]
    kept = without_answers(talk)
    assert "a@b.org" not in json.dumps(kept)
    assert kept[:2] == talk[:2] and kept[3] == refused
    assert without_answers(kept) == kept
