"""One lamp that is out: reported on Telegram, joined in the web chat, and both hear every step, once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from tests.contract.guests import Guest, TelegramGuest, WebGuest
from tests.contract.test_channels import NUMBER, text_of
from tests.fakes.telegram_api import FakeTelegram
from tests.people import OfficialAtWork

pytestmark = pytest.mark.rasa


def photo_with_a_place(lat: float, long: float) -> bytes:
    """A photo as a camera makes it: with the place where it stood, north and west."""
    image, out, exif = Image.new("RGB", (320, 240), "gray"), io.BytesIO(), Image.Exif()

    def degrees(value: float) -> tuple[IFDRational, ...]:
        minutes = abs(value) % 1 * 60
        return IFDRational(int(abs(value))), IFDRational(int(minutes)), IFDRational(minutes % 1 * 60)

    exif[0x8825] = {1: "N", 2: degrees(lat), 3: "W", 4: degrees(long)}
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def moves(official: OfficialAtWork, number: str, target: str, **more: str) -> None:
    done = official.http.post(f"/service-requests/{number}/status", json={"status": target, **more})
    assert done.status_code == 200, done.text


def told(guest: Guest, words: str) -> int:
    """How often a citizen was told something, once it has arrived."""
    guest.waits_for(words)
    return sum(words in one.text for one in guest.everything())


def test_on_telegram_from_the_first_word_to_the_stars(
    make_guest: Callable[[str], Guest], telegram: FakeTelegram, official: OfficialAtWork
) -> None:
    anna, ben = make_guest("telegram"), make_guest("web")
    assert isinstance(anna, TelegramGuest) and isinstance(ben, WebGuest)

    # Filed: the photo says where it was taken, and says it to nobody after that.
    assert "Where is it?" in text_of(anna.says("the street lamp is out, it is pitch dark"))
    picture = photo_with_a_place(51.5432, -1.3123)
    offered = anna._do(lambda: telegram.send_document(anna.chat, picture, "lamp.jpg", "image/jpeg"))
    assert "where the photo was taken" in text_of(offered), offered
    anna.presses("Yes, there")
    assert "Photos: 2" in text_of(anna.sends_photo(photo_with_a_place(51.5, -1.2)))
    found = NUMBER.search(text_of(anna.presses("Send anonymously")))
    assert found, anna.everything()
    number = found[0]
    case = official.gets(f"/service-requests/{number}")
    assert (round(case["lat"], 4), round(case["long"], 4)) == (51.5432, -1.3123)
    assert len(case["attachments"]) == 2
    kept = official.http.get(f"/service-requests/{number}/attachments/{case['attachments'][0]['id']}")
    assert not Image.open(io.BytesIO(kept.content)).getexif()

    # Joined by somebody in the web chat, who sees the same lamp.
    ben.says("street light not working at all, dark corner")
    assert number in text_of(ben.shares_place(51.5431, -1.3122))
    assert "two of you" in text_of(ben.presses(f"It is {number}"))

    # Asked; the answer is a reply on Telegram, then a photo more.
    moves(official, number, "waiting_for_citizen", message="Which number stands on the post?")
    assert told(anna, "Which number stands on the post?") == 1
    assert "I have added that" in text_of(anna.says("it says 4711"))
    assert told(ben, "work on it has begun") == 1
    assert "added the photo" in text_of(anna.sends_photo(photo_with_a_place(51.5, -1.2)))
    case = official.gets(f"/service-requests/{number}")
    assert case["status"] == "in_progress" and len(case["attachments"]) == 3
    assert [one["text"] for one in case["messages"] if one["author"] == "citizen"][:2] == [
        "street light not working at all, dark corner",
        "it says 4711",
    ]

    # Solved, not fixed: open again, the official is alerted; solved, fixed, rated.
    moves(official, number, "resolved")
    assert told(anna, "Is it fixed?") == told(ben, "Is it fixed?") == 1
    assert "is open again" in text_of(anna.presses("Not fixed", times=2))
    assert told(ben, "open again") == 1
    assert "not_fixed" in official.gets(f"/service-requests/{number}")["alerts"]
    moves(official, number, "in_progress")
    moves(official, number, "resolved", message="A new lamp is in.")
    assert told(anna, "A new lamp is in.") == told(ben, "A new lamp is in.") == 1
    assert "How satisfied" in text_of(anna.presses("Fixed"))
    anna.presses("5")
    assert "Thank you" in text_of(anna.says("quick the second time"))
    assert "How satisfied" in text_of(ben.says("fixed"))
    ben.presses("3")
    ben.says("no thanks")
    verdicts = official.gets(f"/service-requests/{number}")["verdicts"]
    assert sorted((one["verdict"], one["rating"]) for one in verdicts if one["rating"]) == [
        ("fixed", 3),
        ("fixed", 5),
    ]
    # Each step once, and nobody hears of what they did themselves.
    steps = [
        sum(bool(re.match(rf"{number} \(.*\): ", one.text)) for one in guest.everything())
        for guest in (anna, ben)
    ]
    assert steps == [4, 6]
