"""What the standard allows, and what of a case is public: all decided here, over plain values."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from civic.service_requests.rules import OPEN, Status, find_danger
from civic.service_requests.services import Service

SOURCE = "open311"
CHANNEL = "open311"

LONGEST_SPAN = timedelta(days=90)
SECOND = timedelta(seconds=1)
MOST_REQUESTS = 1000
DEEPEST = 1_000_000
MOST_IDS = 1000
LARGEST_RADIUS = 50_000.0
MAX_DESCRIPTION = 4000
MAX_MEDIA_URL = 2000
MAX_SHORT = 100
FEED_ENTRIES = 100

METRES_A_DEGREE = 111_195.0


class Shown(StrEnum):
    """How much of a case the public sees, besides type, status and times."""

    NOTHING = "nothing"
    PLACE = "place"
    WORDS = "words"


def shown_of(kept: str, service: Service | None) -> Shown:
    """What is shown of a case: what was agreed when it was filed, and nothing of a private type.

    A type that left the list may have been private: nothing is shown of it either.
    """
    if service is None or service.private:
        return Shown.NOTHING
    return Shown(kept)


def is_open(status: Status) -> bool:
    """The standard knows two statuses; this says which of them ours is."""
    return status in OPEN


def box(lat: float, long: float, radius: float) -> tuple[float, float, float, float]:
    """South, north, west and east of a circle of `radius` metres, with a little to spare."""
    tall = radius / METRES_A_DEGREE * 1.001
    wide = tall / narrowing(lat)
    return lat - tall, lat + tall, long - wide, long + wide


def narrowing(lat: float) -> float:
    """How much shorter a degree of longitude is here than at the equator; never quite nothing."""
    return max(math.cos(math.radians(lat)), 0.01)


# ------------------------------------------------------------------------------------------------- times

_W3 = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})(:\d{2}(?:\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2}))?", re.ASCII
)


def read_time(text: str, *, end: bool = False) -> datetime | None:
    """A time as the W3C note has it, in UTC; None when it is none, or says no zone.

    A day alone begins at midnight UTC, and with `end` lasts until its last second.
    """
    # A plus that was not escaped arrives as a space.
    found = _W3.fullmatch(text.strip().upper().replace(" ", "+"))
    if found is None:
        return None
    try:
        if found[4] is None:
            day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
            return datetime.combine(day, time.max, UTC) if end else day
        zone = "+00:00" if found[6] == "Z" else found[6]
        moment = datetime.fromisoformat(f"{found[0][:10]}T{found[4]}{found[5] or ':00'}{zone}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_time(moment: datetime) -> str:
    """A time as the standard wants it, e.g. 2010-01-01T00:00:00Z."""
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return utc.isoformat()[:19] + "Z"


def window(
    start: datetime | None, end: datetime | None, now: datetime
) -> tuple[datetime | None, datetime | None] | None:
    """The 90 days at most that a list covers; None when more were asked for.

    The end of a window is a whole second, since seconds are all that a reply shows.
    """
    try:
        if end is None:
            return (now - LONGEST_SPAN, None) if start is None else (start, start + LONGEST_SPAN + SECOND)
        if start is None:
            return end - LONGEST_SPAN, end + SECOND
        return None if end - start > LONGEST_SPAN else (start, end + SECOND)
    except OverflowError:
        return start, end


# ----------------------------------------------------------------------------------------------- texts

# What XML 1.0 cannot carry, and half characters that no database takes.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: str) -> str:
    """The text without what cannot be written as XML."""
    return _UNFIT.sub("", text)


EMAIL = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]+\.[^\s@<>]{2,}")
_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s()/.-]{0,2}\d){7,14}(?!\w)")
_MAIL = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
HIDDEN = "[…]"


def without_contacts(text: str) -> str:
    """The text without e-mail addresses and telephone numbers, for everybody to read."""
    text = _MAIL.sub(HIDDEN, text) if "@" in text else text
    return _PHONE.sub(HIDDEN, text)


def usable_token(token: str) -> bool:
    """Whether another system's own name of a request can be kept."""
    return re.fullmatch(r"[A-Za-z0-9._-]{8,64}", token, re.ASCII) is not None


def private_codes(services: Collection[Service]) -> list[str]:
    """The types of which the public sees no place and no words."""
    return [service.service_code for service in services if service.private]


def is_danger(text: str, phrases: Collection[str]) -> bool:
    """Whether a text speaks of danger to life, so that whoever sent it must be told whom to call."""
    return find_danger(text, phrases) is not None
