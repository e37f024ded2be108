"""Each rule of the accounts that can be broken, one class a rule."""

from __future__ import annotations

from civic.kit.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthenticated


class UnusableName(Invalid):
    """The sign-in name has characters that names do not have."""

    code = "unusable_name"
    title = "This cannot be a sign-in name"


class UnusablePassword(Invalid):
    """The password is too short, too long, or too easy to guess."""

    code = "unusable_password"
    title = "This cannot be a password"


class NameTaken(Conflict):
    """Another official signs in with this name."""

    code = "name_taken"
    title = "This sign-in name is taken"


class UnknownOfficial(NotFound):
    """No official has this name."""

    code = "unknown_official"
    title = "There is no such official"


class SignInRefused(Unauthenticated):
    """Name and password do not belong together, or the official is disabled: which of these is not said."""

    code = "sign_in_refused"
    title = "The name or the password is not right"


class SignInTooOften(TooMany):
    """Too many tries under one name; `retry_after` says how many seconds to wait."""

    code = "sign_in_too_often"
    title = "Too many failed sign-ins"


class TokenRefused(Unauthenticated):
    """The token is missing, expired, forged, or was taken back."""

    code = "token_refused"
    title = "Sign in first"


class RoleForbids(Forbidden):
    """The official's role does not have the permission that this needs."""

    code = "role_forbids"
    title = "Your role does not allow this"
