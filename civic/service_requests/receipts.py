"""Receipts like `FM-7K3Q9-4TZ8M-9WQ2B`: number and code, the only way back to a report that is nobody's."""

from __future__ import annotations

import hashlib
import hmac
import re
from random import Random

from civic.service_requests.rules import ALPHABET, MISREAD, find_tracking_number

LENGTH = 10
GROUP = 5
# 50 random bits need no slow hash against guessing in the chat; this one slows down who has the table.
ROUNDS = 50_000
_AFTER_NUMBER = re.compile(
    r"f\s?m[\s\-–—_.:#]*[a-z0-9]{5,6}[\s\-–—]+([a-z0-9]{5})[\s\-–—]*([a-z0-9]{5})(?![a-z0-9])", re.IGNORECASE
)


def new_code(random: Random) -> str:
    """The secret part of a receipt."""
    return "".join(random.choice(ALPHABET) for _ in range(LENGTH))


def written(number: str, code: str) -> str:
    """The receipt as the citizen sees it, once."""
    return f"{number}-{code[:GROUP]}-{code[GROUP:]}"


def find(text: str) -> tuple[str, str] | None:
    """The number and the code of the receipt that a text holds, however it was typed."""
    found = _AFTER_NUMBER.search(text)
    number = find_tracking_number(found.group()) if found else None
    if found is None or number is None:
        return None
    return number, (found.group(1) + found.group(2)).upper().translate(MISREAD)


def hashed(code: str, request_id: str) -> str:
    """What is kept of a code."""
    return hashlib.pbkdf2_hmac("sha256", code.encode(), request_id.encode(), ROUNDS).hex()


def fits(code: str, request_id: str, kept: str) -> bool:
    """Whether a code is the one whose hash was kept."""
    return hmac.compare_digest(hashed(code, request_id), kept)
