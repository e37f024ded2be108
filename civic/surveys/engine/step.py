"""One step of a survey: `step(definition, state, answer, now)`, without a clock or a database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from civic.surveys.definition import SurveyDefinition, SurveyQuestion
from civic.surveys.engine.expressions import holds, references
from civic.surveys.engine.path import current, notes, place, worked_out
from civic.surveys.engine.scope import Scope
from civic.surveys.engine.state import (
    CONSENT,
    SPEAK,
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
    Told,
    Unclear,
    Unsure,
)
from civic.surveys.engine.types import TYPES, Unfit
from civic.surveys.engine.values import Value, as_text

# Sessions begun before the hour was kept have none; their calculations are dated by no answer.
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def start(definition: SurveyDefinition) -> Step:
    """A session at its beginning: consent is asked for."""
    return _ask(definition, SurveyState())


def step(definition: SurveyDefinition, state: SurveyState, answer: Answer, now: datetime) -> Step:
    """What an answer leads to. The same arguments always give the same step."""
    if state.stage.over:
        return Step(state, (Noticed("over"),))
    question = current(definition, state)
    here = CONSENT if question is None else question.name
    if isinstance(answer, Pressed) and answer.sign == SPEAK:
        spoken = answer.option if answer.option in definition.languages else state.language
        return _ask(definition, _change(_settled(state), language=spoken))
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
        return _consent(definition, state, answer, now)
    return _answer(definition, state, question, answer, now)


def _change(state: SurveyState, **changes: Any) -> SurveyState:
    return state.model_copy(update=changes)


def _settled(state: SurveyState) -> SurveyState:
    """The state without what was only being considered."""
    return _change(state, suggested=(), heard=None, stopping=False, paused=False)


def _ask(definition: SurveyDefinition, state: SurveyState, *before: Event) -> Step:
    """Asks what comes next; after the last question, the session is finished."""
    if state.stage is Stage.CONSENT:
        return Step(state, (*before, ConsentAsked(place(definition, state)[1])))
    question = current(definition, state)
    if question is None:
        return Step(_finished(definition, state), (*before, Noticed("finished")))
    number, total = place(definition, state)
    proposed = None if state.toggled else _proposed(definition, state, question)
    return Step(state, (*before, Asked(question.name, number, total, state.toggled, proposed)))


def _go_on(definition: SurveyDefinition, state: SurveyState, *before: Event) -> Step:
    """Asks what comes next, and tells the notes on the way there."""
    told = tuple(Told(name) for name in notes(definition, state))
    return _ask(definition, state, *before, *told)


def _finished(definition: SurveyDefinition, state: SurveyState) -> SurveyState:
    """The end: calculations and hidden values stand with the answers, and what was taken back is gone."""
    scope = Scope(definition, state)
    at = state.at or _NO_TIME
    made = [Answered(question=name, value=scope[name], at=at) for name in worked_out(definition, state)]
    order = definition.places
    answers = (*state.answers, *made)
    if made:
        answers = tuple(sorted(answers, key=lambda answered: order[answered.question]))
    return _change(state, stage=Stage.FINISHED, answers=answers, aside=())


def _proposed(definition: SurveyDefinition, state: SurveyState, question: SurveyQuestion) -> Value | None:
    """The answer from before going back, or the designer's default, where it would still count."""
    for answered in reversed(state.aside):
        if answered.question == question.name and answered.value is not None:
            if _fits(definition, state, question, answered.value):
                return answered.value
            break
    if question.default is None:
        return None
    default = Scope(definition, state).default(question)
    try:
        value = TYPES[question.type].value_of(question, as_text(default)) if default is not None else None
    except ValueError:
        return None
    return value if value is not None and _fits(definition, state, question, value) else None


def _consent(definition: SurveyDefinition, state: SurveyState, answer: Answer, now: datetime) -> Step:
    said: Value | str | None = None
    if isinstance(answer, Pressed):
        said = answer.option
    elif isinstance(answer, Given):
        said = answer.value
    if said == "yes":
        return _go_on(definition, _change(_settled(state), stage=Stage.ASKING, started=now))
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
        if not TYPES[question.type].several:
            return _refuse(definition, state, question, "not_done")
        if state.toggled or question.required:
            return _keep(definition, state, question, state.toggled, now, read_as=False)
    if move is Move.KEEP:
        proposed = _proposed(definition, state, question)
        if proposed is None:
            return _ask(definition, _settled(state), Noticed("stale"))
        return _keep(definition, state, question, proposed, now, read_as=False)
    if question.required:
        return _ask(definition, _settled(state), Noticed("required"))
    return _next(definition, state, Answered(question=question.name, value=None, at=now), Noticed("skipped"))


def _stop(state: SurveyState, question: SurveyQuestion | None) -> Step:
    if question is None:
        return Step(_change(state, stage=Stage.DECLINED), (Noticed("declined"),))
    given = sum(answered.value is not None for answered in state.answers)
    if state.stopping or not given:
        # Consent is withdrawn: the answers go with it.
        gone = SurveyState(stage=Stage.STOPPED, language=state.language)
        return Step(gone, (Noticed("stopped"),))
    return Step(_change(_settled(state), stopping=True), (StopAsked(question.name, given),))


def _back(definition: SurveyDefinition, state: SurveyState) -> Step:
    if state.stopping or state.suggested or state.toggled:
        return _ask(definition, _change(_settled(state), toggled=()))
    if not state.answers:
        return _ask(definition, state, Noticed("first"))
    undone = state.answers[-1]
    aside = (*(one for one in state.aside if one.question != undone.question), undone)
    return _ask(definition, _change(state, answers=state.answers[:-1], aside=aside), Noticed("undone"))


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
            fitting = tuple(value for value in values if _fits(definition, state, question, value, now))
            if not fitting:
                return _keep(definition, state, question, values[0], now, read_as=True)
            considered = _change(state, suggested=fitting, heard=other, stopping=False)
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
        return _ask(definition, _settled(state), Noticed("stale"))
    if sign == "=" or not several:
        # The last of the suggestions is the choice Other, with the words as they were typed.
        own = state.heard if state.suggested and value == state.suggested[-1] else None
        return _keep(definition, state, question, value, now, read_as=False, other=own)
    # A toggle says what shall be, not what shall change: the same tap twice is one tap.
    others = tuple(name for name in state.toggled if name != option)
    order = kind.in_order(question, (*others, option) if sign == "+" else others)
    if kind.enough(question, order):
        return _keep(definition, state, question, order, now, read_as=True)
    return Step(_change(_settled(state), toggled=order), (Toggled(question.name, order),))


def _unfit(
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


def _fits(
    definition: SurveyDefinition,
    state: SurveyState,
    question: SurveyQuestion,
    value: Value,
    now: datetime | None = None,
) -> bool:
    return _unfit(definition, state, question, value, now)[1] is None


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
    kept, unfit = _unfit(definition, state, question, value, now)
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
    kept, unfit = _unfit(definition, after.state, following, other, now)
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
    after = _change(_settled(state), answers=(*state.answers, answered), toggled=(), aside=aside)
    return _go_on(definition, after, event)


def _refuse(
    definition: SurveyDefinition, state: SurveyState, question: SurveyQuestion, code: str, **params: Value
) -> Step:
    return _ask(definition, _settled(state), Refused(question.name, code, params))
