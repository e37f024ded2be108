"""Expressions mean what XLSForm says, are read by a grammar, and can do nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.surveys.engine.expressions import BadExpression, evaluate, holds, parse, references
from civic.surveys.engine.functions import FUNCTIONS
from civic.surveys.engine.values import Answers, Value

ANSWERS: Answers = {
    "mode": "bus",
    "age": 40,
    "price": 2.5,
    "uses": ("books", "study"),
    "agree": "yes",
    "note": "Too Slow",
    "skipped": None,
}

CASES = [
    ("${mode} = 'bus'", True),
    ('${mode} = "bus"', True),
    ("${mode} != 'car'", True),
    ("${age} = 40", True),
    ("${age} = '40'", True),
    ("${age} > 39 and ${age} <= 40", True),
    ("${age} < 39 or ${agree} = 'yes'", True),
    ("${age} + 2 * 3 = 46", True),
    ("(${age} + 2) * 3 = 126", True),
    ("${age} div 8 = 5", True),
    ("${age} mod 7 = 5", True),
    ("${age} div 0 = 1", False),
    ("-${age} < 0", True),
    ("${price} * 2 = 5", True),
    ("selected(${uses}, 'study')", True),
    ("selected(${uses}, 'stud')", False),
    ("selected(${mode}, 'bus')", True),
    ("count-selected(${uses}) = 2", True),
    ("count-selected(${skipped}) = 0", True),
    ("not(selected(${uses}, 'events'))", True),
    ("if(${agree} = 'yes', 'a', 'b') = 'a'", True),
    ("coalesce(${skipped}, 'x') = 'x'", True),
    ("string-length(${note}) = 8", True),
    ("contains(${note}, 'slow')", True),
    ("true() and not(false())", True),
    ("${skipped} = ''", True),
    ("${skipped} < 5", False),
    ("${skipped} > 5", False),
    ("${mode} > 5", False),
    ("${nowhere} = ''", True),
    ("not(${mode} = 'bus') and ${age} > 1 or ${agree} = 'yes'", True),
]


@pytest.mark.parametrize(("source", "truth"), CASES)
def test_an_expression_means_what_it_says(source: str, truth: bool) -> None:
    assert holds(source, ANSWERS) is truth


def test_the_cases_call_every_function() -> None:
    assert len(FUNCTIONS) >= 8
    for name in FUNCTIONS:
        assert any(f"{name}(" in source for source, _ in CASES), name


def test_a_dot_is_the_answer_that_is_checked() -> None:
    assert holds(". >= 1 and . <= 240", {}, 30) and not holds(". >= 1 and . <= 240", {}, 500)


def test_the_questions_that_an_expression_looks_at_are_known() -> None:
    assert references("${a} = 1 and selected(${b-c}, 'x') or ${a} > .") == {"a", "b-c"}


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('true')",
        "open('/etc/passwd')",
        "${a}.__class__",
        "lambda: 1",
        "1 if 2 else 3",
        "[1, 2]",
        "exec('x')",
        "${a} = 'x'; ${b}",
        "",
        "'" + "a" * 2000 + "'",
        "(" * 400 + "1" + ")" * 400 + " +",
    ],
)
def test_nothing_but_the_grammar_is_read(source: str) -> None:
    with pytest.raises(BadExpression) as bad:
        parse(source)
    assert bad.value.cause and bad.value.remedy


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_never_a_crash(source: str) -> None:
    try:
        expression = parse(source)
    except BadExpression:
        return
    evaluate(expression, {}, "x")


values = st.one_of(
    st.none(), st.text(max_size=5), st.integers(-9, 9), st.floats(-9, 9), st.tuples(st.sampled_from("abc"))
)


@given(
    values,
    values,
    st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "and", "or"]),
)
def test_operators_take_whatever_was_answered(left: Value | None, right: Value | None, operator: str) -> None:
    evaluate(parse(f"${{a}} {operator} ${{b}}"), {"a": left, "b": right})
