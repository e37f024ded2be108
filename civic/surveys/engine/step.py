"""One step of a survey: `step(definition, state, answer, now)`, without a clock or a database."""

from __future__ import annotations

from datetime import datetime

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.asking import as_kept, ask, change, fits, go_on, proposed_for, settled
from civic.surveys.engine.expressions import references
from civic.surveys.engine.path import current, place
from civic.surveys.engine.state import (
    CONSENT,
    SPEAK,
    Answer,
    Answered,
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
    Told,
    Unclear,
    Unsure,
)
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value


def start(definition: SurveyDefinition) -> Step:
    """A session at its beginning: consent is asked for."""
    return ask(definition, SurveyState())


def step(definition: SurveyDefinition, state: SurveyState, answer: Answer, now: datetime) -> Step:
    """What an answer leads to. The same arguments always give the same step."""
    if state.stage.over:
        return Step(state, (Noticed("over"),))
    question = current(definition, state)
    here = CONSENT if question is None else question.name
    if isinstance(answer, Pressed) and answer.sign == SPEAK:
        spoken = answer.option if answer.option in definition.languages else state.language
        return ask(definition, change(settled(state), language=spoken))
    if isinstance(answer, Pressed) and answer.question != here:
        return ask(definition, settled(state), Noticed("stale"))
    if isinstance(answer, Pressed) and answer.move:
        answer = answer.move
    if state.paused and answer in (Move.REPEAT, Move.GO_ON):
        number, total = place(definition, state)
        return ask(definition, change(state, paused=False), Resumed(number, total))
    state = change(state, paused=False)
    if isinstance(answer, Move):
        return _move(definition, state, question, answer, now)
    if question is None:
        return _consent(definition, state, answer, now)
    return _answer(definition, state, question, answer, now)


def _consent(definition: SurveyDefinition, state: SurveyState, answer: Answer, now: datetime) -> Step:
    said: Value | str | None = None
    if isinstance(answer, Pressed):
        said = answer.option
    elif isinstance(answer, Given):
        said = answer.value
    if said == "yes":
        return go_on(definition, change(settled(state), stage=Stage.ASKING, started=now))
    if said == "no":
        return Step(change(state, stage=Stage.DECLINED), (Noticed("declined"),))
    return ask(definition, state, Refused(CONSENT, "consent"))


def _move(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion | None,
    move: Move,
    now: datetime,
) -> Step:
    match move:
        case Move.REPEAT | Move.GO_ON:
            return ask(definition, settled(state))
        case Move.PAUSE:
            return Step(change(settled(state), paused=True), (Noticed("paused"),))
        case Move.STOP:
            return _stop(state, question)
        case Move.BACK:
            return _back(definition, state)
    if question is None:
        return ask(definition, state, Refused(CONSENT, "consent"))
    if move is Move.WHY:
        return ask(definition, settled(state), Explained(question.name))
    if move is Move.DONE:
        if not TYPES[question.type].several:
            return _refuse(definition, state, question, "not_done")
        if state.toggled or question.required:
            return _keep(definition, state, question, state.toggled, now, read_as=False)
    if move is Move.KEEP:
        proposed = proposed_for(definition, state, question)
        if proposed is None:
            return ask(definition, settled(state), Noticed("stale"))
        return _keep(definition, state, question, proposed, now, read_as=False)
    if question.required:
        return ask(definition, settled(state), Noticed("required"))
    return _next(definition, state, Answered(question=question.name, value=None, at=now), Noticed("skipped"))


def _stop(state: SurveyState, question: SurveyQuestion | None) -> Step:
    if question is None:
        return Step(change(state, stage=Stage.DECLINED), (Noticed("declined"),))
    given = sum(answered.value is not None for answered in state.answers)
    if state.stopping or not given:
        # Consent is withdrawn: the answers go with it.
        gone = SurveyState(stage=Stage.STOPPED, language=state.language)
        return Step(gone, (Noticed("stopped"),))
    return Step(change(settled(state), stopping=True), (StopAsked(question.name, given),))


