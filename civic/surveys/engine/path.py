"""Which question comes next: decided by the answers alone, so going back is forgetting the last one."""

from __future__ import annotations

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.expressions import holds, references
from civic.surveys.engine.state import Stage, SurveyState


def current(definition: SurveyDefinition, state: SurveyState) -> SurveyQuestion | None:
    """The question that waits for an answer; None before consent and after the last one."""
    if state.stage is not Stage.ASKING:
        return None
    for question in definition.questions[_passed(definition, state) :]:
        if question.relevant is None or holds(question.relevant, state.values):
            return question
    return None


def place(definition: SurveyDefinition, state: SurveyState) -> tuple[int, int]:
    """`(3, 8)` at the third of eight. The total counts what may still be asked: it can only shrink."""
    possible: set[str] = set()
    for question in definition.questions[_passed(definition, state) :]:
        condition = question.relevant
        if condition is None or references(condition) & possible or holds(condition, state.values):
            possible.add(question.name)
    done = len(state.answers)
    return done + 1, done + len(possible)


def _passed(definition: SurveyDefinition, state: SurveyState) -> int:
    """How many questions of the definition lie behind the last answer."""
    if not state.answers:
        return 0
    names = list(definition.by_name)
    return names.index(state.answers[-1].question) + 1
