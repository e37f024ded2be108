"""Signing in: a name and a password for a token that is good for a few minutes."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, ConfigDict, Field

from api import tokens
from api.deps import Now, Parts, SignedIn
from api.problems import documented
from civic.accounts import commands, passwords
from civic.accounts.errors import SignInRefused
from civic.accounts.models import Official
from civic.accounts.rules import ALLOWED, LONGEST, Permission, Role
from civic.audit.commands import record
from civic.kit.services import Services

log = logging.getLogger(__name__)
router = APIRouter(tags=["Signing in"])


class Token(BaseModel):
    """What to send as `Authorization: Bearer ...`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"access_token": "eyJhbGciOi...", "token_type": "bearer", "expires_in": 900}
        }
    )

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int = Field(description="Seconds until it expires.")


class Me(BaseModel):
    """Who is signed in, and what they may do."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "01JD9ZK6W3Q8V5T2N7M4X0B1CE",
                "name": "robin",
                "role": "viewer",
                "agency": None,
                "permissions": ["cases:read", "surveys:read"],
            }
        }
    )

    id: str
    name: str
    role: Role
    agency: str | None
    permissions: list[Permission]


@router.post("/token", summary="Sign in", responses=documented(401, 422, 429))
def sign_in(form: Annotated[OAuth2PasswordRequestForm, Depends()], parts: Parts, at: Now) -> Token:
    """Gives a token for a name and a password (OAuth 2.0 password flow, form-encoded).

    After four failures under one name each further try has to wait, first 30 seconds, at most 15 minutes.
    """
    official = prove(parts, form.username, form.password[: LONGEST + 1], at)
    valid = timedelta(minutes=parts.settings.token_minutes)
    token = tokens.issue(
        tokens.Claims(official.id, official.credentials_version),
        secret=parts.settings.secret("secret_key"),
        now=at,
        valid=valid,
    )
    return Token(access_token=token, expires_in=int(valid.total_seconds()))


@router.get("/me", summary="Who am I", responses=documented(401))
def me(caller: SignedIn) -> Me:
    """Says who is signed in, with which role, and what that role may do."""
    return Me(
        id=caller.id,
        name=caller.name,
        role=caller.role,
        agency=caller.agency,
        permissions=sorted(ALLOWED[caller.role]),
    )


def prove(parts: Services, name: str, password: str, at: datetime) -> Official:
    """The official who a name and a password belong to, or a refusal that was counted.

    Two transactions: the try counts even when it fails, and hashing holds no lock on the database.
    """
    with parts.sessions.begin() as session:
        claimed = commands.begin_sign_in(session, name, at)
    if not passwords.verify(claimed.password_hash if claimed else None, password) or claimed is None:
        log.info("sign-in refused")
        if claimed is not None:
            with parts.sessions.begin() as session:
                record(session, "system", "sign_in:refuse:official", claimed.id, {}, at)
        raise SignInRefused(remedy="Check both; names are lower case.")
    with parts.sessions.begin() as session:
        commands.finish_sign_in(session, claimed, password, at)
        record(session, claimed, "official:sign_in:official", claimed.id, {}, at)
    return claimed