def _back(definition: SurveyDefinition, state: SurveyState) -> Step:
    if state.stopping or state.suggested or state.toggled:
        return ask(definition, change(settled(state), toggled=()))
    if not state.answers:
        return ask(definition, state, Noticed("first"))
    undone = state.answers[-1]
    aside = (*(one for one in state.aside if one.question != undone.question), undone)
    return ask(definition, change(state, answers=state.answers[:-1], aside=aside), Noticed("undone"))


def _answer(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion,
    answer: Answer,
    now: datetime,
) -> Step:
    match answer:
        case Given(value, read_as, other):
            if state.toggled and isinstance(value, tuple) and not set(state.toggled) <= set(value):
                value, read_as = (*state.toggled, *value), True
            return _keep(definition, state, question, value, now, read_as=read_as, other=other)
        case Unsure(values, other):
            fitting = tuple(value for value in values if fits(definition, state, question, value, now))
            if not fitting:
                return _keep(definition, state, question, values[0], now, read_as=True)
            considered = change(state, suggested=fitting, heard=other, stopping=False)
            return Step(considered, (Suggested(question.name, fitting, other),))
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
    kind = TYPES[question.type]
    several = kind.several
    names = tuple(option.split(" ")) if sign == "=" and several else (option,)
    unknown = kind.options(question) and not set(names) <= set(kind.options(question))
    try:
        value: Value = names if several else kind.value_of(question, option)
    except ValueError:
        unknown = True
    if unknown or not kind.closed:  # no button of ours says that
        return ask(definition, settled(state), Noticed("stale"))
    if sign == "=" or not several:
        # The last of the suggestions is the choice Other, with the words as they were typed.
        own = state.heard if state.suggested and value == state.suggested[-1] else None
        return _keep(definition, state, question, value, now, read_as=False, other=own)
    # A toggle says what shall be, not what shall change: the same tap twice is one tap.
    others = tuple(name for name in state.toggled if name != option)
    order = kind.in_order(question, (*others, option) if sign == "+" else others)
    if kind.enough(question, order):
        return _keep(definition, state, question, order, now, read_as=True)
    return Step(change(settled(state), toggled=order), (Toggled(question.name, order),))


def _keep(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion,
    value: Value,
    now: datetime,
    *,
    read_as: bool,
    other: str | None = None,
) -> Step:
    kept, unfit = as_kept(definition, state, question, value, now)
    if unfit:
        return _refuse(definition, state, question, unfit.code, **unfit.params)
    answered = Answered(question=question.name, value=kept, at=now, other=other)
    after = _next(definition, state, answered, Kept(question.name, kept, read_as, other))
    return _own_words(definition, after, question, other, now) if other else after


def _own_words(
    definition: SurveyDefinition, after: Step, question: SurveyQuestion, other: str, now: datetime
) -> Step:
    """Who said "other: by boat" is not asked "which other?": the words are that answer too."""
    following = current(definition, after.state)
    if following is None or following.type != "text" or question.name not in _decided_by(following):
        return after
    kept, unfit = as_kept(definition, after.state, following, other, now)
    if unfit or _told(after.events):
        return after
    answered = Answered(question=following.name, value=kept, at=now)
    return _next(definition, after.state, answered, after.events[0])


def _told(events: tuple[Event, ...]) -> bool:
    """Whether a note stands before the next question: it must be seen first."""
    return any(isinstance(event, Told) for event in events)


def _decided_by(question: SurveyQuestion) -> set[str]:
    """The questions whose answers decide whether this one is asked."""
    return set(references(question.relevant)) if question.relevant else set()


def _next(definition: SurveyDefinition, state: SurveyState, answered: Answered, event: Event) -> Step:
    aside = tuple(one for one in state.aside if one.question != answered.question)
    after = change(settled(state), answers=(*state.answers, answered), toggled=(), aside=aside)
    return go_on(definition, after, event)


def _refuse(
    definition: SurveyDefinition, state: SurveyState, question: SurveyQuestion, code: str, **params: Value
) -> Step:
    return ask(definition, settled(state), Refused(question.name, code, params))
