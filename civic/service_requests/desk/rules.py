"""What may stand in a template, who can be given a case, how long a webhook is tried: all decided here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from civic.accounts.models import Official
from civic.accounts.queries import Colleague
from civic.accounts.rules import Permission, may
from civic.service_requests.desk.errors import UnusableFilter, UnusableTemplate, UnusableWebhook

PLACEHOLDERS = {
    "number": "the tracking number",
    "service": "the type",
    "agency": "the department",
    "name": "the citizen's name",
    "address": "the place",
    "date": "the expected day",
    "town": "the municipality",
}
_PLACEHOLDER = re.compile(r"\{(\w*)\}")

LONGEST_NAME = 60
LONGEST_TEXT = 2000
MOST_FILTERS = 30
MOST_AT_ONCE = 200


def can_work_on(official: Official | Colleague, agency: str) -> bool:
    """Whether a case of a department can be given to an official."""
    able = official.disabled_at is None and may(official.role, Permission.CASES_WORK)
    return able and official.agency in (None, agency)


def usable_name(name: str, kind: type[UnusableFilter] | type[UnusableTemplate]) -> str:
    """The name, if it is one."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise kind(f"A name has 1 to {LONGEST_NAME} characters.", remedy="Choose a short name.", field="name")
    return name


def usable_text(text: str) -> str:
    """The words of a template, if each placeholder in them is one that is filled in."""
    text = text.strip()
    if not 1 <= len(text) <= LONGEST_TEXT:
        raise UnusableTemplate(f"A template has 1 to {LONGEST_TEXT} characters.", field="text")
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise UnusableTemplate(
            f"There is no placeholder {{{unknown[0]}}}.", remedy=f"There are {known}.", field="text"
        )
    return text


def fill(text: str, values: Mapping[str, str]) -> str:
    """The words with the placeholders filled in. What the values hold is never read as a placeholder."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


# ------------------------------------------------------------------------------------------------ webhooks

GIVE_UP_AFTER = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=3)


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failures, twice as long each time; None: no further try."""
    if attempts >= GIVE_UP_AFTER:
        return None
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def usable_url(url: str, *, allow_local: bool) -> str:
    """The address, if it is http(s) with a host; plain http only for a machine of one's own."""
    parts = urlsplit(url.strip())
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    fine = parts.scheme == "https" or (parts.scheme == "http" and local and allow_local)
    if not fine or not parts.hostname or parts.username or len(url) > 500:
        raise UnusableWebhook(
            "A webhook is called by https, without a name or password in its address.",
            remedy="Give an address such as https://example.org/hooks/cases.",
            field="url",
        )
    return url.strip()
