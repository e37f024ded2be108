"""After sending: comments, photos, taking back, and receipts of reports that are nobody's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from civic.conversation.models import Attachment, InboundRecord
from civic.service_requests import commands, receipts, rules
from civic.service_requests.calendar import Calendar
from civic.service_requests.models import ServiceRequestReceipt
from civic.service_requests.rules import Status
from tests.service_requests.conftest import Teller
from tests.service_requests.kept import drafts, the_case

RECEIPT = re.compile(r"FM-[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]{5}")


def sent(anna: Teller, button: str = "Send anonymously") -> str:
    anna.says("huge pothole outside 12 Mill Lane, a cyclist fell")
    anna.presses(button)
    return the_case(anna).service_request_id


# ------------------------------------------------------------------------------------- comments and photos


def test_a_comment_is_added_from_the_status(anna: Teller) -> None:
    number = sent(anna)
    anna.asks_status("my reports")
    anna.presses("Add a comment or a photo")
    assert number in anna.heard
    anna.says("When will you come? It has grown to half a metre.", intent="ask_policy")
    assert f"Added to {number}" in anna.heard and anna.status == "done"
    (message,) = the_case(anna).messages
    assert (message.author, message.internal, message.citizen_id) == ("citizen", False, anna.citizen_id)
    assert message.text == "When will you come? It has grown to half a metre." and drafts(anna) == 0


def test_a_photo_is_added_with_words(anna: Teller) -> None:
    number = sent(anna)
    anna.asks_status(f"add a photo to {number}")
    anna.sends_photo()
    assert "Added to" in anna.heard and len(the_case(anna).attachments) == 1


def test_a_case_takes_only_so_many_photos_and_the_others_are_gone(anna: Teller) -> None:
    number = sent(anna)
    for _ in range(rules.MAX_PHOTOS + 1):
        anna.asks_status(f"add a photo to {number}")
        anna.sends_photo()
    assert "as many as I can take" in anna.heard
    assert len(the_case(anna).attachments) == rules.MAX_PHOTOS
    assert len(anna.session.scalars(select(Attachment)).all()) == rules.MAX_PHOTOS


@pytest.mark.parametrize("word", ["cancel", "no", "back"])
def test_who_changes_their_mind_adds_nothing(anna: Teller, word: str) -> None:
    number = sent(anna)
    anna.asks_status(f"add a comment to {number}")
    anna.says(word, intent="cancel")
    assert "stays as it is" in anna.heard and the_case(anna).messages == [] and drafts(anna) == 0


def test_an_unfinished_report_waits_beneath_the_comment(anna: Teller) -> None:
    number = sent(anna)
    anna.says("rats!!!")
    anna.asks_status(f"add a comment to {number}")
    anna.says("It has grown.")
    assert f"Added to {number}" in anna.heard and "Where is it?" in anna.heard
    anna.says("4 Castle Street")
    anna.presses("Send anonymously")
    assert anna.status == "done" and drafts(anna) == 0


def test_strangers_can_neither_add_nor_take_back(anna: Teller, meet: Callable[..., Teller]) -> None:
    number = sent(anna)
    ben = meet("stranger")
    for text in (f"add a comment to {number}", f"withdraw {number}"):
        assert "was not sent from here" in ben.asks_status(text)
    assert the_case(anna).status is Status.SUBMITTED and drafts(ben) == 0


# ------------------------------------------------------------------------------------------- taking back


@pytest.mark.parametrize("yes", ["yes", "Yes, take it back"])
def test_a_report_is_taken_back_after_a_second_question(anna: Teller, yes: str) -> None:
    number = sent(anna)
    anna.asks_status("I want to withdraw my report")
    assert f"Shall I take {number} back?" in anna.heard
    anna.presses(yes) if yes in anna.labels else anna.says(yes, intent="affirm")
    case = the_case(anna)
    assert "is taken back" in anna.heard and case.status is Status.CLOSED
    assert (case.changes[-1].actor, case.changes[-1].source) == ("citizen", Status.SUBMITTED)
    assert "nothing to take back" in anna.asks_status(f"withdraw {number}")


def test_no_keeps_it(anna: Teller) -> None:
    number = sent(anna)
    anna.asks_status(f"withdraw {number}")
    anna.says("no", intent="deny")
    assert "stays as it is" in anna.heard and the_case(anna).status is Status.SUBMITTED


def test_what_others_joined_goes_on_for_them(anna: Teller, meet: Callable[..., Teller]) -> None:
    number = sent(anna)
    ben = meet("second")
    ben.says("there is a pothole outside 12 Mill Lane")
    ben.presses(f"It is {number}")
    anna.asks_status(f"withdraw {number}")
    anna.presses("Yes, take it back")
    case = the_case(anna)
    assert "goes on for them" in anna.heard and case.status is Status.SUBMITTED
    assert (case.citizen_id, case.conversation_id) == (None, None)
    assert "You have joined it" in ben.asks_status(number)


# ---------------------------------------------------------------------------------------------- receipts


def test_a_report_without_a_trace_leads_back_to_nobody(anna: Teller) -> None:
    anna.says("huge pothole outside 12 Mill Lane, a cyclist fell")
    anna.sends_photo(taken_at=(51.5, -1.25))
    anna.presses("Send without a trace")
    case = the_case(anna)
    assert case.citizen_id is None and case.draft_id is None
    assert case.conversation_id != anna.conversation_id
    (photo,) = anna.session.scalars(select(Attachment))
    assert photo.conversation_id == case.conversation_id and photo.lat is None
    found = RECEIPT.search(anna.heard)
    assert found and found.group().startswith(case.service_request_id)
    assert [(one.label, one.intent) for one in anna.choices] == [("Delete this chat now", "delete_my_data")]
    (kept,) = anna.session.scalars(select(ServiceRequestReceipt))
    assert found.group()[9:].replace("-", "") not in kept.code_hash
    assert "have not reported anything" in anna.asks_status("my reports")
    assert "person who reported it" in anna.asks_status(case.service_request_id)


def test_the_receipt_opens_the_report_from_anywhere(anna: Teller, meet: Callable[..., Teller]) -> None:
    sent(anna, "Send without a trace")
    found = RECEIPT.search(anna.heard)
    assert found is not None
    receipt = found.group()
    elsewhere = meet("another-browser")
    elsewhere.asks_status(f"my receipt is {receipt.lower().replace('-', ' ')}")
    assert "Place: outside 12 Mill Lane" in elsewhere.heard
    elsewhere.presses("Add a comment or a photo")
    elsewhere.says("It has grown.")
    elsewhere.sends_photo() if elsewhere.active else None
    (message,) = the_case(anna).messages
    assert (message.text, message.citizen_id) == ("It has grown.", None)
    elsewhere.asks_status(f"withdraw {receipt}")
    elsewhere.presses("Yes, take it back")
    assert the_case(anna).status is Status.CLOSED


def test_a_receipt_with_a_slip_opens_nothing(anna: Teller) -> None:
    number = sent(anna, "Send without a trace")
    assert "does not fit" in anna.asks_status(f"{number}-AAAAA-AAAAA")
    assert "was not sent from here" in anna.asks_status(f"add a comment to {number}-AAAAA-AAAAA")


def test_a_second_tap_on_send_without_a_trace_sends_nothing_again(anna: Teller) -> None:
    anna.says("huge pothole outside 12 Mill Lane, a cyclist fell")
    button = anna.choice("Send without a trace")
    anna.presses_again(button)
    anna.presses_again(button)
    the_case(anna)
    assert RECEIPT.search(anna.heard) is None


def test_codes_are_read_however_they_are_typed() -> None:
    assert receipts.find("FM-7K3Q9-4TZ8M-9WQ2B") == ("FM-7K3Q9", "4TZ8M9WQ2B")
    assert receipts.find("my receipt: fm 7k3q9 4tz8m 9wq2b.") == ("FM-7K3Q9", "4TZ8M9WQ2B")
    assert receipts.find("FM7K3Q9-4TZ8M9WQ2B") == ("FM-7K3Q9", "4TZ8M9WQ2B")
    assert receipts.find("FM-7K3Q9") is None and receipts.find("what about FM-7K3Q9 today") is None


def test_the_two_who_take_the_last_steps_are_checked_by_the_table(anna: Teller) -> None:
    sent(anna)
    commands.withdraw(anna.session, the_case(anna), Calendar(), anna.clock.now())
    with pytest.raises(rules.IllegalTransition):
        commands.withdraw(anna.session, the_case(anna), Calendar(), anna.clock.now())
    assert anna.session.scalars(select(InboundRecord)).all()
