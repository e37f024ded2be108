"""Numbers as people write them: in words, about, with units, between two others."""

from __future__ import annotations

import re

from civic.understanding.normal import with_digits, words
from civic.understanding.question import Question
from civic.understanding.types import Given, Reading, Unclear, Unsure, Value
from civic.understanding.vocabulary import Vocabulary

_NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:[.,\u00a0 ]\d{3})*(?:[.,]\d+)?(?!\d)|(?<![\w.,])[.,]\d+")
_GROUPS = re.compile(r"^[-−]?\d{1,3}([.,\u00a0 ])\d{3}(\1\d{3})*$")
_STARS = re.compile(r"[*⭐★🌟]")


def read_number(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """`text` is normal. One number counts; two, or a bound such as "over 50", are asked back."""
    text = _spelled(text, vocabulary)
    minutes = _hours_as_minutes(question, text, vocabulary)
    if minutes is not None:
        return minutes
    found = numbers_in(text)
    if not found:
        return Unclear(question.type)
    if len(found) == 1:
        # A bound is not a number: the citizen says which number it shall be.
        bound = any(phrase in f" {text} " for phrase in _spaced(vocabulary))
        return Unsure((found[0],)) if bound else Given(found[0], read_as=str(found[0]) != text)
    if len(found) == 2 and found[0] != found[1]:
        return Unsure(_between(question, *found))
    return Unclear("several_numbers")


def _hours_as_minutes(question: Question, text: str, vocabulary: Vocabulary) -> Reading | None:
    """Where minutes are asked for, "an hour and a half" is 90; None for a text without hours."""
    if not set(words(question.text.casefold())) & vocabulary.minutes:
        return None
    for phrases, minutes in ((vocabulary.quarter_hours, 15), (vocabulary.half_hours, 30)):
        if any(re.fullmatch(rf"(?:\D*\W)?{re.escape(phrase)}\W*", text) for phrase in phrases):
            return Given(minutes, read_as=True)
    hours = "|".join(re.escape(hour) for hour in sorted(vocabulary.hours, key=len, reverse=True))
    number = r"(\d+(?:[.,]\d+)?|an?)"
    found = re.search(rf"(?<!\w){number}\s*(?:{hours})(?!\w)(.*)", text)
    if found is None:
        return None
    whole = 1.0 if found[1] in ("a", "an") else float(found[1].replace(",", "."))
    rest = numbers_in(found[2])
    half = any(phrase in found[2] for phrase in vocabulary.point_five) or re.match(r"\s*\.5\b", found[2])
    more = 30 if half else rest[0] if len(rest) == 1 else 0 if not rest else None
    if not isinstance(more, int | float) or re.search(r"\d", text[: found.start()]):
        return Unclear("several_numbers")
    total = whole * 60 + more
    return Given(int(total) if total == int(total) else total, read_as=True)


def read_rating(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """A number of the scale: `4`, `four`, `4/5`, `4 out of 5`, four stars."""
    stars = _STARS.findall(text)
    if stars and not re.search(r"\w", text):
        return Given(len(stars), read_as=True)
    text = _spelled(text, vocabulary)
    of = "|".join(re.escape(phrase) for phrase in vocabulary.out_of)
    share = re.fullmatch(rf".*?(\d+)\s*(?:[^\W\d]+\s+)?(?:/|{of})\s*(\d+).*", text, re.DOTALL)
    if share:
        if int(share[2]) != question.end:
            return Unclear("range")
        return Given(int(share[1]), read_as=True)
    answer = read_number(question, text, vocabulary)
    whole = all(isinstance(number, int) for number in (question.start, question.end, question.step))
    if isinstance(answer, Given) and isinstance(answer.value, float) and whole:
        low = int(answer.value)
        return Unsure((low, low + 1))  # half a step: the citizen chooses
    return answer


def numbers_in(text: str) -> list[Value]:
    """Every number of the text, in order; `1,200` and `1 200` are one."""
    found: list[Value] = []
    for match in _NUMBER.finditer(text):
        raw = match.group().replace("−", "-")
        if _GROUPS.match(raw):
            raw = re.sub(r"[.,\u00a0 ]", "", raw)
        parts = raw.replace(",", ".").replace("\u00a0", " ").split(" ")
        for part in parts:
            if part.count(".") > 1 or len(part) > 15:
                continue
            number = float(part)
            found.append(int(number) if number.is_integer() else number)
    # "20-30" is a span and not a negative number.
    if len(found) == 2 and re.search(r"\d\s*[-–—−]\s*\d", text):
        found[1] = abs(found[1]) if isinstance(found[1], int | float) else found[1]
    return found


def _spaced(vocabulary: Vocabulary) -> list[str]:
    return [f" {phrase} " for phrase in vocabulary.bounds]


def _spelled(text: str, vocabulary: Vocabulary) -> str:
    """Number words as digits; a dozen, a couple, twice and the like as well."""
    text = re.sub(r"(?<=\d)\s*[-–—−]\s*(?=\d)", " - ", text)
    text = re.sub(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", " ", text)  # 20min, £20, x3
    text = re.sub(r"[£$€]", " ", text)
    text = re.sub(r"\s+", " ", text).strip()
    for phrases, digits in ((vocabulary.zeros, "0"), (vocabulary.onces, "1"), (vocabulary.twices, "2")):
        if text in phrases:
            return digits
    text = with_digits(text, vocabulary.language)
    text = re.sub(r"\ba (?=1(?:00+)\b)", "", text)
    for phrase in sorted(vocabulary.point_five, key=len, reverse=True):
        text = re.sub(rf"\b(\d+) {re.escape(phrase)}\b", r"\1.5", text)
    for phrase in sorted(vocabulary.dozens, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(phrase)}\b", "12", text)
    for phrase in sorted(vocabulary.couples, key=len, reverse=True):
        # A couple is about two: said with a bound, so that it is asked back.
        bound = min(vocabulary.bounds)
        text = re.sub(rf"\b{re.escape(phrase)}\b", f"{bound} 2", text)
    return " ".join(text.split())


def _between(question: Question, low: Value, high: Value) -> tuple[Value, ...]:
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return (low, high)
    middle = (low + high) / 2
    if question.type == "decimal" or (middle == int(middle) and question.type == "integer"):
        middle = int(middle) if middle == int(middle) else middle
        return tuple(dict.fromkeys((low, middle, high)))
    return (low, high)


def interval(label: str, vocabulary: Vocabulary) -> tuple[float, float] | None:
    """The numbers that a choice such as `18 to 34`, `65 or over` or `Under 18` stands for."""
    found = [number for number in numbers_in(_dashes(label)) if isinstance(number, int | float)]
    rest = {word for word in words(label) if not re.search(r"\d", word)}
    phrase = " ".join(word for word in words(_dashes(label)) if not re.search(r"\d", word))
    if len(found) == 2 and (phrase in vocabulary.to or not rest):
        return float(found[0]), float(found[1])
    if len(found) != 1:
        return None
    number = float(found[0])
    if phrase in vocabulary.or_more:
        return number, float("inf")
    if phrase in vocabulary.over:
        return number + 1, float("inf")
    if phrase in vocabulary.under:
        return float("-inf"), number - 1
    if phrase in vocabulary.or_less:
        return float("-inf"), number
    return (number, number) if not rest else None


def _dashes(label: str) -> str:
    return re.sub(r"(?<=\d)\s*[-–—−]\s*(?=\d)", " ", label)
