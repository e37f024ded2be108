"""A designer is told every mistake at once: where it is, what is wrong, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine.types import TYPES
from civic.surveys.errors import BrokenSurvey, Problem
from civic.surveys.sheets import files_in, read_file, read_text
from tests.surveys.typed import SURVEYS

GOOD = """\
settings:
  form_id: parks
  form_title: Parks
  consent: Shall we begin?
  thanks: Thank you.
choices:
  parks:
    - {name: mill, label: Mill Park, also: [the mill]}
    - {name: abbey, label: Abbey Gardens}
survey:
  - type: select_one parks
    name: park
    label: Which park do you like best?
    required: yes
  - type: integer
    name: visits
    label: How often were you there last month?
    constraint: . >= 0
    constraint_message: At least 0, please.
    relevant: ${park} = 'mill'
"""


def problems(text: str) -> list[Problem]:
    with pytest.raises(BrokenSurvey) as broken:
        read_text(text, "parks.yml")
    return broken.value.problems


def one_problem(old: str, new: str) -> str:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert len(found) == 1, found
    return str(found[0])


@pytest.mark.parametrize("path", files_in(SURVEYS), ids=lambda path: path.stem)
def test_our_own_surveys_have_no_mistakes(path: Path) -> None:
    definition = read_file(path)
    assert definition.id == path.stem
    assert 5 <= sum(TYPES[question.type].asked for question in definition.questions) <= 14


def test_our_own_surveys_are_four_and_one_is_a_spreadsheet() -> None:
    assert [path.suffix for path in files_in(SURVEYS)].count(".xlsx") == 1
    assert len(files_in(SURVEYS)) == 4


def test_a_definition_survives_being_stored() -> None:
    definition = read_text(GOOD, "parks.yml")
    assert SurveyDefinition.model_validate(definition.model_dump(mode="json")) == definition


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("label: Which park", "lable: Which park", "There is no field 'lable'. Did you mean 'label'?"),
        ("select_one parks", "select_one park", "There is no list 'park' of choices. Did you mean 'parks'?"),
        ("select_one parks", "slect_one parks", "There is no type 'slect_one'. Did you mean 'select_one'?"),
        ("select_one parks", "select_one", "It names no list. Write type: select_one <list>"),
        (
            "type: integer",
            "type: integer parks",
            "The type integer takes no list of choices. Write type: integer.",
        ),
        ("= 'mill'", "= 'mil'", "'mil' is no choice of park. Did you mean 'mill'?"),
        ("= 'mill'", "== 'mill'", "It compares with ==. Write one equals sign"),
        ("= 'mill'", "= mill", "'mill' is not understood. Write an answer's name as ${name}"),
        ("= 'mill'", "= ‘mill’", "It has typographic quotes. Write straight quotes"),
        ("${park} = 'mill'", "${pork} = 'mill'", "There is no question 'pork'. Did you mean 'park'?"),
        ("${park} = 'mill'", "${visits} = 1", "It looks at its own answer by name"),
        (
            "${park} = 'mill'",
            "slected(${park}, 'mill')",
            "There is no function slected(). Did you mean 'selected'?",
        ),
        ("${park} = 'mill'", "selected(${park})", "The function selected() takes 2 values, and 1 are given"),
        ("${park} = 'mill'", "(${park} = 'mill'", "It cannot be read at its end. Check brackets"),
        ("${park} = 'mill'", ". = 'mill'", "'.' has no value before the question is asked"),
        ("${park} = 'mill'", "${park = 'mill'", "A name is not between its braces"),
        ("required: yes", "required: often", "'often' is neither yes nor no. Write yes or no."),
        (
            "required: yes",
            "parameters: {start: 2}",
            "The type select_one does not look at 'start'. Remove it.",
        ),
        ("name: visits", "name: park", "The name 'park' is used twice"),
        ("name: visits", "name: consent", "The name 'consent' is taken"),
        ("name: visits", "name: 1 visits", "'1 visits' is not a name"),
        ("    constraint_message: At least 0, please.\n", "", "It has no constraint_message"),
        ("name: abbey", "name: mill", "The choice 'mill' is there twice"),
        ("Abbey Gardens", "The Mill", "'the mill' means both 'mill' and 'abbey'"),
        ("Abbey Gardens", "A" * 90, "A choice is longer than 80 characters. Shorten it"),
        ("form_id: parks", "form_id: Our Parks", "'Our Parks' is not a name"),
        ("  thanks: Thank you.\n", "", "'thanks' is missing. Add thanks: to it."),
        ("consent: Shall we begin?", "consent: ''", "The text is empty"),
        ("  thanks:", "  opens: tomorrow\n  thanks:", "'tomorrow' is not a date. Write it like 2027-01-31"),
        ("  thanks:", "  opens: 2027-02-01\n  closes: 2027-01-31\n  thanks:", "closes before it opens"),
        ("settings:", "setings:", "There is no part 'setings'. Did you mean 'settings'?"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(old: str, new: str, said: str) -> None:
    found = problems(GOOD.replace(old, new, 1))
    assert said in "\n".join(map(str, found))


def test_a_mistake_says_file_line_question_and_field() -> None:
    said = one_problem("= 'mill'", "= 'mil'")
    assert said.startswith("parks.yml, line 20, question visits, field relevant: ")


def test_all_mistakes_are_said_at_once_in_the_order_of_lines() -> None:
    text = GOOD.replace("form_title", "form_titel").replace("= 'mill'", "= 'mil'").replace("yes", "perhaps")
    lines = [problem.line for problem in problems(text)]
    assert len(lines) == 4 and lines == sorted(lines)  # type: ignore[type-var]


def test_a_later_question_cannot_decide_an_earlier_one() -> None:
    text = GOOD.replace("    required: yes", "    relevant: ${visits} > 2", 1).replace(
        "    relevant: ${park} = 'mill'\n", ""
    )
    assert "which is asked later" in str(problems(text)[0])


def test_a_constraint_that_nothing_satisfies_is_found() -> None:
    text = GOOD.replace("    required: yes", "    constraint: 1 = 2\n    constraint_message: No.", 1)
    assert "no answer satisfies" in str(problems(text)[0]).casefold()


def test_a_key_written_twice_is_found_and_not_silently_dropped() -> None:
    assert "'label' is written twice" in str(
        problems(GOOD.replace("    required: yes", "    label: Again"))[0]
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "survey",
        "- a\n- b",
        "settings: [",
        "a: b: c",
        "\tx: 1",
        "survey: {}",
        "&a [*a]",
        "!!python/object:x {}",
    ],
)
def test_what_is_no_survey_at_all_is_said_in_a_sentence(text: str) -> None:
    assert all(problem.cause and problem.remedy for problem in problems(text))


def test_bytes_that_are_no_text_are_said_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BrokenSurvey, match="not UTF-8"):
        read_file(path)
    with pytest.raises(BrokenSurvey, match="cannot be read"):
        read_file(tmp_path / "none.yml")


def test_yes_and_no_can_be_names_of_choices() -> None:
    text = GOOD.replace("name: mill", "name: yes").replace("= 'mill'", "= 'yes'")
    assert read_text(text, "parks.yml").questions[0].choices[0].name == "yes"


def test_texts_may_come_in_several_languages() -> None:
    text = GOOD.replace("form_title: Parks", "form_title: {en: Parks, fr: Les parcs}")
    title = read_text(text, "parks.yml").title
    assert (title.in_language("fr-CA"), title.in_language("de")) == ("Les parcs", "Parks")
