"""Somebody reported it already: the next one joins, hears the same, and is counted."""

from __future__ import annotations

from collections.abc import Callable

from civic.conversation.erasure import Erasers
from civic.conversation.forgetting import erase_citizen as erase_conversation
from civic.conversation.models import Attachment
from civic.service_requests import commands, queries
from civic.service_requests.calendar import Calendar
from civic.service_requests.models import ServiceRequest
from tests.service_requests.conftest import Teller
from tests.service_requests.kept import cases, drafts, the_case

Meet = Callable[..., Teller]


def reported(meet: Meet, text: str = "huge pothole outside 12 Mill Lane, a cyclist fell") -> Teller:
    first = meet("first")
    first.says(text)
    first.presses("Send anonymously")
    return first


def the_first(teller: Teller) -> ServiceRequest:
    return min(cases(teller), key=lambda case: case.requested_at)


def test_the_second_one_joins_instead_of_sending(meet: Meet) -> None:
    reported(meet)
    ben = meet("second")
    ben.says("deep hole in the road on Mill Lane, I nearly came off my bike")
    case = the_first(ben)
    assert "Is it one of these?" in ben.heard and case.service_request_id in ben.heard
    assert "cyclist fell" not in ben.heard, "somebody else's words are nobody's business"
    assert "openstreetmap.org" in ben.heard
    ben.presses(f"It is {case.service_request_id}")
    assert "that makes two of you" in ben.heard and ben.status == "done"
    assert len(cases(ben)) == 1 and drafts(ben) == 0
    ben.session.refresh(case)
    assert [message.text for message in case.messages] == [
        "deep hole in the road on Mill Lane, I nearly came off my bike"
    ]
    told = queries.subscribers(ben.session, case)
    assert [one.citizen_id for one in told] == [case.citizen_id, ben.citizen_id]


def test_it_is_no_extra_question_who_sends_sends(meet: Meet) -> None:
    reported(meet)
    ben = meet("second")
    ben.says("pothole outside 14 Mill Lane")
    ben.presses("Send anonymously")
    assert len(cases(ben)) == 2 and ben.turns == 2


def test_none_of_these_brings_the_summary_back(meet: Meet) -> None:
    reported(meet)
    ben = meet("second")
    ben.says("there is a pothole outside 12 Mill Lane")
    ben.presses("None of these")
    assert ben.heard.startswith("Is this right?") and "Is it one of these?" not in ben.heard
    ben.presses("Send anonymously")
    assert len(cases(ben)) == 2


def test_the_number_can_be_typed_instead(meet: Meet) -> None:
    reported(meet)
    ben = meet("second")
    ben.says("there is a pothole outside 12 Mill Lane")
    ben.says(f"it is {the_first(ben).service_request_id}", intent="check_status")
    assert len(cases(ben)) == 1 and "joined" in ben.heard


def test_something_else_nearby_is_not_offered(meet: Meet) -> None:
    reported(meet)
    ben = meet("second")
    ben.says("rats in the yard behind Mill Lane")
    assert "Is it one of these?" not in ben.heard


def test_what_one_reported_oneself_is_not_offered(meet: Meet) -> None:
    first = reported(meet)
    first.says("huge pothole outside 12 Mill Lane, a cyclist fell")
    assert "Is it one of these?" not in first.heard


def test_a_private_matter_is_never_shown_to_others(meet: Meet) -> None:
    reported(meet, "my neighbour plays loud music all night at 5 Castle Street")
    ben = meet("second")
    ben.says("loud music all night at 5 Castle Street")
    assert the_first(ben).service_code == "noise" and "Is it one of these?" not in ben.heard


def test_a_request_that_ended_meanwhile_is_not_joined(meet: Meet) -> None:
    reported(meet)
    ben = meet("second")
    ben.says("there is a pothole outside 12 Mill Lane")
    case = the_first(ben)
    commands.withdraw(ben.session, case, Calendar(), ben.clock.now())
    ben.presses(f"It is {case.service_request_id}")
    assert "has ended" in ben.heard and "Send anonymously" in ben.labels


def test_joined_reports_are_among_my_reports_and_can_be_left(meet: Meet) -> None:
    reported(meet)
    ben = meet("second")
    ben.says("there is a pothole outside 12 Mill Lane")
    ben.presses(f"It is {the_case(ben).service_request_id}")
    assert "You have joined it" in ben.asks_status("my reports")
    ben.presses("Tell me no more about it")
    assert "do not write to you" in ben.heard
    assert len(queries.subscribers(ben.session, the_case(ben))) == 1
    assert "have not reported anything" in ben.asks_status("my reports")


def test_the_reporter_reads_how_many_joined(meet: Meet) -> None:
    first = reported(meet)
    ben = meet("second")
    ben.says("there is a pothole outside 12 Mill Lane")
    ben.presses(f"It is {the_case(ben).service_request_id}")
    assert "One other person has joined it." in first.asks_status("my reports")


def test_erasing_the_joiner_takes_their_words_and_photos_and_nobody_elses(meet: Meet) -> None:
    reported(meet)
    ben = meet("second")
    ben.says("there is a pothole outside 12 Mill Lane")
    button = ben.choice(f"It is {the_case(ben).service_request_id}")
    ben.sends_photo()
    ben.presses_again(button)
    assert len(the_case(ben).attachments) == 1
    erasers = Erasers(commands.erase_citizen, erase_conversation)
    erasers.erase(ben.session, ben.citizen_id, ben.clock.now())
    ben.session.commit()
    ben.session.expire_all()
    case = the_case(ben)
    assert case.messages == [] and case.attachments == [] and "cyclist fell" in case.description
    assert ben.session.query(Attachment).count() == 0
    assert len(queries.subscribers(ben.session, case)) == 1


def test_a_bare_yes_after_is_it_one_of_these_sends_nothing_before_it_is_clear(
    anna: Teller, meet: Callable[..., Teller]
) -> None:
    anna.says("huge pothole outside 12 Mill Lane, a cyclist fell")
    anna.presses("Send anonymously")
    ben = meet("browser-2")
    ben.says("deep pothole at 12 Mill Lane")
    assert "Is it one of these?" in ben.replies[-1].text
    assert "or yes, send yours?" in ben.says("yes", intent="affirm")
    assert ben.labels[-1] == "Send mine, anonymously" and len(ben.labels) == 2
    ben.presses(ben.labels[0])
    assert ben.status == "done" and "two of you" in ben.heard
