"""Brings typed text into one form, so that `  YES!! ` and `yes` are the same."""

from __future__ import annotations

import re
import unicodedata

from text_to_num import alpha2digit

_UNSEEN = re.compile("[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")  # emoji joiners, keycaps, skin tones
_EDGES = re.compile(r"^[\s\"'“”„«»(\[{.,;:!?…*_~]+|[\s\"'“”„«»)\]}.,;:!?…*_~-]+$")
_TOKEN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*|[,;/+&\n|]|[^\w\s.,;:!?()\"'-]", re.UNICODE)
_NUMBER_LANGUAGES = {"en", "fr", "es", "pt", "de", "nl", "da", "it", "ca", "ru"}


def normal(text: str) -> str:
    """Small letters, one space between words, nothing around them."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("’", "'")
    text = re.sub(r"[ \t\r\f\v]+", " ", text)
    return _EDGES.sub("", text) or text.strip()  # "****" is four stars, and not nothing


def words(text: str) -> list[str]:
    """The words of a normal text; separators such as a comma are words of their own."""
    return _TOKEN.findall(text)


def with_digits(text: str, language: str) -> str:
    """The text with number words as digits: `twenty-five` becomes `25`."""
    short = language.split("-")[0]
    if short not in _NUMBER_LANGUAGES:
        return text
    try:
        return str(alpha2digit(text, short, threshold=0))
    except ValueError:
        return text
