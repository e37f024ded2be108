"""A survey as a telephone shows it: ticks in the message that asks, a pause, and the languages of a town."""

from __future__ import annotations

from tests.fakes.telegram_api import FakeTelegram
from tests.fakes.telegram_wire import Seen
from tests.people import OfficialAtWork
from tests.stack import Stack

PATIENCE = 30.0
FESTIVAL, WASTE = "/start survey_summer-festival", "/start survey_household-waste"


class Phone:
    """One citizen's Telegram."""

    def __init__(self, telegram: FakeTelegram, chat: int, language: str) -> None:
        self.telegram, self.chat = telegram, chat
        telegram.chat(chat).language = language
        self.last = 0

    def says(self, text: str, until: str) -> Seen:
        self.telegram.say(self.chat, text)
        return self._sees(until)

    def presses(self, label: str, until: str) -> Seen:
        self.telegram.press(self.chat, label, timeout=PATIENCE)
        return self._sees(until)

    def ticks(self, asked: Seen, label: str, *shown: str) -> None:
        """Presses a choice, which then shows so in the same message; nothing else is sent."""

        def now() -> Seen:
            return next(
                one for one in self.telegram.transcript(self.chat) if one.message_id == asked.message_id
            )

        self.telegram.press(self.chat, label, timeout=PATIENCE)
        self.telegram.wait_until(
            lambda: set(shown) <= set(now().labels), PATIENCE, f"{shown} in {now().labels}"
        )
        assert self.telegram.transcript(self.chat)[-1].message_id == asked.message_id

    def _sees(self, words: str) -> Seen:
        seen = self.telegram.wait_for(self.chat, words, timeout=PATIENCE, after=self.last)
        self.last = seen.message_id
        return seen


def test_a_survey_is_paused_changes_its_language_and_is_finished(
    product: Stack, telegram: FakeTelegram, official: OfficialAtWork
) -> None:
    phone = Phone(telegram, 7501, "fr")
    assert "English" in phone.says(FESTIVAL, "Le service culturel").labels
    phone.presses("Yes, let's begin", "Étiez-vous à la fête")
    phone.presses("Yes", "Quel jour y étiez-vous")
    phone.says("pause", "Paused")
    phone.says(FESTIVAL, "Quel jour y étiez-vous")
    phone.says("in English, please", "Which day were you there")
    phone.says("12 July 2026", "About what time")
    phone.says("français", "À quelle heure")
    phone.says("skip", "Cela vous a-t-il plu")
    phone.says("4", "Voulez-vous nous envoyer une photo")
    order = phone.says("skip", "Mettez en ordre")
    phone.ticks(order, "Jeux pour enfants", "1. ✓ Jeux pour enfants", "La musique")
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


def test_several_answers_are_ticked_in_the_question_that_asks(product: Stack, telegram: FakeTelegram) -> None:
    phone = Phone(telegram, 7502, "en")
    phone.says(WASTE, "Rubbish and recycling at home")
    phone.presses("Yes, let's begin", "Question 1")
    phone.presses("A flat", "Question 2")
    asked = phone.says("2", "Question 3")
    phone.ticks(asked, "Glass", "✓ Glass", "Food waste")
    phone.ticks(asked, "Food waste", "✓ Glass", "✓ Food waste")
    phone.ticks(asked, "✓ Glass", "Glass", "✓ Food waste")
    phone.presses("Done", "How satisfied are you")
