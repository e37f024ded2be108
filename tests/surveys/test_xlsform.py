"""XLSForm in and out: a spreadsheet is read like a YAML file, and what a chat cannot do is refused by row."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine.types import TYPES
from civic.surveys.limits import REASONS, REFUSED_APPEARANCES, REFUSED_TYPES
from civic.surveys.sheets import SurveyFileRead, examine_bytes, files_in, read_file
from civic.surveys.xlsform import workbook
from tests.surveys.typed import ROOT, SURVEYS

SETTINGS = """
| settings | form_title | form_id | consent | thanks |
|          | Parks      | parks   | Begin?  | Thanks |
"""
CHOICES = """
| choices | list_name | name | label | region |
|         | towns     | x    | Xton  | north  |
|         | towns     | y    | Yton  | south  |
"""


def markdown(rows: str, columns: str = "type | name | label") -> SurveyFileRead:
    lines = [f"| survey | {columns} |", *(f"|  | {row} |" for row in rows.splitlines())]
    text = "\n".join(lines) + "\n" + CHOICES + SETTINGS
    return examine_bytes(text.encode(), "parks.md")


@pytest.mark.parametrize(("kind", "reason"), [(k, v[0]) for k, v in REFUSED_TYPES.items() if "end_" not in k])
def test_a_type_that_a_chat_cannot_do_is_refused_by_row_with_its_reason(kind: str, reason: str) -> None:
    read = markdown(f"text | a | A?\n{kind} | b | B?")
    found = [problem for problem in read.errors if problem.row == 3]
    assert reason in {problem.code for problem in found}, read.errors
    assert reason in REASONS and all(problem.sheet == "survey" and problem.remedy for problem in found)


@pytest.mark.parametrize(("appearance", "reason"), [(k, v[0]) for k, v in REFUSED_APPEARANCES.items()])
def test_an_appearance_that_asks_for_something_else_is_refused(appearance: str, reason: str) -> None:
    read = markdown(f"image | a | A? | {appearance}", "type | name | label | appearance")
    assert [(problem.code, problem.row, problem.column) for problem in read.errors] == [
        (reason, 2, "appearance")
    ]


@pytest.mark.parametrize(
    ("columns", "row", "code"),
    [
        ("type | name | label | image", "text | a | A? | cat.jpg", "media"),
        ("type | name | label | trigger", "text | a | A? | ${b}", "trigger"),
        ("type | name | label | required", "text | a | A? | ${b} = 1", "required_expression"),
        ("type | name | label | read_only", "integer | a | A? | yes", "read_only"),
        ("type | name | label | parameters", "select_one towns | a | A? | randomize=true", "chance"),
        ("type | name | label | relevant", "text | a | A? | pulldata('x', 'y')", "external_data"),
        ("type | name | label | calculation", "calculate | a | A? | random()", "chance"),
        ("type | name | label | choice_filter", "select_one towns | a | A? | nowhere = 'x'", "reference"),
    ],
)
def test_a_column_that_a_chat_cannot_do_is_refused_by_row_and_column(
    columns: str, row: str, code: str
) -> None:
    found = [problem for problem in markdown(row, columns).errors if problem.code == code]
    assert found and found[0].row == 2 and found[0].sheet == "survey", markdown(row, columns).problems
    assert found[0].column == columns.split(" | ")[-1]


def test_a_broken_cell_is_said_by_sheet_row_and_column() -> None:
    read = markdown("text | a | A? |\ninteger | n | N? | ${b} = 1", "type | name | label | relevant")
    said = str(read.errors[0])
    assert said.startswith(
        "parks.md, sheet survey, row 3, question n, column relevant: There is no question 'b'"
    )


def test_languages_lists_groups_and_other_are_read_as_designers_write_them() -> None:
    read = examine_bytes(
        b"""
