"""Languages as designers head their columns: `English (en)`, `English` or `en`."""

from __future__ import annotations

import re

NAMES = {
    "ar": "Arabic",
    "bn": "Bengali",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gd": "Scottish Gaelic",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "nl": "Dutch",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "so": "Somali",
    "sv": "Swedish",
    "sw": "Swahili",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
_CODES = {name.casefold(): code for code, name in NAMES.items()}
_IN_BRACKETS = re.compile(r"\(\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*\)\s*$")


def code_of(heading: str) -> str:
    """The code of a language as it stands in a heading; an unknown one keeps its own name."""
    heading = heading.strip()
    if found := _IN_BRACKETS.search(heading):
        return found[1]
    if heading.casefold() in _CODES:
        return _CODES[heading.casefold()]
    if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*", heading):
        return heading.lower() if len(heading) <= 3 else heading
    return re.sub(r"[^\w-]+", "-", heading.casefold()).strip("-") or "other"


def heading_of(code: str) -> str:
    """How a column of that language is headed."""
    return f"{NAMES.get(code.split('-')[0], code)} ({code})"
