"""Expressions of designers: parsed by a grammar into values, and never run as a program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import regex
from lark import Lark, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedInput, VisitError

from civic.surveys.engine.functions import ASKING_THE_SESSION, FUNCTIONS, REFUSED_FUNCTIONS
from civic.surveys.engine.values import Answers, Value, as_number, as_text, as_truth
from civic.surveys.wording import did_you_mean

LONGEST = 4000


class BadExpression(ValueError):
    """The expression cannot be read; `cause` and `remedy` are for the designer, `code` for programs."""

    def __init__(self, cause: str, remedy: str, code: str = "expression") -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy
        self.code = code


@dataclass(frozen=True)
class Literal:
    """A number or a text written in the expression."""

    value: Value


@dataclass(frozen=True)
class Reference:
    """`${name}`: the answer to an earlier question."""

    name: str


@dataclass(frozen=True)
class Itself:
    """`.`: the answer that is being checked."""


@dataclass(frozen=True)
class Column:
    """A bare name: a column of the choice that is being filtered."""

    name: str


@dataclass(frozen=True)
class Operation:
    """An operator or a function with what it is applied to."""

    name: str
    operands: tuple[Expression, ...]


Expression = Literal | Reference | Itself | Column | Operation

_OPERATORS = {"and", "or", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "minus"}


class _Build(Transformer[Any, Expression]):
    """Turns the parse tree into our four kinds of nodes."""

    def number(self, items: list[Any]) -> Expression:
        return Literal(float(items[0]))

    def string(self, items: list[Any]) -> Expression:
        return Literal(str(items[0])[1:-1])

    def reference(self, items: list[Any]) -> Expression:
        return Reference(str(items[0]).strip())

    def column(self, items: list[Any]) -> Expression:
        return Column(str(items[0]))

    def itself(self, items: list[Any]) -> Expression:
        return Itself()

    def minus(self, items: list[Any]) -> Expression:
        return Operation("minus", (items[1],))

    @v_args(inline=True)
    def comparison(self, left: Expression, operator: Any, right: Expression | None) -> Expression:
        return left if right is None else Operation(str(operator), (left, right))

    def call(self, items: list[Any]) -> Expression:
        name, operands = str(items[0]), tuple(item for item in items[1:] if item is not None)
        if name in REFUSED_FUNCTIONS:
            code, reason = REFUSED_FUNCTIONS[name]
            raise BadExpression(
                f"a chat cannot do {name}(): {reason}", "Write the condition without it.", code
            )
        if name not in FUNCTIONS and name not in ASKING_THE_SESSION:
            known = sorted([*FUNCTIONS, *ASKING_THE_SESSION])
            remedy = did_you_mean(name, known, f"Use one of: {', '.join(known)}.")
            raise BadExpression(f"there is no function {name}()", remedy)
        least, most = FUNCTIONS[name][:2] if name in FUNCTIONS else ASKING_THE_SESSION[name]
        if not least <= len(operands) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise BadExpression(
                f"the function {name}() takes {wanted} values, and {len(operands)} are given",
                f"Separate the values of {name}() by commas.",
            )
        if name == "regex" and isinstance(operands[1], Literal):
            try:
                regex.compile(as_text(operands[1].value))
            except regex.error as error:
                raise BadExpression(
                    f"the pattern of regex() cannot be read ({error})", "Correct the pattern."
                ) from None
        if name == "jr:choice-name" and not (
            isinstance(operands[1], Literal) and _NAMED.fullmatch(as_text(operands[1].value))
        ):
            raise BadExpression(
                "jr:choice-name() names no question", "Write jr:choice-name(${name}, '${name}')."
            )
        return Operation(name, operands)

    def _chain(self, items: list[Any]) -> Expression:
        result: Expression = items[0]
        for operator, operand in zip(items[1::2], items[2::2], strict=True):
            result = Operation(str(operator), (result, operand))
        return result

    disjunction = conjunction = equality = sum = product = _chain


_NAMED = re.compile(r"\s*\$\{\s*([A-Za-z_][A-Za-z0-9_.-]*)\s*\}\s*")
_PATHS = re.compile(r"instance\(|/root/|\.\./|\$\{last-saved#|(?:^|[\s(=,])/[A-Za-z_]|current\(\)/|\[")


_PARSER = Lark(
    (Path(__file__).parent / "expressions.lark").read_text(encoding="utf-8"),
    parser="lalr",
    maybe_placeholders=True,
)


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """Reads an expression; raises `BadExpression` with a cause and a remedy."""
    if len(source) > LONGEST:
        raise BadExpression(f"the expression is longer than {LONGEST} characters", "Make it shorter.")
    unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "''", source)
    if _PATHS.search(unquoted):
        raise BadExpression(
            "it reaches into an XForm's tree by a path, and a chat has no tree",
            "Name questions as ${name}; data from outside cannot be looked up.",
            "external_data",
        )
    try:
        return _Build().transform(_PARSER.parse(source))
    except VisitError as error:
        if isinstance(error.orig_exc, BadExpression):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise BadExpression(*_explain(source, error)) from None
    except (LarkError, RecursionError) as error:
        raise BadExpression("the expression cannot be read", "Write it like ${name} = 'x'.") from error


def _explain(source: str, error: UnexpectedInput) -> tuple[str, str]:
    column = getattr(error, "column", -1)
    rest = source[column - 1 :] if column > 0 else ""
    if any(quote in source for quote in "‘’“”"):
        return "it has typographic quotes", "Write straight quotes: 'x'."
    if "==" in source:
        return "it compares with ==", "Write one equals sign: ${name} = 'x'."
    if "&&" in source or "||" in source:
        return "it joins with && or ||", "Write the words and, or."
    if source.count("$") != source.count("${") or source.count("${") != source.count("}"):
        return "a name is not between its braces", "Write ${name}, with both braces."
    if rest[:1].isalpha() and rest.split():
        word = rest.split()[0]
        return (
            f"{word!r} at character {column} is not understood",
            "Write an answer's name as ${name} and a choice in quotes: ${name} = 'x'.",
        )
    ended = getattr(getattr(error, "token", None), "type", "") == "$END"
    where = "at its end" if ended or not rest else f"at character {column}"
    return f"it cannot be read {where}", "Check brackets and quotes; write it like ${name} = 'x'."


def evaluate(expression: Expression, answers: Answers, itself: Value | None = None) -> Value | bool | None:
    """The expression's value over the answers given so far; a question not answered is empty."""
    match expression:
        case Literal(value):
            return value
        case Reference(name):
            return answers.get(name)
        case Itself():
            return itself
        case Column(name):
            return answers.get(f".{name}")
        case Operation("if", (condition, then, otherwise)):
            chosen = then if as_truth(evaluate(condition, answers, itself)) else otherwise
            return evaluate(chosen, answers, itself)
        case Operation("once", (inner,)):
            return evaluate(inner, getattr(answers, "at_start", answers), itself)
        case Operation("today" | "now" as name, ()):
            return answers.get(f"{name}()")
        case Operation("jr:choice-name", (value, Literal(named))):
            found, label = evaluate(value, answers, itself), getattr(answers, "label", None)
            return label(_named(named), as_text(found)) if label else as_text(found)
        case Operation("and", (left, right)):
            return as_truth(evaluate(left, answers, itself)) and as_truth(evaluate(right, answers, itself))
        case Operation("or", (left, right)):
            return as_truth(evaluate(left, answers, itself)) or as_truth(evaluate(right, answers, itself))
        case Operation(name, operands):
            values = [evaluate(operand, answers, itself) for operand in operands]
            return _operate(name, values) if name in _OPERATORS else FUNCTIONS[name][2](*values)


