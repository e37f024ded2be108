"""The labelled answers of `evaluation.survey_answers`, for the tests."""

from evaluation.survey_answers import (
    ROOT,
    Typed,
    alone,
    by_exact_match,
    outcome,
    right,
    silent,
    survey_of_ours,
    typed_answers,
    words,
)

CATALOGUE = words()
SURVEYS = ROOT / "content" / "surveys"

__all__ = [
    "CATALOGUE",
    "ROOT",
    "SURVEYS",
    "Typed",
    "alone",
    "by_exact_match",
    "outcome",
    "right",
    "silent",
    "survey_of_ours",
    "typed_answers",
]
