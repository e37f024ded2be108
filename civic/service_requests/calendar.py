"""On which days the town works: weekends, a country's holidays, and the town's own closing days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import yaml

from civic.kit.errors import Invalid

FILE = "closing_days.yml"
IsHoliday = Callable[[date], bool]


class BrokenClosingDays(Invalid):
    """The list of closing days cannot be read; the sentence names the row and the remedy."""

    code = "broken_closing_days"
    title = "The list of closing days cannot be read"


def _never(day: date) -> bool:
    return False


@dataclass(frozen=True)
class Calendar:
    """The days on which the town works: not weekends, holidays and the town's own closing days."""

    zone: tzinfo = field(default_factory=lambda: ZoneInfo("UTC"))
    is_holiday: IsHoliday = _never

    def day(self, moment: datetime) -> date:
        """The day of a moment in the town."""
        return moment.astimezone(self.zone).date()

    def works_on(self, day: date) -> bool:
        """Whether the town works on a day."""
        return day.weekday() < 5 and not self.is_holiday(day)

    def after(self, day: date, working_days: int) -> date:
        """The day that is so many working days later; with none, the day itself."""
        left = working_days
        while left > 0:
            day += timedelta(days=1)
            left -= self.works_on(day)
        return day

    def between(self, begin: date, end: date) -> int:
        """How many working days come after `begin`, up to `end`; none where the clock went backwards."""
        days = range(1, (end - begin).days + 1)
        return sum(self.works_on(begin + timedelta(days=number)) for number in days)


def load(path: Path, country: str, subdivision: str, zone: str) -> Calendar:
    """The town's calendar: the country's holidays, and the days in `closing_days.yml` where there is one."""
    own = _closing_days(path) if path.exists() else frozenset()
    official = _holidays(country, subdivision)
    return Calendar(ZoneInfo(zone), lambda day: day in own or day in official)


@lru_cache(maxsize=4)
def _holidays(country: str, subdivision: str) -> holidays.HolidayBase:
    if not country:
        return holidays.HolidayBase()
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError as error:
        raise BrokenClosingDays(
            f"There is no calendar of holidays for {country} {subdivision}.".replace(" .", "."),
            remedy="Correct FOLKMOOT_HOLIDAY_COUNTRY and FOLKMOOT_HOLIDAY_SUBDIVISION, e.g. GB and ENG.",
        ) from error


def _closing_days(path: Path) -> frozenset[date]:
    try:
        content = yaml.safe_load(path.read_text("utf-8")) or []
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = f", row {mark.line + 1}" if mark else ""
        raise BrokenClosingDays(
            f"{path.name}{row}: this is not YAML.", remedy="Write lines such as `- 2026-12-24`."
        ) from error
    if not isinstance(content, list):
        raise BrokenClosingDays(
            f"{path.name}: this is no list of days.", remedy="Write lines such as `- 2026-12-24`."
        )
    for number, day in enumerate(content, start=1):
        if type(day) is not date:
            raise BrokenClosingDays(
                f"{path.name}: entry {number} is no day.", remedy="Write it as `- 2026-12-24`."
            )
    return frozenset(content)
