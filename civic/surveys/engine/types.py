"""The question types: each says which values it takes. A new type is a class in `TYPES`."""

from __future__ import annotations

import math
import re
from datetime import date, time

from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.kind import QuestionType, Unfit
from civic.surveys.engine.values import Value

SAFE_NUMBER = 10**12
MOST_STEPS = 11  # buttons of a scale; a longer one is typed
LONGEST_CALCULATION = 4000


class Text(QuestionType):
    """Free words, kept as written."""

    closed = False
    parameters = frozenset({"max_characters"})

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        text = str(value).strip()
        longest = question.parameters.max_characters
        if not text:
            raise Unfit("empty")
        if len(text) > longest:
            raise Unfit("too_long", length=len(text), longest=longest)
        return text


class SelectOne(QuestionType):
    """One of the choices, kept by its name."""

    listed = True

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if not isinstance(value, str) or question.choice(value) is None:
            raise Unfit("choice")
        return value

    def options(self, question: SurveyQuestion) -> tuple[str, ...]:
        return tuple(choice.name for choice in question.choices)


class SelectMultiple(SelectOne):
    """Any of the choices, kept by name in the order of the question."""

    several = True

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        names = set(value) if isinstance(value, tuple) else {str(value)}
        known = self.options(question)
        if not names:
            raise Unfit("choose_some")
        if not names <= set(known):
            raise Unfit("choices")
        return tuple(name for name in known if name in names)

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        return tuple(option.split())


class YesNo(QuestionType):
    """Yes or no, kept as the words `yes` and `no`."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if value not in ("yes", "no"):
            raise Unfit("yes_no")
        return value

    def options(self, question: SurveyQuestion) -> tuple[str, ...]:
        return ("yes", "no")


class Integer(QuestionType):
    """A whole number."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if not isinstance(value, int | float) or not abs(value) <= SAFE_NUMBER:  # "nan" is not either
            raise Unfit("integer")
        if value != int(value):
            raise Unfit("whole_number", number=value)
        return int(value)

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        return int(option)


class Decimal(QuestionType):
    """A number, with a fraction or without."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if not isinstance(value, int | float) or not abs(value) <= SAFE_NUMBER:
            raise Unfit("decimal")
        return int(value) if value == int(value) else value

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        return float(option)


class Range(QuestionType):
    """A number of a scale from `start` to `end` in steps of `step`."""

    parameters = frozenset({"start", "end", "step"})

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        numbers = question.parameters
        if isinstance(value, int | float) and math.isfinite(value) and numbers.start <= value <= numbers.end:
            steps = round((value - numbers.start) / numbers.step)
            kept = self._at(question, steps)
            if math.isclose(kept, value, abs_tol=1e-9):
                return kept
        raise Unfit("range", start=numbers.start, end=numbers.end)

    def options(self, question: SurveyQuestion) -> tuple[str, ...]:
        numbers = question.parameters
        steps = math.floor((numbers.end - numbers.start) / numbers.step + 1e-9)
        if not 0 < steps < MOST_STEPS:
            return ()
        return tuple(str(self._at(question, step)) for step in range(steps + 1))

    def _at(self, question: SurveyQuestion, steps: int) -> int | float:
        number = round(question.parameters.start + steps * question.parameters.step, 9)
        return int(number) if number == int(number) else number

    def value_of(self, question: SurveyQuestion, option: str) -> Value:
        number = float(option)
        return int(number) if number == int(number) else number


class Rank(SelectMultiple):
    """All of the choices, kept by name in the citizen's order; the last one goes without saying."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        names = value if isinstance(value, tuple) else (str(value),)
        known = self.options(question)
        if not set(names) <= set(known) or len(set(names)) != len(names):
            raise Unfit("rank")
        left = tuple(name for name in known if name not in names)
        if len(left) > 1:
            raise Unfit("rank_all", count=len(known))
        return (*names, *left)

    def in_order(self, question: SurveyQuestion, names: tuple[str, ...]) -> tuple[str, ...]:
        return names

    def enough(self, question: SurveyQuestion, names: tuple[str, ...]) -> bool:
        return len(names) >= len(question.choices) - 1


class Acknowledge(QuestionType):
    """A word of agreement, kept as `OK`."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if value != "OK":
            raise Unfit("acknowledge")
        return value

    def options(self, question: SurveyQuestion) -> tuple[str, ...]:
        return ("OK",)


class Date(QuestionType):
    """A day, kept as `2027-01-31`."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            raise Unfit("date") from None


class Time(QuestionType):
    """A time of day, kept as `15:30`."""

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        try:
            moment = time.fromisoformat(str(value))
        except ValueError:
            raise Unfit("time") from None
        return f"{moment:%H:%M}"


class Geopoint(QuestionType):
    """A place, kept as latitude and longitude in degrees: `51.5007 -0.1246`."""

    shares = "location"

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        try:
            lat, long = (float(part) for part in str(value).split()[:2])
        except ValueError:
            raise Unfit("geopoint") from None
        if not (abs(lat) <= 90 and abs(long) <= 180):
            raise Unfit("geopoint")
        return f"{_degrees(lat)} {_degrees(long)}"


def _degrees(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")


class Image(QuestionType):
    """A photo, kept by the id under which it was uploaded."""

    shares = "photo"

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
            raise Unfit("image")
        return value


class Note(QuestionType):
    """Words on the way; nobody is asked, and nothing is kept."""

    asked = False
    told = True

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        raise Unfit("not_asked")


class Calculate(QuestionType):
    """A value worked out from the answers; kept at the end."""

    asked = False
    worked_out = True

    def accept(self, question: SurveyQuestion, value: Value) -> Value:
        if len(str(value)) > LONGEST_CALCULATION:
            raise Unfit("too_long", length=len(str(value)), longest=LONGEST_CALCULATION)
        return value


class Hidden(Calculate):
    """A value that goes with the answers and that nobody sees, such as where the survey was offered."""


TYPES: dict[str, QuestionType] = {
    "text": Text(),
    "select_one": SelectOne(),
    "select_multiple": SelectMultiple(),
    "yes_no": YesNo(),
    "integer": Integer(),
    "decimal": Decimal(),
    "range": Range(),
    "rank": Rank(),
    "acknowledge": Acknowledge(),
    "date": Date(),
    "time": Time(),
    "geopoint": Geopoint(),
    "image": Image(),
    "note": Note(),
    "calculate": Calculate(),
    "hidden": Hidden(),
}
