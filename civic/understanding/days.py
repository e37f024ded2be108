"""Days and hours as people say them: "tomorrow", "3 May", "half past 3". What may mean two is asked back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from civic.understanding.normal import with_digits
from civic.understanding.question import Question
from civic.understanding.types import Given, Reading, Unclear, Unsure
from civic.understanding.vocabulary import Phrases, Vocabulary

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})")
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2})|\s*(h))?")
LONGEST = 60
SURE_WITHIN = timedelta(days=2)  # "tomorrow" names a day; "in three weeks" is said loosely


def read_date(question: Question, text: str, vocabulary: Vocabulary, now: datetime) -> Reading:
    """`text` is normal. A day that was named in full counts; one that may be two is asked back."""
    text = _without(text, vocabulary.on)
    for pattern, order in ((_ISO, ((1, 2, 3),)), (_NUMBERS, ((3, 2, 1), (3, 1, 2)))):
        if found := pattern.fullmatch(text):
            return _one_of([_day(found[y], found[m], found[d], now) for y, m, d in order], text)
    if len(text) > LONGEST or not re.search(r"[^\W\d_]", text):
        return Unclear("date")
    return _in_words(with_digits(text, vocabulary.language), vocabulary, now)


def _day(year: str, month: str, day: str, now: datetime) -> date | None:
    full = int(year)
    if len(year) == 2:  # of this century, unless that is still to come
        full += 2000 if full <= now.year % 100 + 1 else 1900
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return None


def _one_of(days: Iterable[date | None], text: str) -> Reading:
    kept = list(dict.fromkeys(day.isoformat() for day in days if day is not None))
    if not kept:
        return Unclear("date")
    return Given(kept[0], read_as=kept[0] != text) if len(kept) == 1 else Unsure(tuple(kept))


def _in_words(text: str, vocabulary: Vocabulary, now: datetime) -> Reading:
    full = _parsed(text, vocabulary, now, need=["day", "month", "year"])
    today = now.date()
    if full is not None:
        sure = re.search(r"\b\d{4}\b", text) or abs(full - today) <= SURE_WITHIN
        return Given(full.isoformat(), read_as=True) if sure else Unsure((full.isoformat(),))
    numbered = bool(re.search(r"(?<!\d)\d{1,2}(?!\d)", text))
    if not numbered and _parsed(text, vocabulary, now, need=["month"]):
        return Unclear("date")  # a month is no day
    if not numbered and _parsed(text, vocabulary, now, need=["year"]):
        return Unclear("date")
    coming = _parsed(text, vocabulary, now, direction="future")
    gone = _parsed(text, vocabulary, now, direction="past")
    if coming is None or gone is None:
        return Unclear("date")
    if set(text.split()) & vocabulary.next:
        # "Next Friday" is the coming one to some, and the one after to others.
        days = [coming, coming + timedelta(days=7)] if (coming - today).days < 7 else [coming]
    elif set(text.split()) & vocabulary.last:
        days = [gone]
    else:
        days = sorted({coming, gone}, key=lambda day: abs(day - today))
    return Unsure(tuple(day.isoformat() for day in days))


def _parsed(
    text: str,
    vocabulary: Vocabulary,
    now: datetime,
    need: list[str] | None = None,
    direction: str = "current_period",
) -> date | None:
    import dateparser  # loads the calendars of many languages: only when a day is asked for

    languages = list(dict.fromkeys([vocabulary.language.split("-")[0], "en"]))
    settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": direction}
    if need:
        settings["REQUIRE_PARTS"] = need
    try:
        found = dateparser.parse(text, languages=languages, settings=settings)
    except (ValueError, OverflowError):  # a language it does not know
        found = dateparser.parse(text, languages=["en"], settings=settings)
    return found.date() if found else None


def read_time(question: Question, text: str, vocabulary: Vocabulary, now: datetime) -> Reading:
    """`text` is normal. An hour that may be morning or evening is asked back."""
    text = _without(text, vocabulary.on)
    if text in vocabulary.noon:
        return Given("12:00", read_as=True)
    if text in vocabulary.midnight:
        return Given("00:00", read_as=True)
    text = re.sub(r"(?<=\d)(?=[^\W\d_])", " ", with_digits(text, vocabulary.language))
    text, morning = _taken(text, vocabulary.morning)
    text, evening = _taken(text, vocabulary.evening)
    shift = 0
    for phrases, minutes in (
        (vocabulary.half_past, 30),
        (vocabulary.quarter_past, 15),
        (vocabulary.quarter_to, -15),
    ):
        text, said = _taken(text, phrases)
        shift += minutes if said else 0
    text, _ = _taken(text, vocabulary.o_clock)
    found = _CLOCK.fullmatch(text.strip())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return Unclear("time")
    minutes = (int(found[1]) * 60 + int(found[2] or 0) + shift) % 1440
    # "8h" and "7h30" count to 24 where they are written; in English they are strange.
    to_24 = "h" in found[0] and not vocabulary.language.startswith("en")
    exact = (to_24 or (found[2] is not None and len(found[1]) == 2)) and not shift
    if morning or evening:
        minutes = minutes % 720 + (720 if evening else 0)
    elif not exact and 1 <= int(found[1]) <= 12:
        return Unsure((_clock(minutes % 720), _clock(minutes % 720 + 720)))
    return Given(_clock(minutes), read_as=_clock(minutes) != text)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _taken(text: str, phrases: Phrases) -> tuple[str, bool]:
    for phrase in sorted(phrases, key=len, reverse=True):
        shorter = re.sub(rf"(?<!\w){re.escape(phrase)}(?!\w)", " ", text)
        if shorter != text:
            return " ".join(shorter.split()), True
    return text, False


def _without(text: str, phrases: Phrases) -> str:
    first, _, rest = text.partition(" ")
    return rest if first in phrases and rest else text


_HOUR = re.compile(
    r"\b(?:at|around|about|by)\s+\d{1,2}(?:\s*[:.]\s*\d{2})?(?:\s*(?:am|pm|a\.m\.?|p\.m\.?|o'?clock))?"
    r"|\b\d{1,2}(?:\s*[:.]\s*\d{2})?\s*(?:am\b|pm\b|a\.m\.?|p\.m\.?|o'?clock\b)|\b\d{1,2}:\d{2}\b"
    r"|\b(?:at\s+)?(?:noon|midnight|midday)\b"
    r"|\b(?:at\s+)?(?:half|quarter) (?:past|to|after) \w+(?:\s*(?:am|pm))?"
)


def read_moment(question: Question, text: str, vocabulary: Vocabulary, now: datetime) -> Reading:
    """A day and, where it is said, the hour: `2027-01-31` or `2027-01-31T15:30`. `text` is normal."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}", text):
        return Given(text.replace(" ", "t").upper())
    found = _HOUR.search(text)
    if found is None:
        return read_date(question, text, vocabulary, now)
    rest = " ".join(f"{text[: found.start()]} {text[found.end() :]}".strip(" ,.-").split())
    for phrase in (*vocabulary.morning, *vocabulary.evening):
        if rest == phrase or rest.endswith(f" {phrase}"):  # "yesterday at 5 in the afternoon"
            rest, hour = rest.removesuffix(phrase).strip(), f"{found[0]} {phrase}"
            break
    else:
        hour = found[0]
    time_read = read_time(question, hour, vocabulary, now)
    day = read_date(question, rest, vocabulary, now) if rest else Given(now.date().isoformat())
    if isinstance(time_read, Unclear) or isinstance(day, Unclear):
        return Unclear("datetime")
    days = (day.value,) if isinstance(day, Given) else day.values
    hours = (time_read.value,) if isinstance(time_read, Given) else time_read.values
    moments = tuple(f"{one}T{hour}" for one in days for hour in hours)
    sure = isinstance(day, Given) and isinstance(time_read, Given)
    return Given(moments[0], read_as=True) if sure else Unsure(moments[:4])
