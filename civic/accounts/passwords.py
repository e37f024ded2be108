"""Password hashes: argon2id, a few at a time, renewed when their cost is raised."""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's setting for argon2id: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

# A flood of sign-ins must not fill the memory: 19 MiB times what the thread pool would allow is a lot.
_AT_ONCE = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """What is stored in place of the password."""
    with _AT_ONCE:
        return HASHER.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for an official who does not exist."""
    with _AT_ONCE:
        try:
            HASHER.verify(password_hash or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def renewed(password_hash: str, password: str) -> str | None:
    """A new hash if the old one was made with a lower cost, and None if it is good as it is."""
    return hash_password(password) if HASHER.check_needs_rehash(password_hash) else None


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return HASHER.hash("nobody signs in with this")
