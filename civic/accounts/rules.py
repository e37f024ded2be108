"""Who may do what, what a password must be, and how long a failed sign-in waits: all decided here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from civic.accounts.errors import UnusableName, UnusablePassword


class Role(StrEnum):
    """What somebody in the town hall is here for."""

    VIEWER = "viewer"
    AGENT = "agent"
    DESIGNER = "designer"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that an official may or may not do."""

    CASES_READ = "cases:read"
    CASES_WORK = "cases:work"
    ENQUIRIES_READ = "enquiries:read"
    ENQUIRIES_WORK = "enquiries:work"
    FEEDBACK_READ = "feedback:read"
    FEEDBACK_WORK = "feedback:work"
    QUESTIONS_READ = "questions:read"
    QUESTIONS_ANSWER = "questions:answer"
    KNOWLEDGE_WORK = "knowledge:work"
    KNOWLEDGE_APPROVE = "knowledge:approve"
    SURVEYS_READ = "surveys:read"
    SURVEYS_WORK = "surveys:work"
    AUDIT_READ = "audit:read"


# The whole policy at once. Designers shape what the assistant says: they see what citizens think of it and
# what it could not answer, and never a complaint or a message that was meant for one official.
ALLOWED: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset(
        {
            Permission.CASES_READ,
            Permission.ENQUIRIES_READ,
            Permission.FEEDBACK_READ,
            Permission.QUESTIONS_READ,
            Permission.SURVEYS_READ,
        }
    ),
    Role.AGENT: frozenset(
        {
            Permission.CASES_READ,
            Permission.CASES_WORK,
            Permission.ENQUIRIES_READ,
            Permission.ENQUIRIES_WORK,
            Permission.FEEDBACK_READ,
            Permission.FEEDBACK_WORK,
            Permission.QUESTIONS_READ,
            Permission.QUESTIONS_ANSWER,
            Permission.SURVEYS_READ,
        }
    ),
    Role.DESIGNER: frozenset(
        {
            Permission.FEEDBACK_READ,
            Permission.QUESTIONS_READ,
            Permission.KNOWLEDGE_WORK,
            Permission.KNOWLEDGE_APPROVE,
            Permission.SURVEYS_READ,
            Permission.SURVEYS_WORK,
        }
    ),
    Role.ADMIN: frozenset(Permission),
}


def may(role: Role, needed: Permission) -> bool:
    """Whether a role has a permission."""
    return needed in ALLOWED[role]


NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
SHORTEST, LONGEST = 12, 200


def usable_name(name: str) -> str:
    """The sign-in name as it is stored: lower case, 2 to 40 letters, digits, dots, hyphens."""
    name = name.strip().lower()
    if not NAME.fullmatch(name):
        raise UnusableName(
            f"{name!r} cannot be a sign-in name.",
            remedy="Use 2 to 40 lower-case letters, digits, dots, hyphens and underscores.",
        )
    return name


def usable_password(password: str, name: str) -> str:
    """The password, if it is long enough to withstand guessing and is not the name itself."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UnusablePassword(
            f"A password has {SHORTEST} to {LONGEST} characters; this one has {len(password)}.",
            remedy="Three or four words that do not belong together are easy to remember.",
        )
    if name in password.lower() or len(set(password)) < 5:
        raise UnusablePassword(
            "This password is too easy to guess.",
            remedy="Leave the sign-in name out, and repeat fewer characters.",
        )
    return password


FREE_TRIES = 4
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=24)


def wait_after(failures: int) -> timedelta:
    """How long nobody can sign in under a name after so many failures in a row; it doubles up to a limit."""
    if failures <= FREE_TRIES:
        return timedelta(0)
    doublings = min(failures - FREE_TRIES - 1, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def still_waiting(failures: int, last_failed_at: datetime, now: datetime) -> timedelta:
    """What is left of the wait, zero when a try is allowed."""
    return max(last_failed_at + wait_after(failures) - now, timedelta(0))
