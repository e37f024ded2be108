"""Working down a list: the cases that a browser saw last in the inbox, so that a case knows the next one."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from api.pages.session import keep

COOKIE = "folkmoot_list"
# What is longer is not kept: a browser takes 4 KB, and nobody types such a filter.
LONGEST_QUERY = 1000


@dataclass(frozen=True)
class Place:
    """Where a case stands in the list, and the addresses of what comes next and of the list itself."""

    number: int
    of: int
    next: str | None
    next_page: str | None
    back: str


def remember(
    response: Response,
    request: Request,
    query: str,
    numbers: Sequence[str],
    cursor: str | None,
    next: str | None,
) -> None:
    """Keeps the cases of a page of the list in the browser, with what leads back to it and on."""
    text = json.dumps([query, list(numbers), cursor, next], separators=(",", ":"))
    value = base64.urlsafe_b64encode(text.encode()).decode()
    if len(query) <= LONGEST_QUERY and value != request.cookies.get(COOKIE):
        keep(response, request, COOKIE, value)


def place(request: Request, number: str, base: str) -> Place | None:
    """Where a case stands in the list that was seen last; None where it is not in it."""
    try:
        query, numbers, cursor, next_cursor = json.loads(base64.urlsafe_b64decode(request.cookies[COOKIE]))
        at = numbers.index(number)
        here = f"{base}?{query or 'all=1'}"
        following = f"{base}/{numbers[at + 1]}" if at + 1 < len(numbers) else None
        later = f"{here}&{urlencode({'cursor': next_cursor})}" if next_cursor else None
        back = f"{here}&{urlencode({'cursor': cursor})}" if cursor else here
        return Place(at + 1, len(numbers), following, later, back)
    except (KeyError, ValueError, TypeError, AttributeError, binascii.Error):
        return None  # none was seen, or the cookie is not of our making
