"""Which of a survey's languages a citizen reads: their own where the survey has it, or one they ask for."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from civic.surveys.definition import SurveyDefinition
from civic.understanding.normal import normal, words


def language_for(definition: SurveyDefinition, wanted: str, otherwise: str | None = None) -> str:
    """The survey's language that is nearest to a BCP 47 tag; else `otherwise`, or the survey's own."""
    known = {code.casefold(): code for code in definition.languages}
    tag = wanted.replace("_", "-").casefold()
    for candidate in (tag, tag.split("-")[0]):
        if candidate in known:
            return known[candidate]
    near = [code for lower, code in known.items() if lower.split("-")[0] == tag.split("-")[0]]
    return near[0] if near else otherwise or definition.language


def asked_for(text: str, definition: SurveyDefinition, around: frozenset[str], *, alone: bool) -> str | None:
    """The survey's language that a whole message asks for, as in "in French, please".

    `around` are the words that ask. `alone`: the bare name of a language asks for it too.
    """
    said = [word for word in words(_plain(text)) if word != ","]
    left = " ".join(word for word in said if word not in around)
    if not left or (not alone and len(left.split()) == len(said)):
        return None
    return next((code for code in definition.languages if left in _names(code, definition.languages)), None)


def own_name(code: str) -> str:
    """A language as its speakers call it: `fr` is "Français"."""
    name = _locale_name(code, code) or code
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=256)
def _names(code: str, others: tuple[str, ...]) -> frozenset[str]:
    """What a language is called by its speakers, in English, in the survey's other languages; its code."""
    base = code.split("-")[0]
    found = (_locale_name(one, other) for one in (code, base) for other in (code, base, "en", *others))
    return frozenset(_plain(name) for name in (*found, code) if name)


@lru_cache(maxsize=256)
def _locale_name(code: str, language: str) -> str | None:
    from babel import Locale, UnknownLocaleError  # its tables are read only where a survey has languages

    try:
        return Locale.parse(code, sep="-").get_display_name(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return None


def _plain(text: str) -> str:
    """The text without accents: who has no such key types "francais"."""
    parts = unicodedata.normalize("NFKD", normal(text))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))
