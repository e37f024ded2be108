"""How texts become words that can be found, and what is asked of the index: plain functions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from civic.service_requests.rules import OPEN, Status

_WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
MOST_ASKED = 12


def words(text: str) -> list[str]:
    """The words of a text without capitals and accents, each once, in the order in which they come."""
    plain = unicodedata.normalize("NFKD", text)
    kept = (
        "".join(sign for sign in plain if not unicodedata.combining(sign)) if not plain.isascii() else plain
    )
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(kept.casefold())))


def document(
    number: str,
    description: str,
    address: str | None,
    *,
    agency: str,
    status: Status,
    service_code: str,
    area: str | None,
) -> str:
    """What is kept of a case to find it by: its words, then its marks."""
    found = words(f"{number} {description} {address or ''}")
    return " ".join([*found, *marks([agency], status in OPEN, [service_code], area)])


def marks(
    agencies: Iterable[str] = (), is_open: bool = False, codes: Iterable[str] = (), area: str | None = None
) -> list[str]:
    """What a case is besides its words: no word has the underscore with which a mark begins.

    They make a search small before a row is read. The conditions on the rows themselves still count.
    """
    said = [f"_a{_joined(one)}" for one in agencies] + ["_o"] * is_open
    return said + [f"_t{_joined(one)}" for one in codes] + ([f"_z{_joined(area)}"] if area else [])


def _joined(name: str) -> str:
    return "".join(words(name))[:LONGEST_WORD]


def asked(text: str, of: Iterable[str] = (), *, whole: bool = False) -> tuple[str, str] | None:
    """The question for SQLite's index and for PostgreSQL's: words that begin like these, and these marks.

    `whole`: the very words. None where the text has no word, so that nothing can be found.
    """
    wanted = words(text)[:MOST_ASKED]
    if not wanted:
        return None
    fixed = list(of)
    star, colon = ("", "") if whole else ("*", ":*")
    fts = [f'"{word}"{star}' for word in wanted] + [f'"{mark}"' for mark in fixed]
    tsquery = [f"'{word}'{colon}" for word in wanted] + [f"'{mark}'" for mark in fixed]
    return " ".join(fts), " & ".join(tsquery)
