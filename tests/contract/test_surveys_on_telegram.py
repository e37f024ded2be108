"""A survey on Telegram, the whole product: ticks in the message that asks, and the phone's language."""

from __future__ import annotations

import pytest

from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_wire import Seen
from tests.people import OfficialAtWork
from tests.stack import Stack

pytestmark = [pytest.mark.rasa, pytest.mark.usefixtures("product")]
PATIENCE = 30.0


class Phone:
    """One citizen's phone; reads the newest message."""

    def __init__(self, telegram: FakeTelegram, chat: int, language: str) -> None:
        self.telegram, self.chat = telegram, chat
        telegram.chat(chat).language = language

    def expects(self, words: str, after: int) -> Seen:
        """A message with these words that came after the one with an id; another may follow it at once."""
        return self.telegram.wait_for(self.chat, lambda seen: words in seen.text, PATIENCE, after)

    @property
    def newest(self) -> Seen:
        return self.telegram.transcript(self.chat)[-1]

    def says(self, text: str, expected: str) -> Seen:
        said = self.telegram.transcript(self.chat)
        self.telegram.say(self.chat, text)
        return self.expects(expected, said[-1].message_id if said else 0)

    def presses(self, label: str, expected: str) -> Seen:
        before = self.newest.message_id
        self.telegram.press(self.chat, label)
        return self.expects(expected, before)

    def ticks(self, label: str, *shown: str) -> None:
        """Presses a choice; the same message shows these buttons then."""
        asked = self.newest.message_id
        self.telegram.press(self.chat, label)
        self.telegram.wait_until(
            lambda: set(shown) <= set(self.newest.labels), PATIENCE, f"{shown} after {label}"
        )
        assert self.newest.message_id == asked, "the ticks change the message that asks"


def test_several_answers_are_ticked_in_one_message_and_typed_as_well(
    telegram: FakeTelegram, official: OfficialAtWork
) -> None:
    phone = Phone(telegram, 8101, "en")
    phone.says("/start survey_household-waste", "Shall we begin")
    phone.presses("Yes, let's begin", "What kind of home")
    phone.presses("A flat", "How many people")
    phone.says("just the two of us", "Which of these bins")
    phone.ticks("Glass", "✓ Glass", "Done")
    phone.ticks("Food waste", "✓ Food waste", "✓ Glass")
    phone.ticks("✓ Food waste", "Food waste", "✓ Glass")
    phone.presses("Done", "How satisfied")
    phone.says("back", "Which of these bins")
    phone.says("glass and general rubbish", "How often would be enough")
    phone.says("stop", "stop for good")
    phone.presses("Yes, stop and delete", "Your answers were deleted")


def test_the_phones_language_is_spoken_where_the_survey_has_it(
    telegram: FakeTelegram, product: Stack
) -> None:
    phone = Phone(telegram, 8102, "fr")
    assert "English" in phone.says("/start survey_summer-festival", "Le service culturel").labels
    phone.presses("Yes, let's begin", "Étiez-vous à la fête")
    phone.says("oui", "Quel jour y étiez-vous")
    phone.says("pause", "Paused")
    telegram.chat(8102).language = "en-GB"
    phone.says("/start survey_summer-festival", "Which day were you there")
    phone.says("en français s'il vous plaît", "Quel jour y étiez-vous")
    phone.says("stop", "stop for good")


def test_an_order_is_pressed_choice_by_choice_and_officials_read_it(
    telegram: FakeTelegram, official: OfficialAtWork
) -> None:
    phone = Phone(telegram, 8103, "fr")
    phone.says("/start survey_summer-festival", "Le service culturel")
    phone.presses("Yes, let's begin", "Étiez-vous à la fête")
    phone.presses("Yes", "Quel jour y étiez-vous")
    phone.says("12 July 2026", "À quelle heure")
    phone.says("skip", "Cela vous a-t-il plu")
    phone.says("4", "Voulez-vous nous envoyer une photo")
    phone.says("skip", "Mettez en ordre")
    phone.ticks("Jeux pour enfants", "1. ✓ Jeux pour enfants", "La musique")
    phone.presses("La musique", "Noted: Jeux pour enfants, La musique, Manger et boire.")
    phone.says("plus de chaises", "D'où viendriez-vous")
    phone.presses("Au nord de la rivière", "Quel arrêt du bus")
    phone.presses("La gare", "un meilleur endroit")
    phone.says("skip", "Combien de personnes")
    phone.says("skip", "S'il pleut")
    phone.says("ok", "Merci !")
    answers = official.gets("/surveys/summer-festival/answers")["items"]
    (mine,) = [one for one in answers if one["answers"].get("wish") == "plus de chaises"]
    assert mine["answers"]["order"] == ["games", "music", "food"] and mine["language"] == "fr"
