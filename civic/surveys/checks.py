"""What must hold between the questions of a survey, so that no citizen gets stuck in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from civic.surveys.definition import SurveyChoice, SurveyGroup, SurveyQuestion
from civic.surveys.engine.expressions import BadExpression, Operation, parse, references, walk
from civic.surveys.engine.kind import Unfit
from civic.surveys.engine.state import CONSENT
from civic.surveys.engine.types import TYPES
from civic.surveys.expression_checks import Found, Rest, expression, reference

MOST_CHOICES = 20
LONGEST_LABEL = 600
LONGEST_CHOICE = 80
# Names of answers inside a text: `You said ${times} times.`
PIPED = re.compile(r"\$\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}")


@dataclass(frozen=True)
class Place:
    """Where in the survey a problem is: a question's row, or a group's."""

    row: int
    question: str
    field: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or could be better."""

    place: Place
    cause: str
    remedy: str
    code: str


def check(
    questions: Sequence[SurveyQuestion],
    every_name: Sequence[str],
    groups: Sequence[SurveyGroup] = (),
    *,
    anonymous: bool = False,
) -> Iterator[Finding]:
    """Every problem of the questions; `every_name` are the names of all rows, broken ones too."""
    survey = Rest(questions, every_name, groups, anonymous)
    for row, question in enumerate(questions):
        for where, cause, remedy, code in _of_one(question, survey):
            yield Finding(Place(row, question.name, where), cause, remedy, code)
    for group in groups:
        first = next((number for number, one in enumerate(questions) if one.group == group.name), None)
        if group.relevant is not None and first is not None:
            name = questions[first].name
            for where, cause, remedy, code in expression(
                questions[first], "relevant", group.relevant, survey, before=name
            ):
                yield Finding(Place(first, group.name, where, group.name), cause, remedy, code)


def _of_one(question: SurveyQuestion, survey: Rest) -> Found:
    yield from _names(question, survey)
    yield from _texts(question, survey)
    yield from _parameters(question)
    for name in ("relevant", "constraint"):
        source = getattr(question, name)
        if source is not None:
            yield from expression(question, name, source, survey)
    if question.constraint and question.constraint_message is None:
        remedy = "Say in constraint_message: what is expected."
        yield "constraint", "it has no constraint_message", remedy, "constraint"
    yield from _filter(question, survey)
    yield from _worked_out(question, survey)
    yield from _default(question, survey)
    if survey.anonymous and TYPES[question.type].shares:
        what = "a photo" if TYPES[question.type].shares == "photo" else "a place"
        remedy = "Ask in words, or write anonymous: no and say so in consent."
        yield "type", f"the survey is anonymous, and {what} can lead to a person", remedy, "anonymous"


def _names(question: SurveyQuestion, survey: Rest) -> Found:
    if survey.times[question.name] > 1:
        cause = f"the name {question.name!r} is used twice"
        yield "name", cause, "Give every question a name of its own.", "name_twice"
    if question.name == CONSENT:
        remedy = "Consent is always asked first; choose another name."
        yield "name", f"the name {CONSENT!r} is taken", remedy, "name"


def _texts(question: SurveyQuestion, survey: Rest) -> Found:
    if any(len(text) > LONGEST_LABEL for text in question.label.root.values()):
        what = "note" if question.type == "note" else "question"
        cause = f"the {what} is longer than {LONGEST_LABEL} characters"
        yield "label", cause, "Say it shorter, or put a part of it into a note before.", "too_long"
    for name in ("label", "hint", "why", "constraint_message"):
        words = getattr(question, name)
        for text in words.root.values() if words else ():
            for named in dict.fromkeys(PIPED.findall(text)):
                found = reference(named, question, survey, allow_itself=name == "constraint_message")
                if found:
                    yield name, *found


