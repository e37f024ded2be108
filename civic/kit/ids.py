"""Identifiers: sortable ones for rows, unguessable ones for secrets."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from ulid import ULID


def new_id(now: datetime) -> str:
    """A 26-character ULID: unique, and sorted by the time it was made."""
    return str(ULID.from_datetime(now))


def new_secret(length: int = 16) -> str:
    """A URL-safe secret with `length` bytes of randomness."""
    return secrets.token_urlsafe(length)


def fingerprint(secret: str) -> str:
    """The SHA-256 of a secret in hex: what is stored where the secret itself must not be."""
    return hashlib.sha256(secret.encode()).hexdigest()
