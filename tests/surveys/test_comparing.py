"""What changed between two versions is told once, in a designer's words, and nothing else is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.surveys.definition import SurveyDefinition
from civic.surveys.drafts.comparing import differences
from civic.surveys.sheets import read_text

TEXT = """
settings: {form_id: parks, form_title: Parks, consent: Shall we begin?, thanks: Thank you.}
choices:
  parks: [{name: mill, label: Mill Park}, {name: abbey, label: {en: Abbey, fr: Abbaye}}]
survey:
  - {type: select_one parks, name: park, label: Which park?}
  - {type: integer, name: visits, label: How often?, relevant: "${park} = 'mill'"}
  - {type: text, name: wish, label: One wish?}
  - {type: yes_no, name: again, label: Again?}
"""


def survey(*changes: tuple[str, str]) -> SurveyDefinition:
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_text(text, "parks.yml")


def told(*changes: tuple[str, str]) -> list[tuple[str, str | None, str | None, str | None]]:
    return [
        (one.what, one.question, one.choice, one.field) for one in differences(survey(), survey(*changes))
    ]


def test_nothing_is_told_of_the_same_survey() -> None:
    assert told() == []


def test_conditions_words_and_choices_are_told_where_they_are() -> None:
    assert told(("${park} = 'mill'", "${park} = 'abbey'")) == [("changed", "visits", None, "asked only if")]
    assert told(("fr: Abbaye", "fr: Abbatiale")) == [("changed", "park", "abbey", "words (fr)")]
    assert told(("thanks: Thank you.", "thanks: Bye.")) == [("changed", None, None, "thanks")]
    assert told(
        ("{name: mill, label: Mill Park}", "{name: miller, label: Mill Park}"), ("'mill'", "'miller'")
    ) == [
        ("added", "park", "miller", None),
        ("removed", "park", "mill", None),
        ("changed", "visits", None, "asked only if"),
    ]


def test_answers_that_cannot_be_compared_any_more_are_pointed_out() -> None:
    breaking = differences(survey(), survey(("type: text, name: wish", "type: integer, name: wish")))
    assert [(one.question, one.breaks) for one in breaking] == [("wish", True)]


@settings(max_examples=25, deadline=None)
@given(st.permutations(["park", "wish", "again"]))
def test_of_a_new_order_only_what_had_to_move_is_told(order: list[str]) -> None:
    before = survey()
    rows = [before.by_name[name] for name in order]
    moved = [
        one.question for one in differences(before, before.model_copy(update={"questions": tuple(rows)}))
    ]
    moved = [name for name in moved if name != "visits"]
    stays = [name for name in order if name not in moved]
    assert stays == [name for name in ("park", "wish", "again") if name in stays]
    assert (moved == []) == (order == ["park", "wish", "again"])
