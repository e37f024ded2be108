"""What is asked next, what is proposed there and what would be taken; after the last question, the end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.expressions import holds
from civic.surveys.engine.kind import Unfit
from civic.surveys.engine.path import current, notes, place, worked_out
from civic.surveys.engine.scope import Scope
from civic.surveys.engine.state import (
    Answered,
    Asked,
    ConsentAsked,
    Event,
    Noticed,
    Stage,
    Step,
    SurveyState,
    Told,
)
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value, as_text

# Sessions begun before the hour was kept have none; their calculations are dated by no answer.
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def change(state: SurveyState, **changes: Any) -> SurveyState:
    """The state with other values."""
    return state.model_copy(update=changes)


def settled(state: SurveyState) -> SurveyState:
    """The state without what was only being considered."""
    return change(state, suggested=(), heard=None, stopping=False, paused=False)


def ask(definition: SurveyDefinition, state: SurveyState, *before: Event) -> Step:
    """Asks what comes next; after the last question, the session is finished."""
    if state.stage is Stage.CONSENT:
        return Step(state, (*before, ConsentAsked(place(definition, state)[1])))
    question = current(definition, state)
    if question is None:
        return Step(_finished(definition, state), (*before, Noticed("finished")))
    number, total = place(definition, state)
    proposed = None if state.toggled else proposed_for(definition, state, question)
    return Step(state, (*before, Asked(question.name, number, total, state.toggled, proposed)))


def go_on(definition: SurveyDefinition, state: SurveyState, *before: Event) -> Step:
    """Asks what comes next, and tells the notes on the way there."""
    told = tuple(Told(name) for name in notes(definition, state))
    return ask(definition, state, *before, *told)


def _finished(definition: SurveyDefinition, state: SurveyState) -> SurveyState:
    """The end: calculations and hidden values stand with the answers, and what was taken back is gone."""
    scope = Scope(definition, state)
    at = state.at or _NO_TIME
    made = [Answered(question=name, value=scope[name], at=at) for name in worked_out(definition, state)]
    order = definition.places
    answers = (*state.answers, *made)
    if made:
        answers = tuple(sorted(answers, key=lambda answered: order[answered.question]))
    return change(state, stage=Stage.FINISHED, answers=answers, aside=())


def proposed_for(definition: SurveyDefinition, state: SurveyState, question: SurveyQuestion) -> Value | None:
    """The answer from before going back, or the designer's default, where it would still count."""
    for answered in reversed(state.aside):
        if answered.question == question.name and answered.value is not None:
            if fits(definition, state, question, answered.value):
                return answered.value
            break
    if question.default is None:
        return None
    default = Scope(definition, state).default(question)
    try:
        value = TYPES[question.type].value_of(question, as_text(default)) if default is not None else None
    except ValueError:
        return None
    return value if value is not None and fits(definition, state, question, value) else None


def as_kept(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion,
    value: Value,
    now: datetime | None = None,
) -> tuple[Value, Unfit | None]:
    """The value as it would be kept, and what speaks against it."""
    try:
        kept = TYPES[question.type].accept(question, value)
    except Unfit as unfit:
        return value, unfit
    if question.constraint and not holds(question.constraint, Scope(definition, state, now), kept):
        return kept, Unfit("constraint")
    return kept, None


def fits(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion,
    value: Value,
    now: datetime | None = None,
) -> bool:
    """Whether the question takes the value where the citizen stands."""
    return as_kept(definition, state, question, value, now)[1] is None
