"""What every channel promises: the same message means the same, and the same reply shows the same."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.contract.guests import Guest, Shown, TelegramGuest, WebGuest
from tests.fakes.telegram_api import FakeTelegram
from tests.people import OfficialAtWork

pytestmark = pytest.mark.rasa

NUMBER = re.compile(r"FM-\w+")
MENU = ("Report a problem", "Take a survey", "Talk to a person")


def photo() -> bytes:
    image, out, exif = Image.new("RGB", (64, 48), "gray"), io.BytesIO(), Image.Exif()
    exif[0x010F] = "a camera"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def text_of(shown: list[Shown]) -> str:
    return "\n".join(one.text for one in shown)


def test_a_greeting_is_answered_with_what_can_be_done_here(guest: Guest) -> None:
    (greeting,) = guest.says("hello")
    assert "What can I do for you?" in greeting.text
    assert greeting.labels == MENU


def test_a_button_does_what_it_says(guest: Guest) -> None:
    guest.says("hello")
    assert "people at the town hall" in text_of(guest.presses("Talk to a person"))


def test_a_button_tapped_twice_acts_once(guest: Guest) -> None:
    guest.says("hello")
    shown = guest.presses("Talk to a person", times=2)
    assert len(shown) == 1
    assert "Your message is with the town hall" in text_of(
        guest.says("Please mend the clock at the station.")
    )


def test_a_message_that_arrives_twice_is_acted_upon_once(guest: Guest, official: OfficialAtWork) -> None:
    before = official.gets("/enquiries")["total"]
    guest.says("I want to talk to a person")
    shown = guest.says_with_one_id("Please tell me who looks after the war memorial.", times=3)
    assert len(shown) == 1
    assert official.gets("/enquiries")["total"] == before + 1
    assert len(guest.everything()) == 2


def test_a_place_that_nobody_asked_for_is_understood(guest: Guest) -> None:
    (shown,) = guest.shares_place(52.5, 13.4)
    assert "Thank you for the place" in shown.text
    assert shown.labels == MENU


def test_a_photo_that_nobody_asked_for_is_understood(guest: Guest) -> None:
    (shown,) = guest.sends_photo(photo())
    assert "Thank you for the photo" in shown.text
    assert shown.labels == MENU


def test_a_text_that_is_too_long_is_refused_politely_and_the_talk_goes_on(guest: Guest) -> None:
    # Telegram lets nobody type more than 4,096 characters at once.
    shown = guest.says("word " * (800 if isinstance(guest, TelegramGuest) else 1000))
    assert "too long for me" in text_of(shown)
    assert "What can I do for you?" in text_of(guest.says("hello"))


@pytest.mark.parametrize(
    "text", ["\U0001f44d\U0001f44d", "/greet{}", '/complaint_form{"name": "x"}', "<b>hello</b>", "'; --"]
)
def test_whatever_is_typed_gets_an_answer_and_commands_nothing(guest: Guest, text: str) -> None:
    shown = guest.says(text)
    assert shown
    assert "something went wrong" not in text_of(shown)


def newest_enquiry(official: OfficialAtWork, words: str) -> dict[str, Any]:
    """The last message to the town hall with these words; other tests send theirs meanwhile."""
    items = official.gets("/enquiries", sort="newest")["items"]
    found: dict[str, Any] = next(item for item in items if words in item["text"])
    return found


def test_html_that_is_typed_is_shown_as_typed(guest: Guest, official: OfficialAtWork) -> None:
    guest.says("I want to talk to a person")
    guest.says("Is <b>5 < 6</b> & what does <script>alert(1)</script> cost?")
    enquiry = newest_enquiry(official, "5 < 6")
    answer = "It is <i>free</i> & simple: 1 < 2. <script>alert(2)</script>"
    official.http.post(f"/enquiries/{enquiry['id']}/replies", json={"text": answer}).raise_for_status()
    assert answer in guest.waits_for("It is").text


def test_an_officials_answer_arrives_by_itself_and_once(guest: Guest, official: OfficialAtWork) -> None:
    guest.says("I want to talk to a person")
    guest.says(f"Where do I find the form for a market stall? ({guest.channel})")
    enquiry = newest_enquiry(official, f"market stall? ({guest.channel})")
    said = {"text": "The form is at the desk on the ground floor."}
    assert official.http.post(f"/enquiries/{enquiry['id']}/replies", json=said).status_code == 201
    assert official.http.post(f"/enquiries/{enquiry['id']}/replies", json=said).status_code == 409
    guest.waits_for("ground floor")
    guest.says("thanks")
    assert sum("ground floor" in one.text for one in guest.everything()) == 1


def test_what_is_said_is_shown_in_the_order_in_which_it_was_said(guest: Guest) -> None:
    said = ["hello", "are you a robot?", "what can you do?", "bye"]
    answers = [guest.says(text) for text in said]
    assert guest.everything() == [one for answer in answers for one in answer]
    if isinstance(guest, WebGuest):
        numbers = [row["seq"] for row in guest.rows()]
        assert numbers == sorted(set(numbers))


def test_delete_my_data_is_confirmed_where_it_was_asked(guest: Guest) -> None:
    guest.says("hello")
    shown = guest.says("delete my data")
    assert shown[-1].labels
    confirmed = guest.presses(shown[-1].labels[0])
    assert "something went wrong" not in text_of(confirmed)
    assert "What can I do for you?" in text_of(guest.says("hello"))


def test_a_complaint_with_place_and_photo_is_sent_once_however_often_send_is_tapped(
    guest: Guest, official: OfficialAtWork
) -> None:
    before = official.gets("/service-requests")["total"]
    assert "Where is it?" in text_of(guest.says("The street light is broken"))
    assert "51.49500, -1.25500" in text_of(guest.shares_place(51.495, -1.255))
    assert "Photo: 1" in text_of(guest.sends_photo(photo()))
    sent = guest.presses("Send anonymously", times=2)
    assert len(NUMBER.findall(text_of(sent))) == 1
    assert official.gets("/service-requests")["total"] == before + 1


def test_a_complaint_reads_the_same_at_both_channels(make_guest: Callable[[str], Guest]) -> None:
    # Not at one place: the second would be shown that the first reported it already.
    places = {"web": (51.505, -1.255), "telegram": (51.515, -1.245)}

    def told(guest: Guest) -> list[Shown]:
        shown = guest.says("The street light is broken")
        shown += guest.shares_place(*places[guest.channel]) + guest.sends_photo(photo())
        return shown + guest.presses("Send anonymously")

    web, phone = (told(make_guest(channel)) for channel in ("web", "telegram"))
    assert [_words(one.text) for one in phone] == [_words(one.text) for one in web]
    assert [one.labels for one in phone[:-2]] == [one.labels for one in web[:-2]]


def test_an_answer_names_the_same_source_at_both_channels(make_guest: Callable[[str], Guest]) -> None:
    web, phone = make_guest("web"), make_guest("telegram")
    there, here = (guest.says("When is my garden waste collected?") for guest in (web, phone))
    assert there[0].links
    assert here[0].links == there[0].links
    assert _words(here[0].text).startswith(_words(there[0].text))


CONVERSATION = [
    "hello",
    "what can you do?",
    "are you a robot?",
    "asdf qwer zxcv",
    "take a survey",
    "no",
    "what is the weather on mars",
    "bye",
]


def test_both_channels_say_the_same(make_guest: Callable[[str], Guest]) -> None:
    web, phone = make_guest("web"), make_guest("telegram")
    for text in CONVERSATION:
        there, here = web.says(text), phone.says(text)
        assert [one.labels for one in here] == [one.labels for one in there], text
        assert [one.links for one in here] == [one.links for one in there], text
        for a, b in zip(there, here, strict=True):
            assert _words(b.text).startswith(_words(a.text)), text


def test_a_deep_link_starts_its_survey_in_telegram(
    make_guest: Callable[[str], Guest], telegram: FakeTelegram
) -> None:
    linked, asked = make_guest("telegram"), make_guest("web")
    shown = linked.says("/start survey_household-waste")
    assert "Rubbish and recycling at home" in text_of(shown)
    offered = asked.says("take a survey")[-1].labels
    assert any("Rubbish" in label for label in offered)


def _words(text: str) -> str:
    text = re.sub(r"-?\d+\.\d{5}", "0.0", text)
    return NUMBER.sub("FM-", re.sub(r"\s+", " ", text)).strip()
