"""Files of all answers: what went wrong in other tools' exports does not happen here."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from civic.surveys.definition import SurveyDefinition
from civic.surveys.models import SurveyAnswer
from civic.surveys.results import exporting
from civic.surveys.results.exporting import Form, export
from tests.surveys.results_town import answer, parks, publish

NASTY = '=HYPERLINK("x"), with, commas\nand "lines"\r\n@é 😀'
FIXED = ["respondent", "version", "language", "completed"]


@pytest.fixture
def survey(session: Session, now: datetime) -> SurveyDefinition:
    definition = parks()
    publish(session, definition, now)
    return definition


def file(session: Session, form: Form, now: datetime, **options: Any) -> bytes:
    session.commit()
    return b"".join(export(session, "parks", form, now, **options))


def rows(session: Session, now: datetime, **options: Any) -> list[dict[str, str]]:
    text = file(session, "csv", now, **options).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_branch_shifts_no_column(session: Session, survey: SurveyDefinition, now: datetime) -> None:
    answer(session, survey, {"park": "none", "uses": ["rest"], "rating": 2}, now)
    answer(session, survey, {"park": "mill", "visits": 7, "uses": ["dogs"], "rating": 5, "wish": None}, now)
    found = rows(session, now, labels=False)
    assert list(found[0]) == [*FIXED, "park", "visits", "uses", "rating", "wish", "order"]
    assert [(one["visits"], one["uses"], one["rating"]) for one in found] == [
        ("", "rest", "2"),
        ("7", "dogs", "5"),
    ]


def test_the_language_of_an_answer_changes_neither_columns_nor_codes(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    answer(session, survey, {"park": "mill", "uses": ["sport", "dogs"]}, now, language="en")
    answer(session, survey, {"park": "mill", "uses": ["sport", "dogs"]}, now, language="fr")
    one, other = rows(session, now)
    ours = [name for name in one if name not in ("respondent", "language")]
    assert [one[name] for name in ours] == [other[name] for name in ours]
    assert one["uses"] == "sport dogs" and one["uses:label"] == "Sport; Dogs"
    assert one["park:label"] == other["park:label"] == "Mill Park"


def test_line_breaks_commas_and_formulas_stay_in_their_cell(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    answer(session, survey, {"park": "mill", "wish": NASTY}, now)
    answer(session, survey, {"park": "abbey", "wish": "plain"}, now)
    found = rows(session, now)
    assert len(found) == 2 and {one["park"] for one in found} == {"mill", "abbey"}
    assert next(one["wish"] for one in found if one["park"] == "mill") == "'" + NASTY
    book = openpyxl.load_workbook(io.BytesIO(file(session, "xlsx", now)), data_only=False)
    cells = [cell for row in book["Answers"].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert json.loads(file(session, "json", now))["respondents"][0]["answers"]["wish"]["code"] in (
        NASTY,
        "plain",
    )


def test_another_version_moves_no_answer_to_another_column(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    answer(session, survey, {"park": "mill", "visits": 3, "wish": "old"}, now)
    later = survey.model_dump(mode="json")
    later["questions"] = [
        {"type": "text", "name": "fresh", "label": "New?"},
        *[one for one in later["questions"] if one["name"] != "visits"],
    ]
    later["questions"][1]["choices"] = later["questions"][1]["choices"][1:]
    second = SurveyDefinition.model_validate(later)
    publish(session, second, now, 2)
    answer(session, second, {"fresh": "new", "park": "abbey", "wish": "new"}, now, number=2)
    old, new = sorted(rows(session, now), key=lambda one: one["version"])
    assert list(old) == list(new)
    names = [name for name in old if ":" not in name]
    assert names == [*FIXED, "fresh", "park", "uses", "rating", "wish", "order", "visits"]
    assert (old["visits"], old["fresh"], old["park:label"]) == ("3", "", "Mill Park")
    assert (new["visits"], new["fresh"], new["park"]) == ("", "new", "abbey")


def test_words_that_are_no_choice_stand_beside_the_code(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    answer(session, survey, {"park": "the meadow", "uses": ["dogs", "flying kites"]}, now)
    (one,) = rows(session, now)
    session.query(SurveyAnswer).filter_by(question="uses").update({"other": "or fishing"})
    assert rows(session, now)[0]["uses:other"] == "flying kites; or fishing"
    assert (one["park"], one["park:other"]) == ("other", "the meadow")
    assert (one["uses"], one["uses:other"]) == ("dogs other", "flying kites")


def test_the_codebook_names_every_column_and_every_code(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    answer(session, survey, {"park": "mill"}, now)
    text = file(session, "codebook", now).decode("utf-8-sig")
    book = list(csv.DictReader(io.StringIO(text)))
    assert list(book[0]) == list(exporting.CODEBOOK)
    assert [one["code"] for one in book if one["column"] == "park"] == ["", "mill", "abbey", "none"]
    assert next(one["asked_if"] for one in book if one["column"] == "visits") == "${park} != 'none'"
    sheet = openpyxl.load_workbook(io.BytesIO(file(session, "xlsx", now)))["Codebook"]
    assert sheet.max_row == len(book) + 1


def test_flow_results_are_a_package_as_the_specification_says(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    answer(session, survey, {"park": "mill", "visits": 3, "uses": ["dogs"], "wish": None, "rating": 4}, now)
    french = answer(session, survey, {"park": "the meadow", "wish": NASTY}, now, language="fr")
    early = now - timedelta(hours=15)
    session.query(SurveyAnswer).filter_by(question="park").update({"answered_at": early})
    session.flush()
    with zipfile.ZipFile(io.BytesIO(file(session, "flow", now))) as bundle:
        about = json.loads(bundle.read("datapackage.json"))
        (resource,) = about["resources"]
        data = json.loads(bundle.read(resource["path"]))
    assert about["profile"] == "flow-results-package" and about["id"][14] == "4"
    assert [one["name"] for one in resource["schema"]["fields"]] == [
        "timestamp",
        "row_id",
        "contact_id",
        "session_id",
        "question_id",
        "response",
        "response_metadata",
    ]
    questions = resource["schema"]["questions"]
    assert {name: one["type"] for name, one in questions.items()} == {
        "park": "select_one",
        "visits": "numeric",
        "uses": "select_many",
        "rating": "numeric",
        "wish": "text",
        "order": "select_many",
    }
    assert questions["rating"]["type_options"]["range"] == [1, 5]
    assert about["resources"][0]["schema"]["language"] == "eng"
    assert len(data) == 6 and all(len(row) == 7 for row in data)
    assert len({row[1] for row in data}) == 6 and len({row[2] for row in data}) == 2
    assert {row[3]: row[6]["language"] for row in data}[french.id] == "fra"
    for at, _, _, _, question, response, _ in data:
        assert at == (early if question == "park" else now).isoformat()
        options = questions[question]["type_options"].get("choices")
        if options:
            assert set([response] if isinstance(response, str) else response) <= set(options)


@pytest.mark.one_database
def test_a_package_has_its_id_while_its_questions_stay(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    def package_id() -> str:
        with zipfile.ZipFile(io.BytesIO(file(session, "flow", now))) as bundle:
            return str(json.loads(bundle.read("datapackage.json"))["id"])

    answer(session, survey, {"park": "mill"}, now)
    before = package_id()
    answer(session, survey, {"park": "abbey"}, now)
    assert package_id() == before
    other = survey.model_dump(mode="json")
    other["questions"][1]["label"] = "How often a week?"
    publish(session, SurveyDefinition.model_validate(other), now, number=2)
    assert package_id() != before


def test_an_anonymous_file_has_the_day_and_no_order_of_time(session: Session, now: datetime) -> None:
    survey = parks(anonymous=True)
    publish(session, survey, now)
    answer(session, survey, {"park": "mill"}, now)
    (one,) = rows(session, now)
    assert one["completed"] == now.date().isoformat()


@pytest.mark.one_database
def test_a_file_four_times_as_long_takes_no_more_memory(
    session: Session, survey: SurveyDefinition, now: datetime
) -> None:
    def written() -> tuple[int, int]:
        session.commit()
        session.expunge_all()
        tracemalloc.start()
        size = sum(len(piece) for piece in export(session, "parks", "csv", now))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size, peak

    for _ in range(1000):
        answer(session, survey, {"park": "mill", "wish": "w" * 900}, now, counted=False)
    size, peak = written()
    for _ in range(3000):
        answer(session, survey, {"park": "mill", "wish": "w" * 900}, now, counted=False)
    longer, most = written()
    assert longer > 3.9 * size and most < 1.15 * peak
