"""What could be better in a survey that is right: warnings, which never stop it from being published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from civic.surveys.checks import Finding, Place
from civic.surveys.definition import SurveyDefinition, SurveyQuestion, Words
from civic.surveys.engine.expressions import Itself, Literal, Operation, Reference, holds, parse, walk
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value, as_number, as_text
from civic.surveys.personal import asks_for_personal_data

MOST_QUESTIONS = 15
MOST_WORDS = 40  # of one message: about what a telephone shows without scrolling
MOST_ON_A_SCREEN = 8
MOST_TRIED = 4096


def advise(definition: SurveyDefinition) -> Iterator[Finding]:
    """Every warning about a survey without mistakes."""
    languages = _languages(definition)
    lists: set[str | None] = set()
    for row, question in enumerate(definition.questions):
        for field, cause, remedy, code in _of_one(definition, question, languages, lists):
            yield Finding(Place(row, question.name, field), cause, remedy, code)
    asked = sum(TYPES[question.type].asked for question in definition.questions)
    if asked > MOST_QUESTIONS:
        cause = f"it asks {asked} questions, and most people leave a chat after {MOST_QUESTIONS}"
        yield Finding(Place(-1, "", None), cause, "Leave out what you will not use.", "long_survey")
    if definition.consent is None:
        cause = "nothing says what the answers are for and who reads them"
        remedy = "Add a column consent to the sheet settings."
        yield Finding(Place(-1, "", None), cause, remedy, "no_consent")


_Found = Iterator[tuple[str | None, str, str, str]]


def _of_one(
    definition: SurveyDefinition, question: SurveyQuestion, languages: set[str], lists: set[str | None]
) -> _Found:
    kind = TYPES[question.type]
    if kind.asked or kind.told:
        yield from _translations(question, languages, lists)
        words = max(len(text.split()) for text in question.label.root.values())
        words += (
            max((len(text.split()) for text in question.hint.root.values()), default=0)
            if question.hint
            else 0
        )
        if words > MOST_WORDS:
            remedy = "Say it shorter, or put a part into a note before."
            yield (
                "label",
                f"it has {words} words, and a screen shows about {MOST_WORDS}",
                remedy,
                "many_words",
            )
    if len(question.choices) > MOST_ON_A_SCREEN and question.choice_filter is None:
        cause = f"{len(question.choices)} choices are more than a screen shows ({MOST_ON_A_SCREEN})"
        yield "type", cause, "Leave some out, or ask in two steps.", "many_choices"
    if kind.asked and question.why is None and asks_for_personal_data(question):
        remedy = "Say it in its why, which answers 'why do you ask?'."
        yield "why", "it asks for personal data without saying why", remedy, "personal_without_why"
    if question.constraint and kind.asked and not _can_be_satisfied(question):
        cause = "no answer that was tried satisfies the constraint"
        yield "constraint", cause, "Check the signs and numbers in it.", "constraint_unsatisfied"
    if definition.conditions[question.name] and not _can_be_reached(definition, question):
        cause = "nobody is ever asked it"
        yield "relevant", cause, "Check the conditions of the question and its groups.", "unreachable"
    if question.choice_filter and kind.asked and question.required:
        yield from _dead_end(definition, question)


def _languages(definition: SurveyDefinition) -> set[str]:
    found: set[str] = set()
    for question in definition.questions:
        if not TYPES[question.type].worked_out:
            found |= set(question.label.root)
    return found if len(found) > 1 else set()


def _translations(question: SurveyQuestion, languages: set[str], lists: set[str | None]) -> _Found:
    texts: list[tuple[str, str, Words | None]] = [
        (field, f"the {field}", getattr(question, field)) for field in ("label", "hint", "constraint_message")
    ]
    if question.list_name not in lists:
        lists.add(question.list_name)
        texts += [("type", f"the choice {choice.name!r}", choice.label) for choice in question.choices]
    for field, what, words in texts:
        missing = languages - set(words.root) if words else set()
        if missing:
            names = ", ".join(sorted(one or "the survey's own language" for one in missing))
            yield field, f"{what} has no translation ({names})", "Add it.", "untranslated"


def samples(question: SurveyQuestion, extra: tuple[str, ...] = ()) -> list[Value]:
    """Answers to try: every choice, or numbers, days and texts around the constants of its conditions."""
    kind = TYPES[question.type]
    options = kind.options(question)
    if kind.several:
        return [*((name,) for name in options), tuple(options), options[:2], options[:3]]
    if options:
        return [kind.value_of(question, option) for option in options]
    constants = [value for source in (question.constraint, *extra) if source for value in _constants(source)]
    numbers = sorted({number for value in constants if (number := as_number(value)) is not None})
    if question.type in ("integer", "decimal", "range"):
        around = [number + step for number in numbers for step in (-1, -0.5, 0, 0.5, 1)]
        middles = [(low + high) / 2 for low, high in pairwise(numbers)]
        every = [0.0, 1.0, 2.0, 10.0, -1.0, 1e6, *around, *middles]
        return [
            int(one) if one == int(one) else one
            for one in every
            if question.type != "integer" or one == int(one)
        ]
    if question.type == "date":
        today = date(2026, 6, 15)
        days = [today + timedelta(days=step) for step in (0, -1, 1, -365, -7300, -18250, 365)]
        days += [
            date(1970, 1, 1) + timedelta(days=int(one) + step)
            for one in numbers
            if abs(one) < 50_000
            for step in (-1, 0, 1)
        ]
        return [day.isoformat() for day in days]
    if question.type == "time":
        return [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)]
    if question.type == "geopoint":
        return ["48.8566 2.3522", "51.5 -0.1"]
    if question.type == "image":
        return ["photo"]
    return ["yes", "a few words", *(text for value in constants if (text := as_text(value)))]


def _constants(source: str) -> list[Value]:
    return [node.value for node in walk(parse(source)) if isinstance(node, Literal)]


def _can_be_satisfied(question: SurveyQuestion) -> bool:
    source = question.constraint or ""
    nodes = list(walk(parse(source)))
    names = {node.name for node in nodes if isinstance(node, Operation)}
    if any(isinstance(node, Reference) for node in nodes) or names & {
        "today",
        "now",
        "regex",
        "string-length",
    }:
        return True  # not to be told by trying a few
    if question.type == "text" or not any(isinstance(node, Itself) for node in nodes):
        return True
    return any(holds(source, {}, value) for value in samples(question))


def _can_be_reached(definition: SurveyDefinition, question: SurveyQuestion) -> bool:
    """Whether some answers make all of its conditions true; given up as true where there are too many."""
    conditions = definition.conditions[question.name]
    names: dict[str, None] = {}
    for source in conditions:
        for node in walk(parse(source)):
            if isinstance(node, Operation) and node.name in (
                "today",
                "now",
                "regex",
                "jr:choice-name",
                "once",
            ):
                return True
            if isinstance(node, Reference):
                names[node.name] = None
    targets = [definition.by_name[name] for name in names if name in definition.by_name]
    if any(not TYPES[target.type].asked or target.type == "text" for target in targets):
        return True
    tries: list[dict[str, Value | None]] = [{}]
    for target in targets:
        values: list[Value | None] = [*samples(target, conditions), None]
        if len(tries) * len(values) > MOST_TRIED:
            return True
        tries = [{**one, target.name: value} for one in tries for value in values]
    return any(all(holds(source, one) for source in conditions) for one in tries)


def _dead_end(definition: SurveyDefinition, question: SurveyQuestion) -> _Found:
    """A required question whose filter may leave nothing to choose."""
    source = question.choice_filter or ""
    names = [node.name for node in walk(parse(source)) if isinstance(node, Reference)]
    targets = [definition.by_name[name] for name in dict.fromkeys(names) if name in definition.by_name]
    if len(targets) != 1 or not targets[0].choices or TYPES[targets[0].type].several:
        return
    for choice in targets[0].choices:
        answers: dict[str, Value | None] = {targets[0].name: choice.name}
        if not any(holds(source, {**answers, **_columns(one)}) for one in question.choices):
            cause = f"nothing is left to choose after {targets[0].name} = {choice.name!r}: it is passed over"
            yield "choice_filter", cause, "Add a choice for that case.", "dead_end"
            return


def _columns(choice: object) -> dict[str, Value | None]:
    more = getattr(choice, "more", {})
    return {f".{key}": value for key, value in more.items()} | {".name": getattr(choice, "name", "")}