def _named(literal: Value) -> str:
    found = _NAMED.fullmatch(as_text(literal))
    return found[1] if found else as_text(literal)


def value_of(source: str, answers: Answers, itself: Value | None = None) -> Value | None:
    """The expression's value, as an answer would be kept."""
    found = evaluate(parse(source), answers, itself)
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, float) and found.is_integer():
        return int(found)
    return None if found == "" else found


def holds(source: str, answers: Answers, itself: Value | None = None) -> bool:
    """Whether the expression is true over the answers given so far."""
    return as_truth(evaluate(parse(source), answers, itself))


def _operate(name: str, values: list[Value | bool | None]) -> Value | bool | None:
    left, right = values[0], values[-1]
    a, b = as_number(left), as_number(right)
    if name in ("=", "!="):
        same = a == b if a is not None and b is not None else as_text(left) == as_text(right)
        return same if name == "=" else not same
    if a is None or b is None:  # nothing is neither less nor more, and no sum has nothing in it
        return False if name in ("<", "<=", ">", ">=") else None
    match name:
        case "<":
            return a < b
        case "<=":
            return a <= b
        case ">":
            return a > b
        case ">=":
            return a >= b
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "minus":
            return -a
        case "div":
            return a / b if b else None
        case _:
            return a % b if b else None


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything inside it."""
    yield expression
    if isinstance(expression, Operation):
        for operand in expression.operands:
            yield from walk(operand)


def references(source: str) -> set[str]:
    """The names of the questions that an expression looks at."""
    return set(_references(source))


@lru_cache(maxsize=8192)
def _references(source: str) -> frozenset[str]:
    return frozenset(node.name for node in walk(parse(source)) if isinstance(node, Reference))
