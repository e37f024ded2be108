"""One step of a survey: `step(definition, state, answer, now)`, without a clock or a database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.expressions import holds
from civic.surveys.engine.path import current, place
from civic.surveys.engine.state import (
    CONSENT,
    Answer,
    Answered,
    Asked,
    ConsentAsked,
    Event,
    Explained,
    Given,
    Kept,
    Move,
    Noticed,
    Pressed,
    Refused,
    Resumed,
    Stage,
    Step,
    StopAsked,
    Suggested,
    SurveyState,
    Toggled,
    Unclear,
    Unsure,
)
from civic.surveys.engine.types import TYPES, Unfit
from civic.surveys.engine.values import Value


def start(definition: SurveyDefinition) -> Step:
    """A session at its beginning: consent is asked for."""
    return _ask(definition, SurveyState())


def step(definition: SurveyDefinition, state: SurveyState, answer: Answer, now: datetime) -> Step:
    """What an answer leads to. The same arguments always give the same step."""
    if state.stage.over:
        return Step(state, (Noticed("over"),))
    question = current(definition, state)
    here = CONSENT if question is None else question.name
    if isinstance(answer, Pressed) and answer.question != here:
        return _ask(definition, _settled(state), Noticed("stale"))
    if isinstance(answer, Pressed) and answer.move:
        answer = answer.move
    if state.paused and answer in (Move.REPEAT, Move.GO_ON):
        number, total = place(definition, state)
        return _ask(definition, _change(state, paused=False), Resumed(number, total))
    state = _change(state, paused=False)
    if isinstance(answer, Move):
        return _move(definition, state, question, answer, now)
    if question is None:
        return _consent(definition, state, answer)
    return _answer(definition, state, question, answer, now)


def _change(state: SurveyState, **changes: Any) -> SurveyState:
    return state.model_copy(update=changes)


def _settled(state: SurveyState) -> SurveyState:
    """The state without what was only being considered."""
    return _change(state, suggested=(), stopping=False, paused=False)


def _ask(definition: SurveyDefinition, state: SurveyState, *before: Event) -> Step:
    """Asks what comes next; after the last question, the session is finished."""
    if state.stage is Stage.CONSENT:
        return Step(state, (*before, ConsentAsked(place(definition, state)[1])))
    question = current(definition, state)
    if question is None:
        return Step(_change(state, stage=Stage.FINISHED), (*before, Noticed("finished")))
    number, total = place(definition, state)
    return Step(state, (*before, Asked(question.name, number, total, state.toggled)))


def _consent(definition: SurveyDefinition, state: SurveyState, answer: Answer) -> Step:
    said: Value | str | None = None
    if isinstance(answer, Pressed):
        said = answer.option
    elif isinstance(answer, Given):
        said = answer.value
    if said == "yes":
        return _ask(definition, _change(_settled(state), stage=Stage.ASKING))
    if said == "no":
        return Step(_change(state, stage=Stage.DECLINED), (Noticed("declined"),))
    return _ask(definition, state, Refused(CONSENT, "consent"))


def _move(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion | None,
    move: Move,
    now: datetime,
) -> Step:
    match move:
        case Move.REPEAT | Move.GO_ON:
            return _ask(definition, _settled(state))
        case Move.PAUSE:
            return Step(_change(_settled(state), paused=True), (Noticed("paused"),))
        case Move.STOP:
            return _stop(state, question)
        case Move.BACK:
            return _back(definition, state)
    if question is None:
        return _ask(definition, state, Refused(CONSENT, "consent"))
    if move is Move.WHY:
        return _ask(definition, _settled(state), Explained(question.name))
    if move is Move.DONE:
        if question.type != "select_multiple":
            return _refuse(definition, state, question, "not_done")
        if state.toggled or question.required:
            return _keep(definition, state, question, state.toggled, now, read_as=False)
    if question.required:
        return _ask(definition, _settled(state), Noticed("required"))
    return _next(definition, state, Answered(question=question.name, value=None, at=now), Noticed("skipped"))


def _stop(state: SurveyState, question: SurveyQuestion | None) -> Step:
    if question is None:
        return Step(_change(state, stage=Stage.DECLINED), (Noticed("declined"),))
    given = sum(answered.value is not None for answered in state.answers)
    if state.stopping or not given:
        gone = SurveyState(stage=Stage.STOPPED)  # consent is withdrawn: the answers go with it
        return Step(gone, (Noticed("stopped"),))
    return Step(_change(_settled(state), stopping=True), (StopAsked(question.name, given),))


def _back(definition: SurveyDefinition, state: SurveyState) -> Step:
    if state.stopping or state.suggested or state.toggled:
        return _ask(definition, _change(_settled(state), toggled=()))
    if not state.answers:
        return _ask(definition, state, Noticed("first"))
    return _ask(definition, _change(state, answers=state.answers[:-1]), Noticed("undone"))


def _answer(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion,
    answer: Answer,
    now: datetime,
) -> Step:
    match answer:
        case Given(value, read_as):
            if state.toggled and isinstance(value, tuple) and not set(state.toggled) <= set(value):
                value, read_as = (*state.toggled, *value), True
            return _keep(definition, state, question, value, now, read_as=read_as)
        case Unsure(values):
            fitting = tuple(value for value in values if _fits(state, question, value))
            if not fitting:
                return _keep(definition, state, question, values[0], now, read_as=True)
            return Step(
                _change(state, suggested=fitting, stopping=False), (Suggested(question.name, fitting),)
            )
        case Pressed(_, option, sign):
            return _pressed(definition, state, question, option, sign, now)
        case Unclear(code):
            return _refuse(definition, state, question, code)
    raise TypeError(f"not an answer: {answer!r}")


def _pressed(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion,
    option: str,
    sign: str,
    now: datetime,
) -> Step:
    kind, several = TYPES[question.type], question.type == "select_multiple"
    names = tuple(option.split(" ")) if sign == "=" and several else (option,)
    unknown = kind.options(question) and not set(names) <= set(kind.options(question))
    try:
        value: Value = names if several else kind.value_of(question, option)
    except ValueError:
        unknown = True
    if unknown or not kind.closed:  # no button of ours says that
        return _ask(definition, _settled(state), Noticed("stale"))
    if sign == "=" or not several:
        return _keep(definition, state, question, value, now, read_as=False)
    # A toggle says what shall be, not what shall change: the same tap twice is one tap.
    others = tuple(name for name in state.toggled if name != option)
    chosen = {*others, option} if sign == "+" else {*others}
    order = tuple(name for name in kind.options(question) if name in chosen)
    return Step(_change(_settled(state), toggled=order), (Toggled(question.name, order),))


def _unfit(state: SurveyState, question: SurveyQuestion, value: Value) -> tuple[Value, Unfit | None]:
    """The value as it would be kept, and what speaks against it."""
    try:
        kept = TYPES[question.type].accept(question, value)
    except Unfit as unfit:
        return value, unfit
    if question.constraint and not holds(question.constraint, state.values, kept):
        return kept, Unfit("constraint")
    return kept, None


def _fits(state: SurveyState, question: SurveyQuestion, value: Value) -> bool:
    return _unfit(state, question, value)[1] is None


def _keep(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion,
    value: Value,
    now: datetime,
    *,
    read_as: bool,
) -> Step:
    kept, unfit = _unfit(state, question, value)
    if unfit:
        return _refuse(definition, state, question, unfit.code, **unfit.params)
    answered = Answered(question=question.name, value=kept, at=now)
    return _next(definition, state, answered, Kept(question.name, kept, read_as))


def _next(definition: SurveyDefinition, state: SurveyState, answered: Answered, event: Event) -> Step:
    after = _change(_settled(state), answers=(*state.answers, answered), toggled=())
    return _ask(definition, after, event)


def _refuse(
    definition: SurveyDefinition, state: SurveyState, question: SurveyQuestion, code: str, **params: Value
) -> Step:
    return _ask(definition, _settled(state), Refused(question.name, code, params))
