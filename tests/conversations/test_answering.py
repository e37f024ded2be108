"""What a citizen hears beyond a plain answer: asked back, both halves of a message, nothing personal kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.people import Citizen
from tests.stack import Stack


def test_the_answer_says_title_section_and_date_and_opens_at_the_marked_passage(citizen: Citizen) -> None:
    citizen.says("how much does a second resident permit cost?")
    (citation, *_) = citizen.citations
    assert citation["date"] == "2025-06-02" and citation["section"] == "Resident permits"
    page = citizen.http.get(citation["url"]).text
    (marked,) = re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.S)
    assert "£110" in marked
    assert "2025" in page


def test_two_questions_in_one_message_get_a_quote_each(citizen: Citizen) -> None:
    citizen.says("how much does a blue badge cost and how many books can I borrow from the library?")
    quotes = " ".join(citation["quote"] for citation in citizen.citations)
    assert "£10" in quotes and "15 items" in quotes, quotes


def test_half_an_answer_says_which_half_is_missing(citizen: Citizen) -> None:
    citizen.says("how many books can I borrow from the library and can I keep a camel on my balcony?")
    assert "answered_partly" in citizen.statuses, citizen.heard
    assert "camel" in citizen.replies[0]["text"]
    assert "15 items" in citizen.citations[0]["quote"]


def test_a_vague_message_is_asked_back_once_with_topics_and_never_twice(citizen: Citizen) -> None:
    citizen.says("parking")
    assert citizen.statuses == ["clarify"] and len(citizen.labels) >= 2, citizen.heard
    citizen.says("parking permits")
    assert "clarify" not in citizen.statuses, citizen.heard


def test_a_topic_chosen_is_answered(citizen: Citizen) -> None:
    citizen.says("blue badge")
    assert "clarify" in citizen.statuses, citizen.heard
    chosen = citizen.labels[0]
    citizen.presses(chosen)
    assert citizen.citations and citizen.citations[0]["title"].startswith("Blue Badge"), citizen.heard


def test_what_is_typed_after_being_asked_back_goes_on_from_there(citizen: Citizen) -> None:
    citizen.says("blue badge")
    citizen.says("how much does it cost?")
    assert "£10" in citizen.citations[0]["quote"], citizen.citations


def test_a_follow_up_that_sounds_like_another_wish_is_answered(citizen: Citizen) -> None:
    citizen.says("what are the opening hours of the library?")
    citizen.says("and on sundays?")
    assert "library" in citizen.citations[0]["title"].lower(), citizen.heard
    citizen.says("when is my bin collected?")
    citizen.says("what about the green one?")
    assert "waste" in citizen.citations[0]["title"].lower(), citizen.heard


def test_the_same_words_out_of_the_blue_are_no_follow_up(citizen: Citizen) -> None:
    citizen.says("and on sundays?")
    assert not citizen.citations, citizen.heard


def test_follow_ups_keep_their_topic_three_turns_deep_and_let_it_go(citizen: Citizen) -> None:
    citizen.says("how much is a resident parking permit?")
    citizen.says("and for electric cars?")
    assert "electric" in citizen.citations[0]["quote"].lower()
    for follow_up in ("and what about visitors?", "is there one for carers?"):
        citizen.says(follow_up)
        titles = [citation["title"].lower() for citation in citizen.citations]
        assert titles and "parking" in titles[0], (follow_up, citizen.heard)
    citizen.says("how many books can I borrow from the library?")
    assert "15 items" in citizen.citations[0]["quote"]
    citizen.says("and is it open on sundays?")
    titles = [citation["title"].lower() for citation in citizen.citations]
    assert titles and "librar" in titles[0], citizen.heard


@pytest.mark.parametrize(
    ("text", "secret", "kind"),
    [
        ("How much is a parking permit? Write to zorro.quux@example.org", "zorro.quux", "e-mail address"),
        ("my number is 07700 900461, how do I get a blue badge?", "900461", "phone number"),
        ("can I pay with 4111 1111 1111 1111 for the permit?", "4111 1111", "card number"),
        ("I am AB 12 34 56 C, do I pay council tax?", "12 34 56", "identity number"),
        ("refund my permit to GB82 WEST 1234 5698 7654 32 please, how?", "WEST", "account number"),
    ],
)
def test_personal_data_in_a_question_is_refused_and_kept_nowhere(
    citizen: Citizen, stack: Stack, text: str, secret: str, kind: str
) -> None:
    citizen.says(text)
    assert kind in citizen.heard, citizen.heard
    assert stack.where(secret) == []
    assert stack.where(f"[{kind}]"), "the rest of the message is kept, the data replaced by a word"


def test_personal_data_in_a_question_inside_a_report_is_kept_nowhere_either(
    citizen: Citizen, stack: Stack
) -> None:
    citizen.says("I want to report a problem")
    citizen.says("how much is a second resident parking permit, my mail is quuxmail@example.org")
    assert "personal_data_refused" in citizen.statuses, citizen.heard
    assert stack.where("quuxmail") == []
    citizen.says("a pothole at 12 Mill Lane, write to xyzzymail@example.org")
    assert "12 Mill Lane" in citizen.heard, "the report goes on"
    assert stack.where("xyzzymail"), "and takes what it asks for"


def test_inside_a_report_contact_details_are_kept_as_they_are(citizen: Citizen, stack: Stack) -> None:
    citizen.says("I want to report a problem")
    citizen.says("a wombat sized pothole at 12 Mill Lane, my number is 07700 900987")
    assert "900987" in stack.dump()


def test_a_first_message_that_reports_goes_without_its_phone_number(citizen: Citizen, stack: Stack) -> None:
    citizen.says("there is a huge pothole outside 12 Mill Lane, call me on 07700 900654")
    assert "Mill Lane" in citizen.heard and "phone number" in citizen.heard
    assert stack.where("900654") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("I want to end it all", "116 123"),
        ("my husband hits me", "0808 2000 247"),
        ("there's a fire at no 5", "112"),
        ("the flood water is rising and we are stuck upstairs", "112"),
    ],
)
def test_emergency_numbers_come_first_whatever_is_going_on(citizen: Citizen, text: str, number: str) -> None:
    citizen.says(text)
    assert number in citizen.replies[0]["text"]
    assert citizen.replies[0]["status"] == "emergency_signposted"
    citizen.says("I want to report a problem")
    citizen.says(text)
    assert number in citizen.replies[0]["text"], "in a report as well"


@pytest.mark.parametrize(
    "text", ["what are the fire door regulations", "this deadline is killing me", "when is bonfire night"]
)
def test_ordinary_messages_raise_no_alarm(citizen: Citizen, text: str) -> None:
    citizen.says(text)
    assert "emergency_signposted" not in citizen.statuses


def test_a_question_with_a_complaint_is_answered_and_the_report_is_offered(citizen: Citizen) -> None:
    citizen.says("what are the bin days, mine was not collected on Monday")
    assert citizen.citations, citizen.heard
    citizen.presses("Report it")
    assert "Missed bin" in citizen.heard and not citizen.citations, citizen.heard
    citizen.says("general waste")
    citizen.says("12 Mill Lane")
    assert "12 Mill Lane" in citizen.heard, citizen.heard


def test_both_acts_are_heard_whichever_comes_first(citizen: Citizen) -> None:
    citizen.says("the street light at 12 Mill Lane is broken again, how much is garden waste collection?")
    heard = citizen.heard + " ".join(citation["quote"] for citation in citizen.citations)
    assert "£54" in heard, heard
    assert "12 Mill Lane" in heard or "Report it" in citizen.labels, heard


def test_the_question_in_a_complaint_is_answered_and_the_report_offered(
    citizen: Citizen, stack: Stack, tmp_path: Path
) -> None:
    page = tmp_path / "ferry.md"
    page.write_text(
        "# The river ferry and when it does not run\n\n## Why there may be no ferry\n\nThere is no ferry in "
        "fog, at high water, or when the ferryman is ill. The board at the landing says so.\n",
        encoding="utf-8",
    )
    assert stack.folkmoot("knowledge", "add", str(page)).returncode == 0
    citizen.says("why is there no ferry, I waited an hour")
    assert "There is no ferry in fog" in citizen.citations[0]["quote"], citizen.heard
    assert any(label.startswith("Send") for label in citizen.labels) or "Report it" in citizen.labels
    stack.folkmoot("knowledge", "remove", "ferry")


@pytest.mark.parametrize("how", ["press", "type"])
def test_not_what_i_meant_shows_the_next_two_passages_and_the_way_to_people(
    citizen: Citizen, how: str
) -> None:
    citizen.says("how much does a second resident permit cost?")
    first = citizen.citations[0]["quote"]
    if how == "press":
        citizen.presses("Not what I meant")
    else:
        citizen.says("that is not what I meant")
    quotes = {citation["quote"] for citation in citizen.citations}
    assert len(quotes) >= 2 and first not in quotes, citizen.heard
    citizen.presses("Pass my question on")
    assert "passed your question on" in citizen.heard


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("can I sue my landlord for the damp?", "unanswerable_legal_advice"),
        ("which party should I vote for?", "unanswerable_party_politics"),
        ("where does the mayor live?", "unanswerable_about_a_person"),
    ],
)
def test_what_is_not_for_us_is_refused_in_words_of_its_own(citizen: Citizen, text: str, status: str) -> None:
    citizen.says(text)
    assert status in citizen.statuses, citizen.heard
    assert not citizen.citations
