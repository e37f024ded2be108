"""A complaint is filed in a minute, and the citizen hears what became of it."""

from __future__ import annotations

import io
import re

from PIL import Image

from tests.people import Citizen, OfficialAtWork

NUMBER = re.compile(r"FM-[0-9A-Z]+")


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), "gray").save(out, "JPEG")
    return out.getvalue()


def filed(citizen: Citizen) -> str:
    """The number that the last turn gave."""
    found = NUMBER.search(citizen.heard)
    assert found, citizen.heard
    return found.group()


def complains(citizen: Citizen) -> str:
    citizen.says("there is a huge pothole outside 12 Mill Lane")
    assert "12 Mill Lane" in citizen.heard and "Pothole" in citizen.heard
    citizen.presses("Send anonymously")
    return filed(citizen)


def test_a_whole_sentence_is_filed_in_two_turns(citizen: Citizen, official: OfficialAtWork) -> None:
    number = complains(citizen)
    case = official.gets(f"/service-requests/{number}")
    assert "pothole" in case["description"].lower()


def test_a_complaint_with_place_photo_and_name_takes_five_turns_at_most(
    citizen: Citizen, official: OfficialAtWork
) -> None:
    turns = 0
    citizen.says("I want to report something")
    turns += 1
    citizen.says("somebody dumped a fridge and old mattresses")
    turns += 1
    citizen.shares_place(51.5025, -1.2463)
    turns += 1
    citizen.sends_photo(photo())
    turns += 1
    assert "Photo: 1" in citizen.heard, citizen.heard
    citizen.presses("Send anonymously")
    turns += 1
    number = filed(citizen)
    assert turns == 5
    case = official.gets(f"/service-requests/{number}")
    assert case["lat"] == 51.5025 and case["long"] == -1.2463


def test_the_citizen_hears_what_the_official_did_where_they_wrote(
    citizen: Citizen, official: OfficialAtWork
) -> None:
    number = complains(citizen)
    answer = official.http.post(
        f"/service-requests/{number}/replies", json={"text": "A crew comes on Thursday."}
    )
    assert answer.status_code in (200, 201), answer.text
    citizen.waits_for("A crew comes on Thursday.")
    changed = official.http.post(f"/service-requests/{number}/status", json={"status": "acknowledged"})
    assert changed.status_code in (200, 201), changed.text
    citizen.waits_for("passed it to the crew")
    illegal = official.http.post(f"/service-requests/{number}/status", json={"status": "submitted"})
    assert illegal.status_code == 409


def test_a_number_with_a_slip_is_still_found_and_strangers_see_no_more_than_the_state(
    citizen: Citizen, somebody: object
) -> None:
    number = complains(citizen)
    citizen.says(f"what about {number.lower().replace('-', ' ')}?")
    assert number in citizen.heard and "12 Mill Lane" in citizen.heard
    stranger: Citizen = somebody()  # type: ignore[operator]
    stranger.says(f"status of {number}")
    assert number in stranger.heard and "12 Mill Lane" not in stranger.heard


def test_what_was_understood_wrongly_is_corrected_at_the_summary(citizen: Citizen) -> None:
    citizen.says("the street light outside 3 Bridge Street is broken")
    citizen.says("change the place to 5 Castle Road")
    assert "5 Castle Road" in citizen.heard and "3 Bridge Street" not in citizen.heard.split("Place:")[1]
    citizen.presses("Send anonymously")
    assert filed(citizen)


def test_cancelling_leaves_nothing(citizen: Citizen, official: OfficialAtWork) -> None:
    citizen.says("graffiti with a rhinoceros on the wall at 9 Abbey Road")
    citizen.says("cancel")
    assert "deleted" in citizen.heard
    assert "rhinoceros" not in str(official.gets("/service-requests", text="rhinoceros")["items"])
    citizen.says("hello")
    assert "What can I do for you" in citizen.heard


def test_pressing_send_twice_files_once(citizen: Citizen, official: OfficialAtWork) -> None:
    citizen.says("overflowing litter bin with a purple zeppelin at 4 Station Road")
    token = citizen.token("Send anonymously")
    first = citizen.send("press-1", choice=token)
    second = citizen.send("press-2", choice=token)
    number = NUMBER.search(first.text)
    assert number and number.group() in second.text, second.text
    assert len(official.gets("/service-requests", text="zeppelin")["items"]) == 1


def test_the_same_message_sent_again_gives_the_same_replies(citizen: Citizen) -> None:
    first = citizen.says("there is broken glass on the playground in Riverside Park", "same-id")
    second = citizen.says("there is broken glass on the playground in Riverside Park", "same-id")
    assert first == second


def test_a_question_in_between_is_answered_and_the_complaint_comes_back(citizen: Citizen) -> None:
    citizen.says("I want to report a problem")
    citizen.says("How do I apply for a blue badge?")
    assert citizen.citations, citizen.heard
    citizen.says("a fallen tree blocks the path at 7 Church Lane")
    assert "7 Church Lane" in citizen.heard


def test_danger_comes_first(citizen: Citizen) -> None:
    citizen.says("I smell gas in Mill Lane")
    assert "112" in citizen.replies[0]["text"]
