"""A chat message is looked for by its question: without greeting, emoji, politeness and short forms.

"hi there!! can u tell me wen the library opens plz" is like no passage; "when the library opens" is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from civic.encoder.chat_words import SHORT
from civic.encoder.plain import core, without_opening, without_symbols
from civic.knowledge.answering.outcomes import Answer
from civic.knowledge.answering.state import Asking
from civic.knowledge.words import stems

_TOKEN = re.compile(r"\S+")
_SOMEBODY = r"(?:you|someone|somebody|anyone|anybody)"
_BEFORE = re.compile(
    r"\W*(?:(?:(?:please|so|well|ok|okay|oh)\b[\s,]*)*"
    rf"(?:(?:can|could|would|will) {_SOMEBODY} (?:please |kindly )?(?:tell|inform|let) me(?: know)?"
    rf"|(?:do|does) {_SOMEBODY} (?:happen to )?know"
    r"|(?:i|we)(?:'d| would) (?:just )?(?:like|love) to (?:know|ask|find out)"
    r"|(?:i|we) (?:just )?(?:want|wanted|need) to (?:know|ask|find out)"
    r"|(?:i|we)(?: am|'m| are|'re| was| were)? wonder(?:ing)?"
    r"|(?:please )?(?:tell|advise) me|please)\b[\s,:]*)",
    re.IGNORECASE,
)
# "Actually", said while something else is going on, is no word of the question.
_ASIDE = re.compile(
    r"\W*(?:(?:actually|anyway|btw|by the way|(?:just )?(?:a |one )?(?:quick|more|other) (?:question|thing)|"
    r"wait|sorry|oh|ok|okay|well)\b[\s,.:!\-]*)+",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[\s,.!]*(?:please|thanks|thank you|many thanks|cheers|ta)(?: (?:very much|so much|a lot|in advance))?"
    r"(?P<end>[\s.!?]*)$",
    re.IGNORECASE,
)
_FEWEST = 2


def plain(asking: Asking) -> Answer | None:
    """Takes the question out of the message."""
    spellings = asking.index.spellings() if asking.index is not None else {}
    asking.question = in_plain_words(asking.question, spellings)
    return None


def in_plain_words(text: str, spellings: Mapping[str, int]) -> str:
    """The question in a message; the message itself where too little of it would be left.

    A short form that the documents use ("hr") is a word of this place.
    """

    def written_out(found: re.Match[str]) -> str:
        word = core(found[0])
        short = word.lower()
        if short not in SHORT or short in spellings or (word.isupper() and not text.isupper()):
            return found[0]
        return found[0].replace(word, SHORT[short])

    said = _TOKEN.sub(written_out, without_opening(without_symbols(text)))
    said = _ASIDE.sub("", said, count=1) if _ASIDE.match(said) else said
    bare = _BEFORE.sub("", said, count=1) if _BEFORE.match(said) else said
    if (thanked := _AFTER.search(bare)) is not None:
        bare = bare[: thanked.start()] + thanked["end"].strip()
    for shorter in (bare, said):
        if len(stems(shorter)) >= min(_FEWEST, len(stems(text))) and stems(shorter):
            return " ".join(shorter.split())
    return text
