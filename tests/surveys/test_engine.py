"""The engine: every path ends, back undoes exactly, and every question type is known to all of its parts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic.surveys.definition import SurveyChoice, SurveyDefinition, SurveyGroup, SurveyQuestion
from civic.surveys.engine import state as engine
from civic.surveys.engine.kind import Unfit
from civic.surveys.engine.path import current, place
from civic.surveys.engine.state import CONSENT, Answer, Given, Move, Noticed, Pressed, Stage, SurveyState
from civic.surveys.engine.step import start, step
from civic.surveys.engine.types import TYPES
from civic.surveys.engine.values import Value
from civic.surveys.rendering import Rendering
from civic.surveys.sheets import examine_bytes, files_in, read_file
from civic.surveys.xlsform import workbook
from civic.understanding.read import DATED_READERS, READERS
from tests.surveys.typed import CATALOGUE, ROOT, SURVEYS, survey_of_ours, typed_answers

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
    "range": ([(1, 1), (5, 5), (4.0, 4)], [0, 6, 2.5, "3", float("nan")]),
    "rank": (
        [(("b", "a", "c"), ("b", "a", "c")), (("c", "a"), ("c", "a", "b"))],
        [("a",), ("a", "a", "b"), "d"],
    ),
    "acknowledge": ([("OK", "OK")], ["yes", "", 1]),
    "date": ([("2026-02-28", "2026-02-28")], ["2026-02-30", "tomorrow", 5, ""]),
    "time": ([("15:30", "15:30"), ("07:00:10", "07:00")], ["25:00", "noon", 7]),
    "geopoint": ([("51.50 -0.1", "51.5 -0.1"), ("0 0 12 3", "0 0")], ["91 0", "0 181", "here", "1", ("a",)]),
    "image": ([("01ABC-x_9", "01ABC-x_9")], ["../etc/passwd", "", 3, "a b"]),
    "note": ([], ["anything"]),
    "calculate": ([("x", "x"), (3, 3)], ["x" * 4001]),
    "hidden": ([("x", "x")], ["x" * 4001]),
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
    assert refused and (kept or TYPES[kind].told)
    for value, stored in kept:
        got = TYPES[kind].accept(question(kind), value)
        assert got == stored and type(got) is type(stored)
    for value in refused:
        with pytest.raises(Unfit):
            TYPES[kind].accept(question(kind), value)


@pytest.mark.parametrize("kind", list(TYPES))
def test_every_type_is_known_to_its_parts(kind: str) -> None:
    asked = question(kind)
    readable = kind in READERS or kind in DATED_READERS
    assert readable == (TYPES[kind].closed and TYPES[kind].asked), (
        "closed types are read, open ones kept as typed"
    )
    assert TYPES[kind].asked != (TYPES[kind].told or TYPES[kind].worked_out), "asked, or told, or worked out"
    for option in TYPES[kind].options(asked):
        if kind not in ("rank",):  # one choice alone is no order
            TYPES[kind].accept(asked, TYPES[kind].value_of(asked, option))
    docs = (ROOT / "docs" / "features" / "surveys.md").read_text(encoding="utf-8")
    assert f"| `{kind}" in docs, "the designers' page explains every type"
    used = {one.type for path in files_in(SURVEYS) for one in read_file(path).questions}
    assert kind in used, "our own surveys show every type"
    if TYPES[kind].asked and kind != "image":
        lines = [typed for typed in typed_answers() if read_type(typed.survey, typed.question) == kind]
        assert len(lines) >= 3, "the labelled set of typed answers covers every type"


@pytest.mark.parametrize("kind", list(TYPES))
def test_every_type_is_rendered(kind: str) -> None:
    asked = question(kind, calculation="1" if kind == "calculate" else None)
    whole = survey(asked, question("text", name="last", label="And last?"))
    after = step(whole, start(whole).state, Given("yes"), NOON)
    said = Rendering(whole, after.state, "s", "en", CATALOGUE.text)
    reply = said.reply(after.events)
    assert ("Q?" in reply.text) == (not TYPES[kind].worked_out)
    if TYPES[kind].asked:
        assert "Question 1 of 2" in reply.text
        labels = [choice.label for choice in reply.choices]
        assert len([label for label in labels if label != "Skip"]) == len(TYPES[kind].options(asked))
    assert reply.request == TYPES[kind].shares


@pytest.mark.parametrize("kind", list(TYPES))
def test_every_type_survives_the_round_trip_through_a_spreadsheet(kind: str) -> None:
    given = question(kind, calculation="1 + 1" if kind == "calculate" else None)
    if TYPES[kind].listed:
        given = given.model_copy(update={"list_name": "letters"})
    whole = survey(given, question("text", name="last"))
    read = examine_bytes(workbook(whole), "s.xlsx")
    assert not read.errors, read.errors
    assert read.definition == whole


def read_type(survey_id: str, name: str) -> str:
    return survey_of_ours(survey_id).by_name[name].type


def test_every_reason_to_refuse_has_its_words() -> None:
    folders = (ROOT / "civic" / "surveys", ROOT / "civic" / "understanding")
    source = "".join(path.read_text() for folder in folders for path in Path(folder).rglob("*.py"))
    codes = set(re.findall(r'(?:Unfit|Unclear)\("([a-z_]+)"', source)) | set(READERS) | set(DATED_READERS)
    codes |= set(re.findall(r'_refuse\([^)]*"([a-z_]+)"', source)) | {"consent"}
    codes -= {"select_one", "select_multiple", "datetime"}  # said as choice and choices; no type of ours
    assert len(codes) > 12
    for code in codes:
        assert f"surveys-refused-{code.replace('_', '-')}" in CATALOGUE.keys("en"), code


DEFINITIONS = [read_file(path) for path in files_in(SURVEYS)]


TYPED: dict[str, list[Value]] = {
    "date": ["2025-07-12", "1999-01-01"],
    "time": ["10:00", "23:59"],
    "geopoint": ["51.5 -0.1", "0 0"],
    "image": ["01PHOTO"],
}


def answers_to(definition: SurveyDefinition, state: SurveyState) -> st.SearchStrategy[Answer]:
    """Any good answer to the question at hand."""
    asked = current(definition, state)
    if asked is None:
        return st.just(Pressed(CONSENT, "yes"))
    kind, done = TYPES[asked.type], len(state.answers)
    good: st.SearchStrategy[Answer]
    if asked.type == "rank":
        good = st.permutations(kind.options(asked)).map(lambda some: Given(tuple(some)))
    elif asked.type in TYPED:
        good = st.sampled_from(TYPED[asked.type]).map(Given)
    elif asked.type == "select_multiple":
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
    assert not state.aside
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
        assert state.model_copy(update={"aside": ()}) == before.model_copy(update={"aside": ()})
        assert state.aside[-1].question not in state.values, "what was taken back is kept, and counts no more"


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


def test_groups_inside_groups_are_asked_only_where_all_of_their_conditions_hold() -> None:
    definition = survey(
        question("yes_no", name="a"),
        question("yes_no", name="b"),
        question("text", name="deep", group="inner"),
    ).model_copy(
        update={
            "groups": (
                SurveyGroup(name="outer", relevant="${a} = 'yes'"),
                SurveyGroup(name="inner", relevant="${b} = 'yes'", parent="outer"),
            )
        }
    )
    for a, b, asked in (("yes", "yes", True), ("yes", "no", False), ("no", "yes", False)):
        state = SurveyState(stage=Stage.ASKING)
        for answer in (a, b):
            state = step(definition, state, Given(answer), NOON).state
        assert (state.stage is Stage.ASKING) == asked


def test_calculations_follow_the_answers_and_are_results_at_the_end() -> None:
    definition = survey(
        question("calculate", name="twice", calculation="${n} * 2"),
        question("integer", name="n"),
        question("calculate", name="more", calculation="${twice} + 1", relevant="${n} > 5"),
        question("text", name="big", relevant="${more} > 20"),
        question("hidden", name="from", default="poster"),
        question("note", name="bye", label="Twice is ${twice}."),
    )
    asked = SurveyState(stage=Stage.ASKING, started=NOON)
    small = step(definition, asked, Given(3), NOON)
    assert small.state.stage is Stage.FINISHED and engine.Told("bye") in small.events
    assert small.state.values == {"twice": 6, "n": 3, "from": "poster"}
    again = step(definition, step(definition, asked, Given(12), NOON).state, Move.BACK, NOON).state
    assert current(definition, step(definition, again, Given(10), NOON).state) == definition.by_name["big"]
    big = step(definition, step(definition, asked, Given(12), NOON).state, Given("x"), NOON).state
    assert big.values == {"twice": 24, "n": 12, "more": 25, "big": "x", "from": "poster"}


def test_an_answer_taken_back_is_offered_again_and_counts_only_if_kept() -> None:
    definition = survey(
        question("integer", name="n"),
        question("text", name="why", relevant="${n} > 5"),
        question("text", name="last"),
    )
    state = SurveyState(stage=Stage.ASKING)
    for answer in (Given(9), Given("because"), Move.BACK, Move.BACK):
        state = step(definition, state, answer, NOON).state
    other = step(definition, state, Given(1), NOON).state
    done = step(definition, other, Given("x"), NOON).state
    assert done.values == {"n": 1, "last": "x"} and not done.aside
    same = step(definition, state, Pressed("n", move=Move.KEEP), NOON)
    assert isinstance(same.events[-1], engine.Asked) and same.events[-1].proposed == "because"
    assert step(definition, same.state, Move.KEEP, NOON).state.values == {"n": 9, "why": "because"}


def test_a_default_is_proposed_and_never_taken_by_itself() -> None:
    asked = question("date", default="today()", required=False)
    definition = survey(asked, question("text", name="last"))
    first = step(definition, start(definition).state, Given("yes"), NOON)
    assert isinstance(first.events[-1], engine.Asked) and first.events[-1].proposed == "2026-03-02"
    assert step(definition, first.state, Move.SKIP, NOON).state.values == {"q": None}
    assert step(definition, first.state, Move.KEEP, NOON).state.values == {"q": "2026-03-02"}


def test_choices_are_filtered_by_an_earlier_answer_and_none_left_is_passed_over() -> None:
    towns = tuple(
        SurveyChoice(name=name, label=name, more={"region": region})  # type: ignore[arg-type]
        for name, region in (("x", "north"), ("y", "south"))
    )
    definition = survey(
        question("text", name="region"),
        question("select_one", choices=towns, choice_filter="region = ${region}"),
        question("text", name="last"),
    )
    asking = SurveyState(stage=Stage.ASKING)
    north = step(definition, asking, Given("north"), NOON).state
    assert [choice.name for choice in current(definition, north).choices] == ["x"]  # type: ignore[union-attr]
    assert not step(definition, north, Given("y"), NOON).state.values.get("q")
    west = step(definition, asking, Given("west"), NOON).state
    assert current(definition, west) == definition.by_name["last"]


def test_a_ranking_by_buttons_is_whole_when_one_is_left() -> None:
    definition = survey(question("rank"), question("text", name="last"))
    state = SurveyState(stage=Stage.ASKING)
    state = step(definition, state, Pressed("q", "c", "+"), NOON).state
    assert state.toggled == ("c",)
    state = step(definition, state, Pressed("q", "c", "-"), NOON).state
    for name in ("b", "c"):
        state = step(definition, state, Pressed("q", name, "+"), NOON).state
    assert state.values == {"q": ("b", "c", "a")}


def test_a_scale_may_have_fractions_and_a_long_one_has_no_buttons() -> None:
    halves = question("range", parameters={"start": 1.5, "end": 5.5, "step": 0.5})
    assert TYPES["range"].options(halves)[:2] == ("1.5", "2")
    assert TYPES["range"].accept(halves, 2.5) == 2.5
    with pytest.raises(Unfit):
        TYPES["range"].accept(halves, 2.25)
    assert TYPES["range"].options(question("range", parameters={"start": 0, "end": 100})) == ()


def test_a_survey_whose_questions_are_all_irrelevant_is_finished_after_consent() -> None:
    definition = survey(question("text", relevant="false()"))
    state = step(definition, start(definition).state, Given("yes"), NOON).state
    assert state.stage is Stage.FINISHED
