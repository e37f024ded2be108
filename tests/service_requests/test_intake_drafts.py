"""A report is sent once or forgotten: buttons pressed twice, drafts left lying, photos not sent."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from civic.conversation.models import Attachment
from civic.kit.files import FileStore
from civic.service_requests import rules
from civic.service_requests.commands import purge_drafts
from tests.service_requests.conftest import Teller
from tests.service_requests.kept import cases, drafts, the_case

# What is said in a chat is the same on any database; what is kept and found again is looked at on both.
pytestmark = pytest.mark.one_database

# ---------------------------------------------------------------------------------------------------- buttons


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


@pytest.mark.both_databases
def test_a_double_tap_on_send_files_once(anna: Teller) -> None:
    anna.says("rats behind the library")
    send = anna.choice("Send anonymously")
    anna.presses_again(send)
    number = the_case(anna).service_request_id
    anna.presses_again(send)
    assert number in anna.heard and "already" in anna.heard
    assert len(cases(anna)) == 1 and anna.status == "done"


@pytest.mark.both_databases
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


# ------------------------------------------------------------------------------------- consent and forgetting


@pytest.mark.both_databases
def test_nothing_but_the_draft_is_kept_before_consent(anna: Teller) -> None:
    anna.says("rats behind the library")
    assert "When you send it" in anna.heard and "Until then nothing is sent" in anna.heard
    assert not cases(anna) and drafts(anna) == 1
    anna.presses("Send anonymously")
    assert len(cases(anna)) == 1 and drafts(anna) == 0


@pytest.mark.both_databases
@pytest.mark.parametrize("word", ["cancel", "stop it please", "Forget it"])
def test_cancelling_deletes_the_draft(anna: Teller, word: str) -> None:
    anna.says("rats!!!")
    anna.says(word, "out_of_scope")
    assert anna.status == "done" and "deleted" in anna.heard
    assert drafts(anna) == 0 and not cases(anna)


@pytest.mark.both_databases
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


@pytest.mark.both_databases
def test_photos_go_with_a_report_that_was_not_sent(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.sends_photo()
    assert photos_kept(anna) == (1, 1)
    anna.presses("Cancel")
    assert photos_kept(anna) == (0, 0)


@pytest.mark.both_databases
def test_a_photo_that_was_taken_out_is_gone_and_a_sent_one_stays(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.sends_photo()
    anna.says("remove the photo")
    anna.presses("No photo")
    assert photos_kept(anna) == (0, 0)
    anna.sends_photo()
    anna.presses("Send anonymously")
    assert photos_kept(anna) == (1, 1)


@pytest.mark.both_databases
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


@pytest.mark.both_databases
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


@pytest.mark.both_databases
def test_a_draft_that_expired_is_told_and_begun_anew(anna: Teller) -> None:
    anna.says("rats!!!")
    anna.clock.advance(rules.DRAFT_LIVES)
    anna.says("12 Mill Lane", "out_of_scope")
    assert "not finished" in anna.heard
