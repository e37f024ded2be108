"""What must hold between the questions of a survey, so that no citizen gets stuck in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from civic.surveys.definition import SurveyChoice, SurveyQuestion
from civic.surveys.engine.expressions import (
    BadExpression,
    Expression,
    Itself,
    Literal,
    Operation,
    Reference,
    holds,
    parse,
    walk,
)
from civic.surveys.engine.state import CONSENT
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import as_text
from civic.surveys.wording import did_you_mean

MOST_CHOICES = 20
MOST_STEPS = 11
LONGEST_LABEL = 600
LONGEST_CHOICE = 80


@dataclass(frozen=True)
class Place:
    """Where in the survey a problem is."""

    row: int
    question: str
    field: str | None = None


Finding = tuple[Place, str, str]
_Found = Iterator[tuple[str | None, str, str]]  # field, cause, remedy


def check(questions: Sequence[SurveyQuestion], every_name: Sequence[str]) -> Iterator[Finding]:
    """Every problem of the questions; `every_name` are the names of all rows, broken ones too."""
    by_name = {question.name: question for question in questions}
    for row, question in enumerate(questions):
        earlier = every_name[: every_name.index(question.name)]
        for field, cause, remedy in _of_one(question, earlier, every_name, by_name):
            yield Place(row, question.name, field), cause, remedy


def _of_one(
    question: SurveyQuestion,
    earlier: Sequence[str],
    every_name: Sequence[str],
    by_name: dict[str, SurveyQuestion],
) -> _Found:
    yield from _names(question, every_name)
    yield from _lengths(question)
    yield from _parameters(question)
    for field in ("relevant", "constraint"):
        source = getattr(question, field)
        if source is not None:
            yield from _expression(question, field, source, earlier, every_name, by_name)
    if question.constraint and question.constraint_message is None:
        yield (
            "constraint",
            "it has no constraint_message",
            "Say in constraint_message: what is expected.",
        )


def _names(question: SurveyQuestion, every_name: Sequence[str]) -> _Found:
    if Counter(every_name)[question.name] > 1:
        yield "name", f"the name {question.name!r} is used twice", "Give every question a name of its own."
    if question.name == CONSENT:
        yield "name", f"the name {CONSENT!r} is taken", "Consent is always asked first; choose another name."


def _lengths(question: SurveyQuestion) -> _Found:
    if any(len(text) > LONGEST_LABEL for text in question.label.root.values()):
        yield "label", f"the question is longer than {LONGEST_LABEL} characters", "Say it shorter."


def check_list(choices: Sequence[SurveyChoice]) -> Iterator[tuple[str, str]]:
    """Every problem of a list of choices: cause and remedy."""
    if len(choices) > MOST_CHOICES:
        yield f"it has more than {MOST_CHOICES} choices", "Ask in two steps, or take a text question."
    if any(len(text) > LONGEST_CHOICE for one in choices for text in one.label.root.values()):
        remedy = "Shorten it: it must fit on a button."
        yield f"a choice is longer than {LONGEST_CHOICE} characters", remedy
    for name, times in Counter(choice.name for choice in choices).items():
        if times > 1:
            yield f"the choice {name!r} is there twice", "Give every choice a name of its own."
    owners: dict[str, str] = {}
    for choice in choices:
        for word in {text.casefold() for text in (*choice.label.root.values(), *choice.also)}:
            if owners.setdefault(word, choice.name) != choice.name:
                cause = f"{word!r} means both {owners[word]!r} and {choice.name!r}"
                yield cause, "Use every word for one choice only."


def _parameters(question: SurveyQuestion) -> _Found:
    kind, numbers = TYPES[question.type], question.parameters
    for field in sorted(numbers.model_fields_set - kind.parameters):
        known = ", ".join(sorted(kind.parameters))
        remedy = f"It looks at {known}." if known else "Remove it."
        yield "parameters", f"the type {question.type} does not look at {field!r}", remedy
    if question.type == "range":
        if numbers.start >= numbers.end:
            yield "parameters", "the range ends before it starts", "Write start smaller than end."
        elif len(kind.options(question)) > MOST_STEPS:
            cause = f"the range has more than {MOST_STEPS} steps"
            yield "parameters", cause, "Make step larger, or take type: integer."


def _expression(
    question: SurveyQuestion,
    field: str,
    source: str,
    earlier: Sequence[str],
    every_name: Sequence[str],
    by_name: dict[str, SurveyQuestion],
) -> _Found:
    try:
        expression = parse(source)
    except BadExpression as error:
        yield field, error.cause, error.remedy
        return
    fine = True
    for node in walk(expression):
        if isinstance(node, Reference) and node.name not in earlier:
            fine = False
            cause, remedy = _bad_reference(node.name, question, every_name)
            yield field, cause, remedy
        if isinstance(node, Itself) and field == "relevant":
            fine = False
            remedy = "Name an earlier question: ${name}."
            yield field, "'.' has no value before the question is asked", remedy
        if isinstance(node, Operation):
            for cause, remedy in _bad_choices(node, question, by_name):
                fine = False
                yield field, cause, remedy
    alone = not any(isinstance(node, Reference) for node in walk(expression))
    if fine and alone and not _satisfiable(question, field, source):
        what = "nobody is ever asked it" if field == "relevant" else "no answer satisfies the constraint"
        yield field, what, "Correct the expression."


def _bad_reference(name: str, question: SurveyQuestion, every_name: Sequence[str]) -> tuple[str, str]:
    if name == question.name:
        return "it looks at its own answer by name", "Write . for the answer to this question."
    if name in every_name:
        return f"it looks at {name!r}, which is asked later", "Move that question up, or name an earlier one."
    return f"there is no question {name!r}", did_you_mean(name, every_name, "Name an earlier question.")


def _bad_choices(
    node: Operation, question: SurveyQuestion, by_name: dict[str, SurveyQuestion]
) -> Iterator[tuple[str, str]]:
    """Comparisons of a choice with a word that is none of the choices."""
    if node.name not in ("=", "!=", "selected") or len(node.operands) != 2:
        return
    swap: Callable[[tuple[Expression, ...]], tuple[Expression, ...]] = lambda pair: pair[::-1]  # noqa: E731
    for asked, word in (node.operands, swap(node.operands)):
        target = question if isinstance(asked, Itself) else None
        if isinstance(asked, Reference):
            target = by_name.get(asked.name)
        if target is None or not isinstance(word, Literal):
            continue
        kind = TYPES[target.type]
        options = kind.options(target)
        text = as_text(word.value)
        if target.type == "select_multiple" and node.name != "selected":
            yield (
                f"{target.name} may have several answers, and = compares only one",
                f"Write selected(${{{target.name}}}, {text!r}).",
            )
        elif options and text and text not in options and target.type != "range":
            remedy = did_you_mean(text, options, f"Use one of: {', '.join(options)}.")
            yield f"{text!r} is no choice of {target.name}", remedy


def _satisfiable(question: SurveyQuestion, field: str, source: str) -> bool:
    if field == "relevant":
        return holds(source, {})
    kind = TYPES[question.type]
    options = kind.options(question)
    if question.type == "select_multiple":
        options_all = [(name,) for name in options] + [tuple(options), tuple(options[:2])]
        return any(holds(source, {}, value) for value in options_all)
    return not options or any(holds(source, {}, kind.value_of(question, option)) for option in options)
