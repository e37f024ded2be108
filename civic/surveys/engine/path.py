"""Which question comes next: decided by the answers alone, so going back is forgetting the last one."""

from __future__ import annotations

from collections.abc import Iterator

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.expressions import references
from civic.surveys.engine.scope import Scope
from civic.surveys.engine.state import Stage, SurveyState
from civic.surveys.engine.types import TYPES


def current(definition: SurveyDefinition, state: SurveyState) -> SurveyQuestion | None:
    """The question that waits, with the choices it has now; None before consent and after the last one."""
    if state.stage is not Stage.ASKING:
        return None
    scope = Scope(definition, state)
    for question in _ahead(definition, state):
        if TYPES[question.type].asked and scope.reached(question):
            narrowed = scope.narrowed(question)
            if narrowed.choices or not question.choices:  # nothing left to choose from: not asked
                return narrowed
    return None


def notes(definition: SurveyDefinition, state: SurveyState) -> Iterator[str]:
    """The notes between the last answer and the question that comes next, or the end."""
    scope, following = Scope(definition, state), current(definition, state)
    for question in _ahead(definition, state):
        if following is not None and question.name == following.name:
            return
        if TYPES[question.type].told and scope.reached(question):
            yield question.name


def place(definition: SurveyDefinition, state: SurveyState) -> tuple[int, int]:
    """`(3, 8)` at the third of eight. The total counts what may still be asked: it can only shrink."""
    scope, inputs = Scope(definition, state), _inputs(definition)
    possible: set[str] = set()
    for question in _ahead(definition, state):
        if TYPES[question.type].asked and (inputs[question.name] & possible or scope.reached(question)):
            possible.add(question.name)
    done = len(state.answers)
    return done + 1, done + len(possible)


def worked_out(definition: SurveyDefinition, state: SurveyState) -> Iterator[str]:
    """The rows that nobody is asked and that are results all the same: calculations and hidden values."""
    scope = Scope(definition, state)
    for question in definition.questions:
        kind = TYPES[question.type]
        if kind.worked_out and scope.reached(question):
            yield question.name


def _ahead(definition: SurveyDefinition, state: SurveyState) -> tuple[SurveyQuestion, ...]:
    """What lies behind the last answer."""
    if not state.answers:
        return definition.questions
    return definition.questions[definition.places[state.answers[-1].question] + 1 :]


def _inputs(definition: SurveyDefinition) -> dict[str, frozenset[str]]:
    """By row, the questions that decide whether it is asked, also by way of calculations."""
    found: dict[str, frozenset[str]] | None = definition.__dict__.get("_inputs")
    if found is None:
        found = {}
        for question in definition.questions:
            sources = list(definition.conditions[question.name])
            seen: set[str] = set()
            while sources:
                for name in references(sources.pop()) - seen:
                    seen.add(name)
                    inner = definition.by_name.get(name)
                    if inner is not None and inner.calculation:
                        sources += [inner.calculation, *definition.conditions[name]]
            found[question.name] = frozenset(seen)
        definition.__dict__["_inputs"] = found
    return found
