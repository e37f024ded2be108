"""What is wrong with the expressions of a survey: names, choices, and what is asked too late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from civic.surveys.definition import SurveyGroup, SurveyQuestion
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
    walk,
)
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import as_text
from civic.surveys.wording import did_you_mean

Found = Iterator[tuple[str | None, str, str, str]]  # field, cause, remedy, code


@dataclass
class Rest:
    """The whole survey, which the check of one question looks at."""

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


def expression(
    question: SurveyQuestion, name: str, source: str, survey: Rest, before: str | None = None
) -> Found:
    """Every problem of an expression in one field of a question."""
    try:
        made = parse(source)
    except BadExpression as error:
        yield name, error.cause, error.remedy, error.code
        return
    fine = True
    for node in walk(made):
        found: list[tuple[str, str, str]] = []
        if isinstance(node, Reference):
            later = name == "calculation"
            missing = reference(node.name, question, survey, allow_later=later, of_group=before is not None)
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
    if name == "constraint" and fine and _alone(made) and not _satisfiable(question, source):
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


def reference(
    name: str,
    question: SurveyQuestion,
    survey: Rest,
    *,
    allow_later: bool = False,
    allow_itself: bool = False,
    of_group: bool = False,
) -> tuple[str, str, str] | None:
    """What is wrong with naming that question here: cause, remedy and code."""
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


def _bad_choices(node: Operation, question: SurveyQuestion, survey: Rest) -> list[tuple[str, str, str]]:
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
