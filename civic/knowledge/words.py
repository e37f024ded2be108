"""The words of a text as the search sees them: lower case, without endings, without the most common ones."""

from __future__ import annotations

import re
import threading

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STEMMERS = threading.local()  # a stemmer keeps state and must not be shared between threads

_COMMON = """
a about am an and any are as at be been being but by can could did do does doing for from get had
has have having he her hers him his how i i'd i'll i'm i've if in into is it it's its many me much my no nor
not of on or our ours please she should so some such than that the their them then there these they
this those to too us very was we were what what's when where which while who whom why will with
would you your yours
"""
COMMON = frozenset(re.split(r"\s+", _COMMON.strip()))


def words(text: str) -> list[str]:
    """The words of a text in lower case, in order."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def stems(text: str) -> list[str]:
    """The stems of the telling words of a text, in order."""
    stemmer = getattr(_STEMMERS, "english", None)
    if stemmer is None:
        stemmer = _STEMMERS.english = Stemmer.Stemmer("english")
    found: list[str] = stemmer.stemWords([word for word in words(text) if word not in COMMON])
    return found
