"""The cookie that says which official is at the desk, and the token that proves a form is ours."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import jwt
from fastapi import Request
from fastapi.responses import Response

from api.deps import services
from civic.accounts.models import Official
from civic.kit.ids import new_secret
from civic.kit.services import Services

HOME = "/officials"
COOKIE = "folkmoot_official"
# Whoever is not signed in yet has a form too: the one to sign in with.
GUEST_COOKIE = "folkmoot_guest"
# An API token is no page session and a page session is no API token.
AUDIENCE = "folkmoot:pages"
ALGORITHM = "HS256"


@dataclass(frozen=True)
class PageSession:
    """Who signed in, with which credentials, and the name of this session; `renew` when it should be."""

    official_id: str
    credentials_version: int
    name: str
    renew: bool = False


def begin(response: Response, request: Request, official: Official, now: datetime) -> None:
    """Signs a browser in: a new session, so that what somebody planted before is worth nothing."""
    _write(response, request, official.id, official.credentials_version, new_secret(), now)
    response.delete_cookie(GUEST_COOKIE, path=HOME)


def renew(response: Response, request: Request, session: PageSession, now: datetime) -> None:
    """Who works at the desk stays signed in; forms that are open stay good."""
    _write(response, request, session.official_id, session.credentials_version, session.name, now)


def end(response: Response) -> None:
    """Signs a browser out."""
    response.delete_cookie(COOKIE, path=HOME)


def read(cookies: Mapping[str, str], parts: Services, now: datetime) -> PageSession | None:
    """The session that a browser shows; None where it has none, or one that is forged or over."""
    try:
        said = jwt.decode(
            cookies.get(COOKIE, ""),
            parts.settings.secret("secret_key"),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            # Expiry is checked below, against our clock and not the machine's.
            options={"require": ["sub", "exp", "iat", "sid"], "verify_exp": False, "verify_iat": False},
        )
        expires = datetime.fromtimestamp(int(said["exp"]), UTC)
        if expires <= now:
            return None
        old = expires - now < _valid(parts) * 0.9
        return PageSession(str(said["sub"]), int(said["ver"]), str(said["sid"]), renew=old)
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError, OverflowError):
        return None


def form_token(parts: Services, name: str) -> str:
    """What each form of a session carries; another site can neither read nor guess it."""
    key = parts.settings.secret("secret_key").encode()
    return hmac.new(key, f"folkmoot:form:{name}".encode(), hashlib.sha256).hexdigest()


def is_form_token(parts: Services, name: str, token: object) -> bool:
    """Whether a form was made for this session."""
    return isinstance(token, str) and hmac.compare_digest(form_token(parts, name).encode(), token.encode())


def safe_next(wanted: str | None) -> str:
    """Where to go after signing in: a page of the desk, and never another site."""
    if not wanted or len(wanted) > 2000 or "\\" in wanted or not wanted.isprintable():
        return HOME
    parts = urlsplit(wanted)
    inside = parts.path == HOME or parts.path.startswith(HOME + "/")
    if parts.scheme or parts.netloc or not inside or "//" in parts.path or "/." in parts.path:
        return HOME
    return HOME if parts.path.startswith(HOME + "/sign-") else wanted


def is_secure(request: Request) -> bool:
    """Whether the browser talks to us by https, directly or through a proxy."""
    return request.url.scheme == "https" or services(request).settings.site.startswith("https:")


def keep(response: Response, request: Request, name: str, value: str, seconds: int | None = None) -> None:
    """Sets one cookie of the desk: not for scripts, not for other sites."""
    response.set_cookie(
        name, value, max_age=seconds, path=HOME, httponly=True, samesite="lax", secure=is_secure(request)
    )


def _valid(parts: Services) -> timedelta:
    return timedelta(hours=parts.settings.desk_hours)


def _write(
    response: Response, request: Request, official_id: str, version: int, name: str, now: datetime
) -> None:
    parts = services(request)
    valid = _valid(parts)
    said = {
        "sub": official_id,
        "ver": version,
        "sid": name,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + valid,
    }
    token = jwt.encode(said, parts.settings.secret("secret_key"), algorithm=ALGORITHM)
    keep(response, request, COOKIE, token, int(valid.total_seconds()))
