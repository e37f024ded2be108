"""Officials' tokens: short-lived, signed, worthless once access changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from civic.accounts.errors import TokenRefused

ALGORITHM = "HS256"
AUDIENCE = "folkmoot:officials"


@dataclass(frozen=True)
class Claims:
    """Whom a token was given to, and the number of their access at that time."""

    official_id: str
    credentials_version: int


def issue(claims: Claims, *, secret: str, now: datetime, valid: timedelta) -> str:
    """A token that says who its bearer is, until `valid` has passed."""
    return jwt.encode(
        {
            "sub": claims.official_id,
            "ver": claims.credentials_version,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + valid,
        },
        secret,
        algorithm=ALGORITHM,
    )


def read(token: str, *, secret: str, now: datetime) -> Claims:
    """What a token says; raises `TokenRefused` for one that is forged, malformed or expired."""
    try:
        # Expiry is checked below, against our clock and not the machine's.
        said = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["sub", "exp", "iat"], "verify_exp": False, "verify_iat": False},
        )
        expires = datetime.fromtimestamp(int(said["exp"]), UTC)
        claims = Claims(str(said["sub"]), int(said["ver"]))
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise TokenRefused("This token is not one of ours.", remedy="Sign in again.") from error
    if expires <= now:
        raise TokenRefused("This token has expired.", remedy="Sign in again.")
    return claims
