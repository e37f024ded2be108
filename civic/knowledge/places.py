"""A street in a question says where, hardly ever what: "bins on Mill Lane" asks about bins."""

from __future__ import annotations

import re

from civic.knowledge.words import COMMON, words

_KIND = (
    r"road|rd|street|st|lane|ln|avenue|ave|close|drive|crescent|terrace|square|hill|gardens|grove|mews|"
    r"row|walk|yard|wharf"
)
_WHERE = r"on|in|at|near|by|from|of|along|outside|behind|opposite|around|for|down|off"
_STREET = re.compile(
    rf"\s*,?\s*\b(?:{_WHERE})\s+(?:the\s+)?(?:(?:number|no\.?|flat)\s+)?(?:\d+\w?\s+)?"
    rf"(?P<name>[^\W\d]['’\w]*(?:\s+[^\W\d]['’\w]*)?)\s+(?P<kind>{_KIND})\b(?!\s+(?:{_KIND})\b)",
    re.IGNORECASE,
)
# "On a busy road", "in the next street": these words tell of a street, and are the name of none.
_TELLING = frozenset(
    re.split(
        r"\s+",
        "main busy private public residential side quiet narrow next new old same other another wrong right "
        "left dark empty steep icy wet dirty big small long short whole entire town village country council "
        "nearest local high one two three either both each every any no pedestrian single double bus cycle "
        "bike hard soft foot tow bridle drive steps only best",
    )
)


def without_street(text: str) -> str:
    """The text without the streets that it names; the text itself where it names none, or nothing else."""

    def left_out(found: re.Match[str]) -> str:
        name = words(found["name"])
        telling = any(word in COMMON or word in _TELLING for word in name)
        return found[0] if telling else " "

    shorter = " ".join(_STREET.sub(left_out, text).split())
    return shorter if set(words(shorter)) - COMMON else text
