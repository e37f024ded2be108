"""A message without what a chat puts around it: capitals, emoji, stretched letters, an opening greeting."""

from __future__ import annotations

import re
import unicodedata

from civic.encoder.chat_words import GREETED, OPENINGS, OPENINGS_WITH_COMMA

STRETCHED = re.compile(r"(\w)\1{2,}")
BREAK = r"[\s,.!;:\-–—…]"
OPENING = re.compile(
    rf"^\s*(?:(?:{'|'.join(OPENINGS)})\b(?:\s+(?:{'|'.join(GREETED)})\b)*(?!\s+to you){BREAK}*"
    rf"|(?:{'|'.join(OPENINGS_WITH_COMMA)})\s?[,.!;:\-–—…]+\s*)",
    re.IGNORECASE,
)


def tidy(text: str) -> str:
    """Small letters, plain quotes, no emoji beside words, no stretched letters."""
    text = without_symbols(unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'").lower())
    return " ".join(STRETCHED.sub(r"\1\1", text).split())


def without_symbols(text: str) -> str:
    """The words without emoji; a message of nothing else stays."""
    bare = "".join(" " if is_symbol(sign) else sign for sign in text)
    return bare if any(sign.isalnum() for sign in bare) else text


def is_symbol(sign: str) -> bool:
    """An emoji, a joiner or a variation mark."""
    return unicodedata.category(sign) in ("So", "Sk", "Cf", "Mn") and not sign.isascii()


def without_opening(text: str) -> str:
    """The message without its greeting, when it says something else."""
    rest = text
    for _ in range(2):  # "hi there, good morning"
        shorter = OPENING.sub("", rest, count=1)
        if not any(sign.isalnum() for sign in shorter):
            break
        rest = shorter
    return rest


def core(token: str) -> str:
    """A token without the signs around it."""
    return token.strip(".,!?;:()[]\"'…")