| survey | type | name | label::English (en) | label::French (fr) | relevant |
|        | begin group | g | Group | Groupe | |
|        | select one from towns or specify other | town | Which town? | Quelle ville ? | |
|        | end group | | | | |
|        | date | day | When? | Quand ? | ${town} = 'x' |
| choices | list name | name | label::English (en) | label::French (fr) |
|         | towns | x | Xton | Xville |
|         | towns | y | Yton | Yville |
| settings | form_title | default_language |
|          | T | French (fr) |
""",
        "T own.md",
    )
    definition = read.definition
    assert definition is not None, read.errors
    assert definition.id == "t-own" and definition.language == "fr"
    assert [question.name for question in definition.questions] == ["town", "town_other", "day"]
    town = definition.by_name["town"]
    assert town.group == "g" and town.label.in_language("fr") == "Quelle ville ?"
    assert [choice.name for choice in town.choices] == ["x", "y", "other"]
    assert town.label.in_language("de") == "Quelle ville ?", "the form's own language stands in"


def test_warnings_do_not_stop_a_form_and_are_told_apart() -> None:
    read = markdown("text | a | What is your full name? | x", "type | name | label | colour")
    assert read.definition is not None and not read.errors
    codes = {problem.code for problem in read.problems}
    assert {"unknown_column", "personal_without_why"} <= codes
    assert all(str(problem).startswith("warning: ") for problem in read.problems)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04 nothing"),
        ("a.xls", b"\xd0\xcf\x11\xe0 nothing"),
        ("a.csv", b"\xff\xfe"),
        ("a.csv", b"a,b\n1,2\n"),
        ("a.md", b"# only prose"),
        ("a.md", b""),
        ("a.pdf", b"%PDF"),
        ("a", b""),
    ],
)
def test_what_is_no_form_is_said_in_a_sentence(name: str, data: bytes) -> None:
    read = examine_bytes(data, name)
    assert read.definition is None and read.errors
    assert all(problem.cause and problem.remedy for problem in read.errors)


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 120_000_000)
    assert "100 MB" in examine_bytes(out.getvalue(), "bomb.xlsx").errors[0].cause


@pytest.mark.parametrize("path", files_in(SURVEYS), ids=lambda path: path.stem)
def test_our_own_surveys_survive_the_round_trip(path) -> None:  # type: ignore[no-untyped-def]
    definition = read_file(path)
    assert examine_bytes(workbook(definition), f"{definition.id}.xlsx").definition == definition


def test_no_cell_that_is_written_is_a_formula() -> None:
    read = markdown("text | a | =cmd()")
    assert read.definition is not None
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(read.definition)))["survey"]
    assert all(cell.data_type != "f" for row in sheet for cell in row)


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
TEXTS = (
    st.text(
        st.characters(categories=("L", "N", "P", "Zs"), exclude_characters="$_*#<>&\u00a0"),
        min_size=1,
        max_size=30,
    )
    .map(lambda text: " ".join(text.split()).strip() or "x")
    .filter(lambda text: not text.startswith(("[", "!")))
)
WORDS = st.one_of(
    TEXTS.map(lambda text: {"": text}), st.tuples(TEXTS, TEXTS).map(lambda two: {"en": two[0], "fr": two[1]})
)


@st.composite
def definitions(draw: st.DrawFn) -> SurveyDefinition:
    """Any survey: all types, groups inside groups, conditions on what came before."""
    names = draw(
        st.lists(NAMES, min_size=2, max_size=6, unique=True).filter(lambda some: "consent" not in some)
    )
    languages = draw(st.booleans())
    words = TEXTS.map(lambda text: {"en": text, "fr": text} if languages else {"": text})
    questions, groups = [], []
    for number, name in enumerate(names):
        kind = draw(st.sampled_from(sorted(TYPES))) if number else "text"
        question = {"type": kind, "name": name, "label": draw(words), "required": draw(st.booleans())}
        if TYPES[kind].listed:
            question["list_name"] = f"list_{name}"
            question["choices"] = [
                {"name": f"c{place}", "label": {key: f"{text} {place}" for key, text in draw(words).items()}}
                for place in range(draw(st.integers(2, 4)))
            ]
        if kind == "calculate":
            question |= {"calculation": "1 + 1", "label": {"": name}}
        if kind == "hidden":
            question |= {"default": "x", "label": {"": name}}
        if kind == "range":
            question["parameters"] = {"start": 0, "end": draw(st.integers(1, 20)), "step": 1}
        if number and draw(st.booleans()):
            question["relevant"] = f"${{{names[0]}}} != 'x'"
        if number and draw(st.booleans()):
            parent = (
                groups[-1]["name"] if groups and questions[-1].get("group") and draw(st.booleans()) else None
            )
            groups.append({"name": f"g_{name}", "label": draw(words), "parent": parent})
            question["group"] = f"g_{name}"
        if TYPES[kind].worked_out or TYPES[kind].told:
            question["required"] = False
        questions.append(question)
    given = {"id": "s", "title": {"": "S"}, "consent": {"": "C?"}, "thanks": {"": "T"}}
    return SurveyDefinition.model_validate({**given, "questions": questions, "groups": groups})


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(definitions())
def test_any_definition_survives_the_round_trip(definition: SurveyDefinition) -> None:
    read = examine_bytes(workbook(definition), "s.xlsx")
    assert not [problem for problem in read.errors if problem.code != "alike"], read.errors
    if not read.errors:
        assert read.definition == definition


def test_the_guide_lists_every_reason() -> None:
    guide = (ROOT / "docs" / "features" / "surveys.md").read_text(encoding="utf-8")
    missing = [code for code in REASONS if f"`{code}`" not in guide]
    assert not missing
