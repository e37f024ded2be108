"""What becomes of a report: everybody who follows it hears it once, and what they answer is heard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from civic.accounts.rules import Role
from civic.conversation import commands as conversations
from civic.delivery.models import Delivery
from civic.kit.images import CleanImage
from civic.kit.services import Services
from civic.service_requests import alerts
from civic.service_requests.rules import Priority, Status
from tests.service_requests.following import Follower, Hall

Meeting = Callable[[str], Follower]


@pytest.fixture
def hall(services: Services) -> Hall:
    return Hall(services)


@pytest.fixture
def meeting(services: Services) -> Meeting:
    return lambda name: Follower(services, name)


@pytest.fixture
def anna(meeting: Meeting) -> Follower:
    return meeting("anna")


@pytest.fixture
def ben(meeting: Meeting) -> Follower:
    return meeting("ben")


@pytest.fixture
def number(hall: Hall, anna: Follower) -> str:
    return hall.files(anna)


def test_a_whole_life_from_the_report_to_the_rating(
    hall: Hall, anna: Follower, ben: Follower, number: str
) -> None:
    hall.joins(ben, number)
    hall.moves(number, Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.RESOLVED)
    assert [len(one.inbox()) for one in (anna, ben)] == [3, 3]
    hall.passes(hours=5)
    assert "is open again" in anna.presses("Not fixed")
    assert hall.case(number).status is Status.REOPENED and hall.flags(number) == ["not_fixed"]
    assert "open again" in ben.heard[-1]
    assert "I have added that" in (anna.says("the hole is still there, right by the drain") or "")
    assert hall.thread(number) == [("citizen", "the hole is still there, right by the drain")]
    assert hall.flags(number) == ["not_fixed", "citizen_wrote"]
    hall.moves(number, Status.IN_PROGRESS, Status.RESOLVED)
    assert hall.flags(number) == []
    assert "How satisfied" in anna.presses("Fixed")
    assert "What was good or bad" in anna.presses("4")
    assert "Thank you" in (anna.says("they came twice, but now it is fine") or "")
    said = [row for row in hall.verdicts(number) if row.verdict]
    (first, last) = said
    assert (first.verdict, last.verdict, last.rating) == ("not_fixed", "fixed", 4)
    assert last.why == "they came twice, but now it is fine"
    assert hall.case(number).status is Status.RESOLVED


@pytest.mark.parametrize("words", ["not fixed", "No, it is not fixed!", "It’s still broken."])
def test_that_it_is_not_fixed_may_be_typed_days_later(
    hall: Hall, anna: Follower, number: str, words: str
) -> None:
    hall.solves(number)
    hall.passes(days=6)
    assert "is open again" in (anna.says(words) or "")
    assert hall.case(number).status is Status.REOPENED


def test_a_question_that_nobody_answered_for_a_month_is_let_go(
    hall: Hall, anna: Follower, number: str
) -> None:
    hall.solves(number)
    hall.passes(days=31)
    assert anna.says("fixed") is None


def test_fixed_and_the_stars_may_be_typed_and_the_why_may_be_left_out(
    hall: Hall, anna: Follower, number: str
) -> None:
    hall.solves(number)
    assert "How satisfied" in (anna.says("yes, it is fixed") or "")
    assert "What was good" in (anna.says("5 out of 5") or "")
    assert "Thank you" in (anna.says("no thanks") or "")
    (row,) = hall.verdicts(number)
    assert (row.rating, row.why) == (5, None)


def test_a_different_problem_begins_a_report_and_leaves_the_case_solved(
    hall: Hall, anna: Follower, number: str
) -> None:
    hall.solves(number)
    said = anna.presses("Different problem")
    assert "we begin a new report" in said and "What is wrong, and where?" in said
    assert hall.case(number).status is Status.RESOLVED
    assert [row.verdict for row in hall.verdicts(number)] == ["different"]


def test_pressed_twice_it_is_reopened_once(hall: Hall, anna: Follower, number: str) -> None:
    hall.solves(number)
    anna.presses("Not fixed")
    assert "has moved on" in anna.presses("Not fixed")
    assert [one.kind for one in hall.alerts()] == ["not_fixed"]


def test_an_old_button_says_nothing_about_a_later_solution(hall: Hall, anna: Follower, number: str) -> None:
    hall.solves(number)
    anna.presses("Not fixed")
    hall.solves(number)
    assert "has moved on" in anna.presses("Not fixed", which=0)
    assert hall.case(number).status is Status.RESOLVED


def test_a_button_of_somebody_else_is_worth_nothing(
    hall: Hall, anna: Follower, ben: Follower, number: str
) -> None:
    hall.solves(number)
    (row,) = hall.verdicts(number)
    message = anna.inbox()[-1]
    assert [one["label"] for one in message["choices"]] == ["Fixed", "Not fixed", "Different problem"]
    assert "is over" in ben._acts(_typed(ben), "choose", f"verdict:{row.id}:not_fixed")
    assert hall.case(number).status is Status.RESOLVED


def _typed(follower: Follower):  # type: ignore[no-untyped-def]
    from civic.conversation.types import InboundMessage

    return InboundMessage(
        channel="telegram",
        address=follower.address,
        message_id="forged",
        received_at=follower.services.clock.now(),
        text="x",
    )


# -------------------------------------------------------------------------------------------- two-way


def test_an_answer_to_the_officials_question_goes_on_with_the_work(
    hall: Hall, anna: Follower, ben: Follower, number: str
) -> None:
    hall.joins(ben, number)
    hall.moves(number, Status.WAITING_FOR_CITIZEN, message="Which side of the road?")
    assert "Which side of the road?" in anna.heard[-1]
    assert "waits for an answer from the person who reported it" in ben.heard[-1]
    assert ben.says("the left side I think") is None  # Ben was not asked
    assert "I have added that" in (anna.says("the left side, call me on 01234 555 123") or "")
    assert hall.case(number).status is Status.IN_PROGRESS
    assert hall.thread(number)[-1] == ("citizen", "the left side, call me on 01234 555 123")
    assert "work on it has begun" in ben.heard[-1] and len(anna.inbox()) == 2


@pytest.mark.parametrize(
    "words", ["thanks", "Hi!", "delete my data", "I want to report a dead fox", "I'd like to take a survey"]
)
def test_what_is_plainly_something_else_does_not_go_to_the_case(
    hall: Hall, anna: Follower, number: str, words: str
) -> None:
    hall.replies(number, "A crew comes on Thursday.")
    assert anna.says(words) is None
    assert hall.thread(number) == [("official", "A crew comes on Thursday.")]


def test_words_with_the_number_go_to_the_case_and_a_question_shows_how_it_stands(
    anna: Follower, ben: Follower, hall: Hall, number: str
) -> None:
    low = number.lower()
    assert anna.says(f"what about {low}?") is None
    assert anna.says(f"status of {number}") is None
    assert anna.says(number) is None
    assert anna.says(f"is {number} being dealt with by anybody") is None
    assert ben.says(f"{number} the hole is two metres wide") is None  # not Ben's
    for words in (f"{low} is getting worse every day", f"about {number}: a car lost its wheel"):
        assert "I have added that" in (anna.says(words) or ""), words
    assert len(hall.thread(number)) == 2


def test_a_reply_to_what_was_said_of_a_case_goes_there_whatever_was_said_since(
    hall: Hall, anna: Follower, number: str
) -> None:
    other = hall.files(anna, "street_light")
    hall.moves(number, Status.ACKNOWLEDGED)
    hall.moves(other, Status.ACKNOWLEDGED)
    assert number in (anna.says("any idea when?", about=number) or "")
    assert hall.thread(number) == [("citizen", "any idea when?")] and hall.thread(other) == []


def test_a_photo_and_a_place_go_to_the_case_too(
    hall: Hall, anna: Follower, number: str, services: Services
) -> None:
    with services.sessions.begin() as session:
        image = CleanImage(b"x", "image/jpeg", 1, 1)
        conversations.add_attachment(session, anna.conversation_id, "ph", image, services.clock.now())
    hall.moves(number, Status.WAITING_FOR_CITIZEN, message="A photo, please.")
    assert "photo" in (anna.says(photo="ph") or "")
    assert "51.5" in ((anna.says(place=(51.5, -0.7)) and hall.thread(number)[-1][1]) or "")
    with services.sessions() as session:
        assert [one.attachment_id for one in hall._case(session, number).attachments] == ["ph"]


def test_who_looks_at_the_case_takes_its_flag_off_and_the_assignees_stays_theirs(
    hall: Hall, anna: Follower, number: str, services: Services
) -> None:
    colleague = Hall(services)
    hall.replies(number, "Where exactly?")
    anna.says("by the church gate")
    with services.sessions.begin() as session:
        assert [one.alert.kind for one in alerts.of_official(session, hall.official)] == ["citizen_wrote"]
        alerts.see(
            session, colleague.official, hall._case(session, number), services.clock.now(), worked=False
        )
    assert hall.flags(number) == []


# ---------------------------------------------------------------------------------- what citizens wish


@pytest.mark.parametrize(
    ("wish", "told"), [("Tell me everything", 3), ("Only the result", 1), ("Nothing", 0)]
)
def test_a_citizen_hears_what_they_wish_to_hear(
    hall: Hall, anna: Follower, number: str, wish: str, told: int
) -> None:
    assert "How would you like it?" in (anna.says("notifications") or "")
    anna.presses(wish)
    before = len(anna.inbox())
    hall.moves(number, Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.RESOLVED)
    assert len(anna.inbox()) - before == told


def test_the_wish_may_be_typed_and_an_unread_reply_is_shown_to_the_official_as_not_told(
    hall: Hall, anna: Follower, number: str
) -> None:
    assert "of my own accord" in (anna.says("Stop notifying me!") or "")
    assert hall.replies(number, "We come on Friday.").told is False
    assert "whenever something happens" in (anna.says("tell me everything") or "")
    assert hall.replies(number, "We come on Monday.").told is True


def test_an_emergency_is_told_in_the_fast_lane(
    hall: Hall, anna: Follower, number: str, services: Services
) -> None:
    hall.moves(number, Status.ACKNOWLEDGED)
    hall.sets_priority(number, Priority.EMERGENCY)
    hall.moves(number, Status.IN_PROGRESS)
    with services.sessions() as session:
        lanes = session.scalars(select(Delivery.lane).order_by(Delivery.created_at, Delivery.id)).all()
    assert lanes == ["push", "urgent"]


def test_a_message_that_names_the_reporter_is_not_read_to_those_who_joined(
    hall: Hall, anna: Follower, ben: Follower
) -> None:
    number = hall.files(anna, name="Anna Miller")
    hall.joins(ben, number)
    hall.moves(number, Status.ACKNOWLEDGED, message="Dear Ms Miller, we come on Friday.")
    assert "Friday" in anna.heard[-1]
    assert "Friday" not in ben.heard[-1] and "read your report" in ben.heard[-1]
    hall.moves(number, Status.IN_PROGRESS, message="The crew is there.")
    assert "The crew is there." in ben.heard[-1]


def test_who_has_their_data_deleted_leaves_a_number_behind_and_no_words(
    hall: Hall, anna: Follower, ben: Follower, number: str, services: Services
) -> None:
    from civic.service_requests.commands import erase_citizen

    hall.joins(ben, number)
    hall.solves(number)
    for one in (anna, ben):
        one.presses("Fixed")
        one.presses("2")
        one.says("slow and rude")
    with services.sessions.begin() as session:
        erase_citizen(session, anna.citizen_id, services.clock.now())
    mine, theirs = sorted(hall.verdicts(number), key=lambda row: row.why or "")
    assert (mine.rating, mine.why, mine.citizen_id) == (2, None, None)
    assert theirs.why == "slow and rude"


def test_an_admin_is_not_needed_to_see_what_an_agent_missed(hall: Hall, services: Services) -> None:
    viewer = Hall(services, Role.VIEWER)
    number = hall.files(Follower(services, "cora"))
    hall.replies(number, "Where?")
    Follower(services, "cora").says("at the bridge")
    with services.sessions.begin() as session:
        case = hall._case(session, number)
        assert alerts.see(session, viewer.official, case, services.clock.now(), worked=False) == 0
    assert hall.flags(number) == ["citizen_wrote"]