def check_list(choices: Sequence[SurveyChoice]) -> Iterator[tuple[int | None, str, str, str]]:
    """Every problem of a list of choices: which choice (None: all), cause, remedy and code."""
    for number, choice in enumerate(choices):
        if any(len(text) > LONGEST_CHOICE for text in choice.label.root.values()):
            remedy = "Shorten it: it must fit on a button."
            yield number, f"a choice is longer than {LONGEST_CHOICE} characters", remedy, "too_long"
    for name, times in Counter(choice.name for choice in choices).items():
        if times > 1:
            cause = f"the choice {name!r} is there twice"
            yield None, cause, "Give every choice a name of its own.", "name_twice"
    if any(choice.more for choice in choices):  # filtered: never all at once
        return
    if len(choices) > MOST_CHOICES:
        cause = f"it has more than {MOST_CHOICES} choices"
        yield None, cause, "Ask in two steps, or take a text question.", "too_many_choices"
    owners: dict[str, str] = {}
    for number, choice in enumerate(choices):
        for word in {text.casefold() for text in (*choice.label.root.values(), *choice.also)}:
            if owners.setdefault(word, choice.name) != choice.name:
                cause = f"{word!r} means both {owners[word]!r} and {choice.name!r}"
                yield number, cause, "Use every word for one choice only.", "alike"


def _parameters(question: SurveyQuestion) -> Found:
    kind, numbers = TYPES[question.type], question.parameters
    for name in sorted(numbers.model_fields_set - kind.parameters):
        known = ", ".join(sorted(kind.parameters))
        remedy = f"It looks at {known}." if known else "Remove it."
        yield "parameters", f"the type {question.type} does not look at {name!r}", remedy, "parameters"
    if question.type == "range":
        if numbers.start >= numbers.end:
            cause = "the range ends before it starts"
            yield "parameters", cause, "Write start smaller than end.", "parameters"
        elif numbers.step > numbers.end - numbers.start:
            cause = "the step is larger than the range"
            yield "parameters", cause, "Make step smaller.", "parameters"


def _filter(question: SurveyQuestion, survey: Rest) -> Found:
    source = question.choice_filter
    if source is None:
        if any(choice.more for choice in question.choices) and len(question.choices) > MOST_CHOICES:
            cause = f"it has more than {MOST_CHOICES} choices and no choice_filter"
            yield "choices", cause, "Add a choice_filter, or shorten the list.", "too_many_choices"
        return
    if not question.choices:
        cause = f"the type {question.type} has no choices to filter"
        yield "choice_filter", cause, "Remove choice_filter.", "expression"
        return
    yield from expression(question, "choice_filter", source, survey)


def _worked_out(question: SurveyQuestion, survey: Rest) -> Found:
    if question.type == "calculate" and question.calculation is None:
        yield "calculation", "it has no calculation", "Write what is to be worked out.", "calculation"
    if question.calculation is None:
        return
    if not TYPES[question.type].worked_out:
        remedy = "Write type: calculate, or propose an answer by default:."
        yield "calculation", f"the type {question.type} is not worked out", remedy, "calculation"
        return
    yield from expression(question, "calculation", question.calculation, survey)
    if _in_circles(question, survey):
        yield "calculation", "it needs itself to be worked out", "Break the circle.", "calculation"
    try:
        names = {node.name for node in walk(parse(question.calculation)) if isinstance(node, Operation)}
    except BadExpression:
        return
    if survey.anonymous and names & {"now", "once"}:
        remedy = "Take today(), or leave it out."
        yield "calculation", "the survey is anonymous, and the hour can lead to a person", remedy, "anonymous"


def _in_circles(question: SurveyQuestion, survey: Rest) -> bool:
    seen: set[str] = set()
    waiting = [question.name]
    while waiting:
        one = survey.by_name.get(waiting.pop())
        if one is None or not one.calculation:
            continue
        try:
            named = references(one.calculation)
        except BadExpression:
            continue
        if question.name in named:
            return True
        waiting += named - seen
        seen |= named
    return False


def _default(question: SurveyQuestion, survey: Rest) -> Found:
    source, kind = question.default, TYPES[question.type]
    if source is None:
        return
    if "${" in source or source.rstrip().endswith(")"):
        yield from expression(question, "default", source, survey)
    elif kind.told:
        yield "default", "a note has no answer", "Remove default.", "default"
    elif kind.asked:
        try:
            kind.accept(question, kind.value_of(question, source))
        except (Unfit, ValueError):
            cause = f"{source!r} is no answer to this question"
            yield "default", cause, "Correct it, or remove default.", "default"
