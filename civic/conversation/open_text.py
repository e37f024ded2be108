"""What a citizen means while a loop waits for words of their own: pure decisions for every such loop."""

from __future__ import annotations

import re
from enum import StrEnum

from civic.conversation.types import Turn

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

# Said in so few words, these are meant for the assistant and not for the town hall.
_ASIDE = {"help", "repeat", "delete_my_data", "bot_challenge"}
_FEW = 4


class Meaning(StrEnum):
    """What to do with a message."""

    WORDS = "words"
    CANCEL = "cancel"
    ASIDE = "aside"
    NOTHING = "nothing"


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation and symbols."""
    return _WORD.findall(text.casefold().replace("’", "'"))


def own_words(text: str, opening: str) -> int:
    """How many words a text has beyond those with which one asks to begin (`opening`)."""
    begins = set(words(opening))
    return sum(1 for word in words(text) if word not in begins)


def meaning(turn: Turn) -> Meaning:
    """What a message means when the loop's question was an open one.

    A text is taken as it is. It is not an answer when a button of something else was pressed, when it
    is a few words that the assistant knows (cancel, help, ...), or when it ends as a question and is one.
    """
    if turn.text is None:
        return Meaning.CANCEL if turn.intent == "cancel" else Meaning.ASIDE
    said = words(turn.text)
    if not said:
        return Meaning.NOTHING
    few = len(said) <= _FEW
    if (few and turn.intent == "cancel") or (len(said) == 1 and turn.intent == "deny"):
        return Meaning.CANCEL
    if len(said) == 1 and turn.intent == "affirm":
        return Meaning.NOTHING
    asks = turn.text.rstrip().endswith("?") and turn.intent in ("ask_policy", "check_status")
    if asks or (few and turn.intent in _ASIDE):
        return Meaning.ASIDE
    return Meaning.WORDS
