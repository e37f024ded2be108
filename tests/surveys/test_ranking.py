"""An order of choices is read from the ways in which people write one, and never half guessed."""

from __future__ import annotations

import pytest

from civic.kit.i18n import load_catalogue
from civic.understanding import Option, Question, read, vocabulary
from civic.understanding.types import Given, Unclear
from tests.surveys.typed import ROOT

WORDS = vocabulary(load_catalogue(ROOT / "content" / "locales"), "en")
LABELS = {"bench": "Benches", "play": "Swings and slides", "tree": "Trees", "dogs": "A place for dogs"}


def ranked(typed: str, *names: str) -> str:
    options = tuple(Option(name=name, label=LABELS[name]) for name in names or ("bench", "play", "tree"))
    answer = read(Question(type="rank", options=options), typed, WORDS)
    if isinstance(answer, Given):
        assert answer.read_as, "the citizen is told how it was understood"
        return " ".join(answer.value) if isinstance(answer.value, tuple) else str(answer.value)
    assert answer == Unclear("rank"), answer
    return "?"


@pytest.mark.parametrize(
    "typed",
    [
        "3, 1, 2",
        "312",
        "c a b",
        "trees, benches, swings and slides",
        "Trees first, then benches",
        "trees first, then benches and then swings and slides",
        "first trees, second benches, third swings and slides",
        "1. Trees\n2. Benches\n3. Swings and slides",
        "1) trees 2) benches 3) swings and slides",
        "benches second, trees first, swings and slides last",
        "Swings and slides last, trees first",
        "trees > benches > swings and slides",
        "trees before benches, and swings and slides at the bottom",
        "trees are the most important, benches come next, swings and slides are least important",
        "I would put trees first, followed by benches",
        "first trees second benches",
        "treees first, then bences",
    ],
)
def test_an_order_is_read_however_it_is_written(typed: str) -> None:
    assert ranked(typed) == ("tree bench" if ranked(typed).count(" ") == 1 else "tree bench play")


@pytest.mark.parametrize(
    "typed",
    [
        "trees or benches",
        "trees first, benches first",
        "not trees, then benches",
        "benches after trees",
        "trees second, benches third, trees first",
        "something for the children",
        "trees fourth, benches first",
    ],
)
def test_what_may_be_another_order_is_no_answer(typed: str) -> None:
    assert ranked(typed) == "?"


def test_of_too_many_left_open_nothing_is_made_up() -> None:
    four = ("bench", "play", "tree", "dogs")
    assert ranked("trees first", *four) == "tree"  # to be completed: the survey asks for all of them
    assert ranked("trees last", *four) == "?"
    assert ranked("trees first, a place for dogs last", *four) == "?"
    assert ranked("trees first, dogs place last, benches 2nd", *four) in ("?", "tree bench play dogs")
