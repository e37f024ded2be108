"""Passwords cost here what they cost in the product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from civic.accounts import passwords


@pytest.fixture(scope="package", autouse=True)
def costly_passwords(costly_hasher: PasswordHasher) -> Iterator[None]:
    cheap, passwords.HASHER = passwords.HASHER, costly_hasher
    yield
    passwords.HASHER = cheap
