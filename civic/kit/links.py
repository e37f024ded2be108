"""Links that open one thing for a while: signed, so that nobody can make or lengthen one."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime


def signature(secret: str, path: str, until: int) -> str:
    """What proves that we made a link to this path, good until this second (Unix time)."""
    return hmac.new(secret.encode(), f"link {until} {path}".encode(), hashlib.sha256).hexdigest()


def signed(secret: str, path: str, until: datetime) -> str:
    """The path with its end and its signature."""
    second = int(until.timestamp())
    return f"{path}?until={second}&signature={signature(secret, path, second)}"


def opens(secret: str, path: str, until: int, given: str, now: datetime) -> bool:
    """Whether a link was made by us and is still good."""
    good = hmac.compare_digest(signature(secret, path, until).encode(), given.encode())
    return good and now.astimezone(UTC).timestamp() < until
