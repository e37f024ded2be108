"""The engine: every path ends, back undoes exactly, and every question type is known to all of its parts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic.surveys.definition import SurveyChoice, SurveyDefinition, SurveyQuestion
from civic.surveys.engine import state as engine
from civic.surveys.engine.path import current, place
from civic.surveys.engine.state import CONSENT, Answer, Given, Move, Noticed, Pressed, Stage, SurveyState
from civic.surveys.engine.step import start, step
from civic.surveys.engine.types import TYPES, Unfit
from civic.surveys.engine.values import Value
from civic.surveys.sheets import read_file
from civic.surveys.understanding.read import READERS
from tests.surveys.typed import CATALOGUE, ROOT, SURVEYS, typed_answers

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LIST = tuple(SurveyChoice.model_validate({"name": name, "label": name}) for name in "abc")

# By type: values that are kept (and as what), and values that are not.
VALUES: dict[str, tuple[list[tuple[Value, Value]], list[Value]]] = {
    "text": ([("  hello ", "hello"), ("7", "7")], ["", "   ", "x" * 1001]),
    "select_one": ([("a", "a")], ["d", "", 1, ("a",)]),
    "select_multiple": ([(("b", "a"), ("a", "b")), ("c", ("c",))], [(), ("a", "d"), "d"]),
    "yes_no": ([("yes", "yes"), ("no", "no")], ["maybe", "", 1]),
    "integer": ([(3, 3), (3.0, 3), (-2, -2)], [2.5, "three", float("nan"), float("inf"), 10**13]),
    "decimal": ([(2.5, 2.5), (3, 3), (3.0, 3)], ["x", float("nan"), 10**13]),
    "range": ([(1, 1), (5, 5), (4.0, 4)], [0, 6, 2.5, "3"]),
}


def question(kind: str, **more: object) -> SurveyQuestion:
    choices = LIST if TYPES[kind].listed else ()
    given = {"type": kind, "name": "q", "label": "Q?", "required": True, "choices": choices, **more}
    return SurveyQuestion.model_validate(given)


def survey(*questions: SurveyQuestion) -> SurveyDefinition:
    return SurveyDefinition.model_validate(
        {"id": "s", "title": "S", "consent": "C?", "thanks": "T", "questions": questions}
    )


@pytest.mark.parametrize("kind", list(TYPES))
def test_every_type_takes_what_it_should_and_nothing_else(kind: str) -> None:
    kept, refused = VALUES[kind]
    assert kept and refused
    for value, stored in kept:
        got = TYPES[kind].accept(question(kind), value)
        assert got == stored and type(got) is type(stored)
    for value in refused:
        with pytest.raises(Unfit):
            TYPES[kind].accept(question(kind), value)


@pytest.mark.parametrize("kind", list(TYPES))
def test_every_type_is_known_to_its_parts(kind: str) -> None:
    asked = question(kind)
    assert (kind in READERS) == TYPES[kind].closed, "closed types can be read, open ones are kept as typed"
    for option in TYPES[kind].options(asked):
        TYPES[kind].accept(asked, TYPES[kind].value_of(asked, option))
    docs = (ROOT / "docs" / "features" / "surveys.md").read_text(encoding="utf-8")
    assert f"| `{kind}" in docs, "the designers' page explains every type"
    used = {one.type for path in SURVEYS.glob("*.yml") for one in read_file(path).questions}
    assert kind in used, "our own surveys show every type"
    lines = [typed for typed in typed_answers() if read_type(typed.survey, typed.question) == kind]
    assert len(lines) >= 3, "the labelled set of typed answers covers every type"


def read_type(survey_id: str, name: str) -> str:
    return read_file(SURVEYS / f"{survey_id}.yml").by_name[name].type


def test_every_reason_to_refuse_has_its_words() -> None:
    source = "".join(path.read_text() for path in Path(ROOT / "civic" / "surveys").rglob("*.py"))
    codes = set(re.findall(r'(?:Unfit|Unclear)\("([a-z_]+)"', source)) | set(READERS)
    codes |= set(re.findall(r'_refuse\([^)]*"([a-z_]+)"', source)) | {"consent"}
    codes -= {"select_one", "select_multiple", "range", "yes_no"} - {"range", "yes_no"}
    assert len(codes) > 12
    for code in codes:
        assert f"surveys-refused-{code.replace('_', '-')}" in CATALOGUE.keys("en"), code


DEFINITIONS = [read_file(path) for path in sorted(SURVEYS.glob("*.yml"))]


def answers_to(definition: SurveyDefinition, state: SurveyState) -> st.SearchStrategy[Answer]:
    """Any good answer to the question at hand."""
    asked = current(definition, state)
    if asked is None:
        return st.just(Pressed(CONSENT, "yes"))
    kind, done = TYPES[asked.type], len(state.answers)
    good: st.SearchStrategy[Answer]
    if asked.type == "select_multiple":
        names = kind.options(asked)
        good = st.lists(st.sampled_from(names), min_size=1, unique=True).map(lambda some: Given(tuple(some)))
    elif kind.options(asked):
        good = st.sampled_from(kind.options(asked)).map(lambda option: Pressed(asked.name, option))
    elif kind.closed:
        good = st.integers(1, 20).map(Given)
    else:
        good = st.text(min_size=1, max_size=20).map(Given)
    if not asked.required:
        good = st.one_of(good, st.just(Move.SKIP))
    return good.filter(lambda answer: len(step(definition, state, answer, NOON).state.answers) > done)


ANYTHING: st.SearchStrategy[Answer] = st.one_of(
    st.sampled_from(Move),
    st.builds(Given, st.one_of(st.text(max_size=5), st.integers(), st.floats(), st.just(("a", "rubbish")))),
    st.builds(engine.Unsure, st.tuples(st.integers(0, 9))),
    st.builds(engine.Unclear, st.just("choice")),
    st.builds(
        Pressed,
        st.sampled_from([CONSENT, "frequency", "barriers", "bins", "times", "minutes", "nowhere"]),
        st.sampled_from(["yes", "no", "daily", "cost", "rubbish", "evening", "7", "x", "", "a b"]),
        st.sampled_from("=+-"),
        st.one_of(st.none(), st.sampled_from(Move)),
    ),
)

RUNS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@RUNS
@given(st.data(), st.sampled_from(DEFINITIONS))
def test_every_path_of_good_answers_ends(data: st.DataObject, definition: SurveyDefinition) -> None:
    state = start(definition).state
    totals = [place(definition, state)[1]]
    for _ in range(len(definition.questions) + 1):
        state = step(definition, state, data.draw(answers_to(definition, state)), NOON).state
        if state.stage.over:
            break
        number, total = place(definition, state)
        assert number <= total <= totals[-1], "the total only ever shrinks"
        totals.append(total)
    assert state.stage is Stage.FINISHED
    asked = [answered.question for answered in state.answers]
    assert asked == [name for name in definition.by_name if name in asked], "asked once each, in their order"


@RUNS
@given(st.data(), st.sampled_from(DEFINITIONS))
def test_back_undoes_exactly(data: st.DataObject, definition: SurveyDefinition) -> None:
    state = step(definition, start(definition).state, Pressed(CONSENT, "yes"), NOON).state
    trail = []
    for minute in range(len(definition.questions) * 3):
        after = step(
            definition, state, data.draw(answers_to(definition, state)), NOON + timedelta(minutes=minute)
        )
        if after.state.stage.over:
            break
        if len(after.state.answers) > len(state.answers):
            trail.append(state)
        state = after.state
    for before in reversed(trail):
        state = step(definition, state, Move.BACK, NOON).state
        assert state == before


@RUNS
@given(st.lists(ANYTHING, max_size=30), st.sampled_from(DEFINITIONS))
def test_whatever_comes_the_state_is_sound_and_something_is_said(
    answers: list[Answer], definition: SurveyDefinition
) -> None:
    state = step(definition, start(definition).state, Pressed(CONSENT, "yes"), NOON).state
    for answer in answers:
        after = step(definition, state, answer, NOON)
        assert after.events, "every message gets an answer"
        assert step(definition, state, answer, NOON) == after, "the same again is the same"
        assert len(after.state.answers) - len(state.answers) in (0, 1) or isinstance(answer, Move | Pressed)
        state = SurveyState.model_validate(after.state.model_dump(mode="json"))
        assert state == after.state, "a state survives being stored"
        for answered in state.answers:
            if answered.value is not None:
                TYPES[definition.by_name[answered.question].type].accept(
                    definition.by_name[answered.question], answered.value
                )


@RUNS
@given(ANYTHING)
def test_an_ended_session_stays_as_it_is(answer: Answer) -> None:
    for stage in (Stage.FINISHED, Stage.DECLINED, Stage.STOPPED):
        state = SurveyState(stage=stage)
        assert step(DEFINITIONS[0], state, answer, NOON) == engine.Step(state, (Noticed("over"),))


def test_an_answer_made_irrelevant_by_going_back_is_gone() -> None:
    first = question("yes_no", name="first")
    second = question("text", name="second", relevant="${first} = 'yes'")
    third = question("text", name="third")
    definition = survey(first, second, third)
    state = SurveyState(stage=Stage.ASKING)
    for answer in (Given("yes"), Given("because"), Move.BACK, Move.BACK, Given("no")):
        state = step(definition, state, answer, NOON).state
    assert current(definition, state) == third
    assert state.values == {"first": "no"}


def test_a_survey_whose_questions_are_all_irrelevant_is_finished_after_consent() -> None:
    definition = survey(question("text", relevant="false()"))
    state = step(definition, start(definition).state, Given("yes"), NOON).state
    assert state.stage is Stage.FINISHED
