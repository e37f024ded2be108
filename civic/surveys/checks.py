"""What must hold between the questions of a survey, so that no citizen gets stuck in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from civic.surveys.definition import SurveyChoice, SurveyGroup, SurveyQuestion
from civic.surveys.engine.expressions import (
    BadExpression,
    Column,
    Expression,
    Itself,
    Literal,
    Operation,
    Reference,
    holds,
    parse,
    references,
    walk,
)
from civic.surveys.engine.state import CONSENT
from civic.surveys.engine.types import TYPES, Unfit
from civic.surveys.engine.values import as_text
from civic.surveys.wording import did_you_mean

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


_Found = Iterator[tuple[str | None, str, str, str]]  # field, cause, remedy, code


@dataclass
class _Survey:
    """All that a check looks at."""

    questions: Sequence[SurveyQuestion]
    every_name: Sequence[str]
    groups: Sequence[SurveyGroup]
    anonymous: bool
    by_name: dict[str, SurveyQuestion] = field(init=False)
    position: dict[str, int] = field(init=False)
    times: Counter[str] = field(init=False)

    def __post_init__(self) -> None:
        self.by_name = {question.name: question for question in self.questions}
        self.times = Counter(self.every_name)
        self.position = {}
        for number, name in enumerate(self.every_name):
            self.position.setdefault(name, number)


def check(
    questions: Sequence[SurveyQuestion],
    every_name: Sequence[str],
    groups: Sequence[SurveyGroup] = (),
    *,
    anonymous: bool = False,
) -> Iterator[Finding]:
    """Every problem of the questions; `every_name` are the names of all rows, broken ones too."""
    survey = _Survey(questions, every_name, groups, anonymous)
    for row, question in enumerate(questions):
        for where, cause, remedy, code in _of_one(question, survey):
            yield Finding(Place(row, question.name, where), cause, remedy, code)
    for group in groups:
        first = next((number for number, one in enumerate(questions) if one.group == group.name), None)
        if group.relevant is not None and first is not None:
            name = questions[first].name
            for where, cause, remedy, code in _expression(
                questions[first], "relevant", group.relevant, survey, before=name
            ):
                yield Finding(Place(first, group.name, where, group.name), cause, remedy, code)


def _of_one(question: SurveyQuestion, survey: _Survey) -> _Found:
    yield from _names(question, survey)
    yield from _texts(question, survey)
    yield from _parameters(question)
    for name in ("relevant", "constraint"):
        source = getattr(question, name)
        if source is not None:
            yield from _expression(question, name, source, survey)
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


def _names(question: SurveyQuestion, survey: _Survey) -> _Found:
    if survey.times[question.name] > 1:
        cause = f"the name {question.name!r} is used twice"
        yield "name", cause, "Give every question a name of its own.", "name_twice"
    if question.name == CONSENT:
        remedy = "Consent is always asked first; choose another name."
        yield "name", f"the name {CONSENT!r} is taken", remedy, "name"


def _texts(question: SurveyQuestion, survey: _Survey) -> _Found:
    if any(len(text) > LONGEST_LABEL for text in question.label.root.values()):
        what = "note" if question.type == "note" else "question"
        cause = f"the {what} is longer than {LONGEST_LABEL} characters"
        yield "label", cause, "Say it shorter, or put a part of it into a note before.", "too_long"
    for name in ("label", "hint", "why", "constraint_message"):
        words = getattr(question, name)
        for text in words.root.values() if words else ():
            for named in dict.fromkeys(PIPED.findall(text)):
                found = _reference(named, question, survey, allow_itself=name == "constraint_message")
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


def _parameters(question: SurveyQuestion) -> _Found:
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


def _filter(question: SurveyQuestion, survey: _Survey) -> _Found:
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
    yield from _expression(question, "choice_filter", source, survey)


def _worked_out(question: SurveyQuestion, survey: _Survey) -> _Found:
    if question.type == "calculate" and question.calculation is None:
        yield "calculation", "it has no calculation", "Write what is to be worked out.", "calculation"
    if question.calculation is None:
        return
    if not TYPES[question.type].worked_out:
        remedy = "Write type: calculate, or propose an answer by default:."
        yield "calculation", f"the type {question.type} is not worked out", remedy, "calculation"
        return
    yield from _expression(question, "calculation", question.calculation, survey)
    if _in_circles(question, survey):
        yield "calculation", "it needs itself to be worked out", "Break the circle.", "calculation"
    try:
        names = {node.name for node in walk(parse(question.calculation)) if isinstance(node, Operation)}
    except BadExpression:
        return
    if survey.anonymous and names & {"now", "once"}:
        remedy = "Take today(), or leave it out."
        yield "calculation", "the survey is anonymous, and the hour can lead to a person", remedy, "anonymous"


def _in_circles(question: SurveyQuestion, survey: _Survey) -> bool:
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


def _default(question: SurveyQuestion, survey: _Survey) -> _Found:
    source, kind = question.default, TYPES[question.type]
    if source is None:
        return
    if "${" in source or source.rstrip().endswith(")"):
        yield from _expression(question, "default", source, survey)
    elif kind.told:
        yield "default", "a note has no answer", "Remove default.", "default"
    elif kind.asked:
        try:
            kind.accept(question, kind.value_of(question, source))
        except (Unfit, ValueError):
            cause = f"{source!r} is no answer to this question"
            yield "default", cause, "Correct it, or remove default.", "default"


def _expression(
    question: SurveyQuestion, name: str, source: str, survey: _Survey, before: str | None = None
) -> _Found:
    try:
        expression = parse(source)
    except BadExpression as error:
        yield name, error.cause, error.remedy, error.code
        return
    fine = True
    for node in walk(expression):
        found: list[tuple[str, str, str]] = []
        if isinstance(node, Reference):
            later = name == "calculation"
            missing = _reference(node.name, question, survey, allow_later=later, of_group=before is not None)
            found += [missing] if missing else []
        if isinstance(node, Itself) and name not in ("constraint",):
            remedy = "Name an earlier question: ${name}."
            found.append(("'.' has no value before the question is asked", remedy, "expression"))
        if isinstance(node, Column):
            found += _column(node.name, question, name)
        if isinstance(node, Operation):
            found += _bad_choices(node, question, survey)
        fine = fine and not found
        for one in found:
            yield name, *one
    if name == "constraint" and fine and _alone(expression) and not _satisfiable(question, source):
        yield name, "no answer satisfies the constraint", "Correct the expression.", "constraint"


def _alone(expression: Expression) -> bool:
    """Whether the expression depends on nothing but the answer itself."""
    return not any(
        isinstance(node, Reference) or (isinstance(node, Operation) and node.name in ("today", "now"))
        for node in walk(expression)
    )


def _column(column: str, question: SurveyQuestion, where: str) -> list[tuple[str, str, str]]:
    if where != "choice_filter":
        remedy = "Write an answer's name as ${name} and a choice in quotes: ${name} = 'x'."
        return [(f"{column!r} is not understood", remedy, "expression")]
    known = {"name", "label", *(key for choice in question.choices for key in choice.more)}
    if column in known:
        return []
    remedy = did_you_mean(column, known, "Add the column to the sheet choices.")
    return [(f"the choices have no column {column!r}", remedy, "reference")]


def _reference(
    name: str,
    question: SurveyQuestion,
    survey: _Survey,
    *,
    allow_later: bool = False,
    allow_itself: bool = False,
    of_group: bool = False,
) -> tuple[str, str, str] | None:
    if name == question.name and not allow_itself and not of_group:
        remedy = "Write . for the answer to this question."
        return "it looks at its own answer by name", remedy, "reference"
    if name not in survey.position:
        remedy = did_you_mean(name, survey.every_name, "Name an earlier question.")
        return f"there is no question {name!r}", remedy, "reference"
    target = survey.by_name.get(name)
    if target is not None and TYPES[target.type].told:
        return f"{name!r} is a note and has no answer", "Name a question.", "reference"
    if target is not None and TYPES[target.type].worked_out:
        return None
    later = survey.position[name] >= survey.position[question.name] + (0 if of_group else 1)
    if later and not allow_later:
        remedy = "Move that question up, or name an earlier one."
        return f"it looks at {name!r}, which is asked later", remedy, "asked_later"
    return None


def _bad_choices(node: Operation, question: SurveyQuestion, survey: _Survey) -> list[tuple[str, str, str]]:
    """Comparisons of a choice with a word that is none of the choices."""
    if node.name not in ("=", "!=", "selected") or len(node.operands) != 2:
        return []
    found: list[tuple[str, str, str]] = []
    swap: Callable[[tuple[Expression, ...]], tuple[Expression, ...]] = lambda pair: pair[::-1]  # noqa: E731
    for asked, word in (node.operands, swap(node.operands)):
        target = question if isinstance(asked, Itself) else None
        if isinstance(asked, Reference):
            target = survey.by_name.get(asked.name)
        if target is None or not isinstance(word, Literal):
            continue
        kind = TYPES[target.type]
        options = kind.options(target)
        text = as_text(word.value)
        if target.type == "select_multiple" and node.name != "selected" and text:
            cause = f"{target.name} may have several answers, and = compares only one"
            remedy = f"Write selected(${{{target.name}}}, {text!r})."
            found.append((cause, remedy, "expression"))
        elif options and text and text not in options and target.type != "range":
            remedy = did_you_mean(text, options, f"Use one of: {', '.join(options)}.")
            found.append((f"{text!r} is no choice of {target.name}", remedy, "not_a_choice"))
    return found


def _satisfiable(question: SurveyQuestion, source: str) -> bool:
    kind = TYPES[question.type]
    options = kind.options(question)
    if kind.several:
        options_all = [(name,) for name in options] + [tuple(options), tuple(options[:2])]
        return any(holds(source, {}, value) for value in options_all)
    return not options or any(holds(source, {}, kind.value_of(question, option)) for option in options)
