"""A survey with every type of question is answered in the chat, on the web, by words, buttons and sharing."""

from __future__ import annotations

import io

from PIL import Image

from tests.people import Citizen, OfficialAtWork


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "seagreen").save(out, "JPEG")
    return out.getvalue()


def test_every_type_is_answered_as_people_do_and_officials_see_it(
    citizen: Citizen, official: OfficialAtWork
) -> None:
    citizen.says("I'd like to take a survey")
    citizen.presses("The summer festival")
    citizen.presses("Yes, let's begin")
    assert "second weekend of July" in citizen.heard, "a note is told without waiting"
    assert "were you at this year's festival" in citizen.heard.lower()
    citizen.says("of course")
    citizen.says("yesterday")
    assert "Noted:" in citizen.heard and "what time" in citizen.heard
    citizen.says("half past 3")
    assert citizen.labels[:2] == ["03:30", "15:30"], "what may mean two is asked back"
    citizen.presses("15:30")
    citizen.says("four stars")
    assert "photo" in citizen.heard
    citizen.says("I have none with me")
    assert "I need a photo" in citizen.heard
    citizen.sends_photo(photo())
    assert "Put these in order" in citizen.heard, citizen.heard
    citizen.presses("Games for children")
    assert "1. ✓ Games for children" in citizen.labels
    citizen.presses("Music")
    assert "Noted: Games for children, Music, Food and drink." in citizen.heard
    assert 'under "Games for children"' in citizen.heard, "an earlier answer is named in a question"
    citizen.says("a climbing wall of marzipan")
    citizen.says("south")
    assert "Old Bridge" in citizen.labels and "The station" not in citizen.labels, "choices follow the area"
    citizen.says("the school")
    citizen.says("12 Mill Lane")
    assert "cannot look up addresses" in citizen.heard
    citizen.shares_place(51.5007, -0.1246)
    assert "Keep: 1" in citizen.labels, citizen.heard
    citizen.says("back")
    assert "Keep: 51.5007 -0.1246" in citizen.labels, "what was taken back is offered again"
    citizen.presses("Keep: 51.5007 -0.1246")
    citizen.presses("Keep: 1")
    citizen.says("ok")
    assert "from April" in citizen.heard
    answers = official.gets("/surveys/summer-festival/answers")
    told = str(answers)
    for kept in (
        "15:30",
        "51.5007 -0.1246",
        "marzipan",
        "Games for children",
        "'games', 'music', 'food'",
        "chat",
    ):
        assert kept in told, (kept, told)
    assert "welcome" not in str(answers.get("items", answers))


def test_a_note_is_not_told_again_when_the_question_is_repeated(citizen: Citizen) -> None:
    citizen.says("I'd like to take a survey")
    citizen.presses("The summer festival")
    citizen.presses("Yes, let's begin")
    citizen.says("repeat")
    assert "second weekend" not in citizen.heard and "this year's festival" in citizen.heard
