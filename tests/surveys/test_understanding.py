"""Typed answers are understood, and what is not certain is asked back: measured on a labelled set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from civic.surveys.engine import state as engine
from civic.surveys.engine.step import step
from civic.surveys.hearing import read
from civic.understanding import Option, Question, vocabulary
from civic.understanding import read as understood
from civic.understanding.types import Given, Move, Unclear, Unsure
from tests.surveys.typed import (
    CATALOGUE,
    Typed,
    alone,
    by_exact_match,
    outcome,
    right,
    silent,
    typed_answers,
)

SET = typed_answers("seen")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_set_is_large() -> None:
    assert len(SET) >= 250


@pytest.mark.parametrize("line", SET, ids=lambda line: f"{line.question}: {line.typed}")
def test_a_typed_answer_is_understood(line: Typed) -> None:
    assert right(outcome(alone(line.survey, line.question), line.typed), line.meant)


def test_far_more_is_understood_than_by_exact_matching() -> None:
    exact = [
        right(by_exact_match(alone(one.survey, one.question).questions[0], one.typed), one.meant)
        for one in SET
    ]
    ours = [right(outcome(alone(one.survey, one.question), one.typed), one.meant) for one in SET]
    assert sum(exact) / len(SET) < 0.4
    assert sum(ours) / len(SET) > 0.95


def test_answers_that_were_never_tuned_on_are_understood_too() -> None:
    unseen = typed_answers("unseen")
    assert len(unseen) >= 100
    found = [(one, outcome(alone(one.survey, one.question), one.typed)) for one in unseen]
    good = [right(got, one.meant) for one, got in found]
    exact = [
        right(by_exact_match(alone(one.survey, one.question).questions[0], one.typed), one.meant)
        for one in unseen
    ]
    wrong = [(one.typed, got) for one, got in found if got.startswith("=") and not right(got, one.meant)]
    assert sum(good) / len(unseen) >= 0.88 and sum(exact) / len(unseen) <= 0.3
    assert len(wrong) <= 2, wrong


def test_meaning_only_ever_suggests() -> None:
    definition = alone("town-centre-transport", "main_mode")
    asking = engine.SurveyState(stage=engine.Stage.ASKING)
    words = vocabulary(CATALOGUE, "en")

    def sure(text: str, labels: Sequence[str]) -> list[float]:
        return [0.99 if label == "On foot" else 0.0 for label in labels]

    assert read(definition.questions[0], asking, "strolling", words, sure) == engine.Unsure(("walk",))
    assert read(definition.questions[0], asking, "strolling", words) == engine.Unclear("choice")


@pytest.mark.parametrize(
    "typed", ["", " ", "?", "😀", "a" * 2000, "1" * 300, "\u202e12", "<b>bus</b>" * 50, "'"]
)
@pytest.mark.parametrize(
    ("survey", "question"),
    [
        ("town-centre-transport", "main_mode"),
        ("town-centre-transport", "barriers"),
        ("town-centre-transport", "minutes"),
        ("town-centre-transport", "bus_rating"),
        ("town-centre-transport", "parking"),
        ("household-waste", "garden_price"),
    ],
)
def test_strange_texts_are_survived(survey: str, question: str, typed: str) -> None:
    assert outcome(alone(survey, question), typed)


def test_answers_written_last_are_understood_and_hardly_ever_guessed() -> None:
    fresh = typed_answers("fresh")
    found = [(outcome(alone(one.survey, one.question), one.typed), one.meant) for one in fresh]
    assert len(fresh) >= 150
    assert sum(right(*one) for one in found) / len(fresh) >= 0.8  # without the encoder
    assert sum(silent(*one) for one in found) / len(fresh) <= 0.01


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Other: a shepherd's hut", "=other (a shepherd's hut)"),
        ("something else - student hall", "=other (student hall)"),
        ("other", "=other"),
        ("a flat", "=flat"),
    ],
)
def test_own_words_beside_other_are_kept(typed: str, kept: str) -> None:
    assert outcome(alone("household-waste", "home"), typed) == kept


def test_words_on_no_list_become_other_only_after_one_tap() -> None:
    definition = alone("household-waste", "home")
    asking = engine.SurveyState(stage=engine.Stage.ASKING)
    words = vocabulary(CATALOGUE, "en")
    answer = read(definition.questions[0], asking, "Narrowboat", words, lambda _, labels: [0.0] * len(labels))
    considered = step(definition, asking, answer, NOON)
    assert not considered.state.answers and considered.state.suggested == ("other",)
    tapped = step(definition, considered.state, engine.Pressed("home", "other"), NOON)
    said = read(definition.questions[0], considered.state, "yes", words)
    for after in (tapped, step(definition, considered.state, said, NOON)):
        assert [(one.value, one.other) for one in after.state.answers] == [("other", "Narrowboat")]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ouais", Given("oui")),
        ("bien sûr", Given("oui")),
        ("pas du tout", Given("non")),
        ("yep", Given("oui")),
        ("probably", Unsure(("oui",))),
        ("2", Given("non")),
        ("ne sait pas", Given("nsp")),
        ("une dizaine", Unclear("choice")),
    ],
)
def test_choices_of_yes_and_no_are_answered_in_every_way_of_saying_these(
    typed: str, meant: Given | Unsure | Unclear
) -> None:
    labels = {"oui": ("Oui", "Yes"), "non": ("Non", "No"), "nsp": ("Ne sait pas", "Don't know")}
    options = tuple(Option(name, own[0], labels=own) for name, own in labels.items())
    asked = Question("select_one", options)
    assert understood(asked, typed, vocabulary(CATALOGUE, "fr")) == meant


def test_nothing_else_is_near_in_meaning_to_a_bare_yes_or_no() -> None:
    asked = Question("select_one", (Option("yes", "Oui"), Option("no", "Non")))
    words = vocabulary(CATALOGUE, "fr")
    assert understood(asked, "une dizaine", words, lambda _, labels: [0.9] * len(labels)) == Unclear("choice")


@pytest.mark.parametrize("kind", ["yes_no", "select_one"])
@pytest.mark.parametrize(
    ("suggested", "typed", "meant"),
    [
        ("no", "yes", Given("no", read_as=True)),
        ("no", "no", Move.REPEAT),
        ("yes", "yep", Given("yes")),
        ("yes", "no", Given("no")),
    ],
)
def test_a_typed_yes_to_did_you_mean_is_what_the_button_yes_is(
    kind: str, suggested: str, typed: str, meant: Given | Move
) -> None:
    options = (Option("yes", "Yes"), Option("no", "No")) if kind == "select_one" else ()
    asked = Question(kind, options)
    assert understood(asked, typed, vocabulary(CATALOGUE, "en"), suggested=(suggested,)) == meant


@pytest.mark.parametrize(
    ("language", "typed", "hours"),
    [
        ("fr", "7h30", ("07:30",)),
        ("fr", "vers 8h", ("08:00",)),
        ("fr", "19 h 15", ("19:15",)),
        ("pt", "8h", ("08:00",)),
        ("en", "7h30", ("07:30", "19:30")),
        ("fr", "25h", ()),
    ],
)
def test_hours_are_counted_to_24_in_languages_that_do(
    language: str, typed: str, hours: tuple[str, ...]
) -> None:
    read_as = understood(Question("time"), typed, vocabulary(CATALOGUE, language), now=NOON)
    match read_as:
        case Given(value):
            assert (value,) == hours and read_as.read_as
        case Unsure(values):
            assert values == hours
        case _:
            assert not hours
