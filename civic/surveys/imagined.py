"""How imagined people put an answer: its label, its number, other words, a slip of the finger."""

from __future__ import annotations

import random
from datetime import date, datetime

from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.values import Value, as_text

OPEN = ("text",)  # kept as typed: nothing can be misunderstood
_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_AROUND = ("{}", "{}", "{} please", "I think {}", "{}!", "it's {}", "well, {}")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_NEAR = {"a": "s", "e": "r", "i": "o", "n": "m", "o": "p", "r": "t", "s": "d", "t": "y", "u": "i", "l": "k"}


def phrase(
    question: SurveyQuestion, meant: Value, chance: random.Random, language: str, now: datetime
) -> str:
    """Some way to say it."""
    match question.type:
        case "select_one":
            return _around(_named(question, as_text(meant), chance, language), chance)
        case "select_multiple" if isinstance(meant, tuple):
            parts = [_named(question, name, chance, language) for name in meant]
            return chance.choice((", ", " and ")).join(parts)
        case "rank" if isinstance(meant, tuple):
            numbers = [str([one.name for one in question.choices].index(name) + 1) for name in meant]
            labels = [_label(question, name, language) for name in meant]
            return chance.choice((", ".join(numbers), " ".join(numbers), ", ".join(labels)))
        case "yes_no":
            words = {
                "yes": ("yes", "yep", "of course", "Yes.", "yeah sure"),
                "no": ("no", "nope", "not really", "No!"),
            }
            return chance.choice(words.get(as_text(meant), (as_text(meant),)))
        case "acknowledge":
            return chance.choice(("ok", "OK", "sure", "fine"))
        case "integer" | "decimal" | "range" if isinstance(meant, int | float):
            said = [as_text(meant), as_text(meant), f"about {as_text(meant)}", f"{as_text(meant)}."]
            if isinstance(meant, int) and 0 <= meant < len(_SMALL):
                said.append(_SMALL[meant])
            return chance.choice(said)
        case "date":
            return _day(date.fromisoformat(as_text(meant)), chance, now)
        case "time":
            return as_text(meant)
        case "geopoint":
            return as_text(meant).replace(" ", ", ")
    return chance.choice(("It is fine as it is.", "more benches", "I do not mind at all", as_text(meant)))


def _label(question: SurveyQuestion, name: str, language: str) -> str:
    choice = question.choice(name)
    return choice.label.in_language(language) if choice else name


def _named(question: SurveyQuestion, name: str, chance: random.Random, language: str) -> str:
    label, choice = _label(question, name, language), question.choice(name)
    number = [one.name for one in question.choices].index(name) + 1
    ways = [label, label.lower(), str(number), _slip(label, chance), _slip(label.lower(), chance)]
    if choice and choice.also:
        ways += [chance.choice(choice.also), chance.choice(choice.also)]
    return chance.choice(ways)


def _around(text: str, chance: random.Random) -> str:
    return chance.choice(_AROUND).format(text)


def _slip(text: str, chance: random.Random) -> str:
    """One slip: a letter doubled, left out, swapped with the next, or its neighbour on the keyboard."""
    places = [place for place, letter in enumerate(text[:-1]) if letter.isalpha()]
    if len(places) < 4:
        return text
    at = chance.choice(places)
    return chance.choice(
        (
            text[:at] + text[at] + text[at:],
            text[:at] + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            text[:at] + _NEAR.get(text[at], text[at]) + text[at + 1 :],
        )
    )


def _day(day: date, chance: random.Random, now: datetime) -> str:
    month = _MONTHS[day.month - 1]
    ways = [
        day.isoformat(),
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{day:%d/%m/%Y}",
    ]
    away = (now.date() - day).days
    if away in (0, 1):
        ways += [("today", "yesterday")[away]] * 3
    return chance.choice(ways)
