"""Reads what another system asks for: filters, pages and windows of the standard and its extensions."""

from __future__ import annotations

from datetime import datetime, timedelta

from civic.service_requests import rules as case_rules
from civic.service_requests.open311 import rules
from civic.service_requests.open311.errors import Reason, Refusal
from civic.service_requests.open311.queries import Near, Wanted
from civic.service_requests.open311.submission import Fields, number, one, place_of

DEFAULT_RADIUS = 1000.0


def read_wanted(fields: Fields, now: datetime, *, most: int = rules.MOST_REQUESTS) -> Wanted:
    """Which requests are asked for; a list of ids overrides everything else."""
    wrong: list[str] = []
    numbers = read_numbers(fields, wrong)
    if numbers is not None:
        _stop(wrong)
        return Wanted(numbers=numbers, limit=rules.MOST_IDS)
    limit = _whole(fields, "page_size", most, most, wrong)
    page = _whole(fields, "page", 1, rules.DEEPEST, wrong)
    if (page - 1) * limit > rules.DEEPEST:
        wrong.append("This page is too far on; use start_date and end_date instead.")
    updated_since = read_moment(fields, "updated_after", wrong)
    updated_until = read_moment(fields, "updated_before", wrong, end=True)
    since, until = read_window(fields, now, wrong)
    if (updated_since or updated_until) and not one(fields, "start_date") and not one(fields, "end_date"):
        # Who follows changes wants old requests too.
        since = until = None
    wanted = Wanted(
        service_codes=listed(fields, "service_code"),
        areas=listed(fields, "area"),
        agencies=listed(fields, "agency"),
        open=_status(fields, wrong),
        since=since,
        until=until,
        updated_since=updated_since,
        updated_until=updated_until,
        near=read_near(fields, wrong),
        limit=limit,
        offset=(page - 1) * limit,
    )
    _stop(wrong)
    return wanted


def read_numbers(fields: Fields, wrong: list[str]) -> list[str] | None:
    """The ids that are asked for, as they are stored; None when there are none."""
    asked = listed(fields, "service_request_id")
    if len(asked) > rules.MOST_IDS:
        wrong.append(f"At most {rules.MOST_IDS} values of service_request_id can be asked for at once.")
    return [stored_number(each) for each in asked[: rules.MOST_IDS]] or None


def stored_number(text: str) -> str:
    """A number as it is stored, however it was typed."""
    return case_rules.find_tracking_number(text[:20], bare=True) or text.upper()


def listed(fields: Fields, name: str) -> list[str]:
    """The values of a field that may be repeated, and separated by commas."""
    parts = (part for value in fields.get(name, ()) for part in rules.fit(value).split(","))
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def read_window(fields: Fields, now: datetime, wrong: list[str]) -> tuple[datetime | None, datetime | None]:
    """The window of time that is asked for, of 90 days at most."""
    start = read_moment(fields, "start_date", wrong)
    end = read_moment(fields, "end_date", wrong, end=True)
    found = rules.window(start, end, now)
    if found is None:
        wrong.append("start_date and end_date may not be more than 90 days apart.")
        return None, None
    return found


def read_moment(fields: Fields, name: str, wrong: list[str], *, end: bool = False) -> datetime | None:
    """A time in a field; the end of a window includes the second that it names."""
    said = one(fields, name)
    if said is None:
        return None
    moment = rules.read_time(said, end=end)
    if moment is None:
        wrong.append(f"{name} must be a time with its zone, such as 2010-01-01T00:00:00Z.")
    elif name == "updated_before" and moment.year < 9999:
        moment += timedelta(seconds=1)
    return moment


def read_near(fields: Fields, wrong: list[str]) -> Near | None:
    """The circle that is asked for: lat, long and a radius in metres."""
    lat, long = place_of(fields, wrong)
    said = one(fields, "radius")
    radius = DEFAULT_RADIUS if said is None else number(said)
    if radius is None or not 0 < radius <= rules.LARGEST_RADIUS:
        wrong.append(f"radius must be metres, more than 0 and at most {rules.LARGEST_RADIUS:.0f}.")
        return None
    if lat is None or long is None:
        if said is not None:
            wrong.append("radius needs lat and long.")
        return None
    return Near(lat, long, radius)


def _whole(fields: Fields, name: str, default: int, most: int, wrong: list[str]) -> int:
    said = one(fields, name)
    if said is None:
        return default
    if not (said.isascii() and said.isdigit() and len(said) <= 9 and 1 <= int(said) <= most):
        wrong.append(f"{name} must be a whole number from 1 to {most}.")
        return default
    return int(said)


def _status(fields: Fields, wrong: list[str]) -> bool | None:
    asked = {each.lower() for each in listed(fields, "status")}
    if asked - {"open", "closed"}:
        wrong.append("status must be open or closed.")
    return None if len(asked) != 1 else asked == {"open"}


def _stop(wrong: list[str]) -> None:
    if wrong:
        raise Refusal([Reason(400, sentence) for sentence in wrong])
