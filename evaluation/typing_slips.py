"""Makes of a message what it might have looked like in a real chat; the same seed gives the same slips."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

# The keys of an English keyboard, row by row, each row half a key further to the right.
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Not the list that the pipeline reads with (civic/encoder/chat_words.py): written for this test alone.
SMS = {
    "you": "u", "your": "ur", "are": "r", "to": "2", "for": "4", "please": "plz", "thanks": "thx",
    "because": "cuz", "before": "b4", "tomorrow": "2moro", "today": "2day", "what": "wat", "when": "wen",
    "why": "y", "about": "abt", "people": "ppl", "message": "msg", "with": "wiv", "have": "hav", "the": "da",
    "that": "dat", "would": "wud", "could": "cud", "should": "shud", "going": "goin", "want to": "wanna",
    "can't": "cant", "don't": "dont", "i'm": "im", "through": "thru", "tonight": "2nite", "and": "n",
    "some": "sum", "something": "sumthing", "from": "frm", "be": "b", "see": "c", "love": "luv",
}  # fmt: skip
EMOJI = ("😀", "🙏", "😡", "👍", "🤔", "😩", "🚗", "🗑️", "❤️", "🤷‍♀️")
GREETINGS = (
    "hi, ", "Hello! ", "hey there ", "Good morning, ", "hi folks, ", "hiya ", "Good afternoon. ", "hey, ",
    "hello hello, ", "Dear all, ",
)  # fmt: skip

Slip = Callable[[str, random.Random], str]


def near_keys(letter: str) -> str:
    """The letters whose keys touch the key of this one."""
    place = {key: (row, column) for row, keys in enumerate(KEYBOARD) for column, key in enumerate(keys)}
    row, column = place[letter]
    return "".join(
        key
        for key, (r, c) in place.items()
        if key != letter and abs(r - row) <= 1 and abs((c + r / 2) - (column + row / 2)) <= 1
    )


def typo(text: str, chance: random.Random) -> str:
    """One letter is hit on a neighbouring key."""
    places = [place for place, sign in enumerate(text) if sign.isascii() and sign.isalpha()]
    if not places:
        return text
    place = chance.choice(places)
    hit = chance.choice(near_keys(text[place].lower()))
    return text[:place] + (hit.upper() if text[place].isupper() else hit) + text[place + 1 :]


def missing_space(text: str, chance: random.Random) -> str:
    """Two words are written as one."""
    words = text.split()
    if len(words) < 2:
        return text
    place = chance.randrange(len(words) - 1)
    return " ".join([*words[:place], words[place] + words[place + 1], *words[place + 2 :]])


def sms(text: str, chance: random.Random) -> str:
    """Every word that has a short form is shortened."""
    ordered = sorted(SMS, key=len, reverse=True)
    pattern = re.compile(rf"\b({'|'.join(re.escape(word) for word in ordered)})\b", re.IGNORECASE)
    return pattern.sub(lambda found: SMS[found.group(0).lower()], text)


def emoji(text: str, chance: random.Random) -> str:
    """One to three emoji at the end, or one in front."""
    if chance.random() < 0.3:
        return f"{chance.choice(EMOJI)} {text}"
    return f"{text} {chance.choice(EMOJI) * chance.randint(1, 3)}"


def greeting(text: str, chance: random.Random) -> str:
    """A greeting in front."""
    return chance.choice(GREETINGS) + text


def capitals(text: str, chance: random.Random) -> str:
    """Everything in capitals."""
    return text.upper()


SLIPS: dict[str, Slip] = {
    "one typo": typo,
    "missing space": missing_space,
    "SMS spelling": sms,
    "emoji": emoji,
    "greeting in front": greeting,
    "all capitals": capitals,
}


def slipped(name: str, texts: list[str], seed: int = 1) -> list[str]:
    """Every text with one slip of this kind; a text's slip does not depend on the others."""
    return [SLIPS[name](text, random.Random(f"{seed}:{name}:{text}")) for text in texts]
