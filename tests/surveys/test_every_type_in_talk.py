"""Every type of question in the talk over real tables: words, buttons, a shared place, a photo."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from civic.conversation.types import Location
from civic.surveys import queries, results
from civic.surveys.models import SurveyAnswer
from civic.surveys.publishing import sync
from tests.surveys.conftest import Respondent, Respondents

pytestmark = pytest.mark.usefixtures("festival")


@pytest.fixture
def visitor(respondents: Respondents, festival: Path) -> Respondent:
    """Somebody who has begun the festival's survey."""
    one = respondents("visitor")
    one.starts("the summer festival survey")
    one.presses("Yes, let's begin")
    return one


def answers(visitor: Respondent) -> dict[str, object]:
    rows = visitor.session.query(SurveyAnswer).order_by(SurveyAnswer.ordinal).all()
    return {row.question: row.value for row in rows}


def test_a_spreadsheet_in_the_folder_is_published_like_any_survey(
    session: Session, folder: Path, festival: Path, now: datetime
) -> None:
    changes = {change.file: change for change in sync(session, folder, now)}
    assert changes["summer-festival.xlsx"].outcome == "published"
    assert sync(session, folder, now) == []
    (folder / "~$summer-festival.xlsx").write_bytes(b"left by an office program")
    assert sync(session, folder, now) == []


def test_every_type_is_answered_and_kept_in_the_order_of_the_survey(visitor: Respondent) -> None:
    visitor.says("yes")
    visitor.says("yesterday")
    visitor.says("3 pm")
    visitor.says("4")
    assert visitor.last is not None and visitor.last.replies[0].request == "photo"
    visitor._turn(attachment_id="01PHOTO")
    visitor.says("2, 1, 3")
    visitor.says("cider")
    visitor.says("north")
    said = visitor.says("mill lane")
    assert "Show us where" in said and visitor.last.replies[0].request == "location"
    visitor._turn(location=Location(lat=51.5, long=-0.12))
    visitor.says("five")
    said = visitor.presses("OK")
    assert "from April" in said
    yesterday = (visitor.now.date().toordinal()) - 1
    kept = answers(visitor)
    assert datetime.fromisoformat(str(kept.pop("day"))).date().toordinal() == yesterday
    assert kept == {
        "source": "chat",
        "was_there": "yes",
        "arrived": "15:00",
        "stars": 4,
        "photo": "01PHOTO",
        "order": ["food", "music", "games"],
        "favourite": "Food and drink",
        "wish": "cider",
        "area": "north",
        "stop": "mill",
        "better_stop": "51.5 -0.12",
        "people": 5,
        "noted": "OK",
    }


def test_a_place_or_a_photo_where_words_are_asked_for_is_no_answer(visitor: Respondent) -> None:
    said = visitor._turn(location=Location(lat=1, long=1))
    assert "cannot use that" in said and answers(visitor) == {}


def test_notes_and_calculations_have_their_place_in_the_table(visitor: Respondent, festival: Path) -> None:
    versions = queries.versions(visitor.session, "summer-festival")
    names = [question.name for question in results.columns(versions)]
    assert "welcome" not in names and {"source", "favourite"} <= set(names)
    assert names.index("order") < names.index("favourite") < names.index("wish")


def test_a_place_south_of_the_equator_is_not_taken_for_a_formula(visitor: Respondent) -> None:
    question = queries.versions(visitor.session, "summer-festival")[0].by_name["better_stop"]
    assert results.cell(question, "-33.8 151.2", "en", labels=False) == "-33.8 151.2"


def test_an_ambiguous_day_is_settled_with_one_tap(visitor: Respondent) -> None:
    visitor.says("yes")
    visitor.says("12 July")
    assert len([label for label in visitor.labels if "July" in label]) >= 1 or visitor.labels[0] == "Yes"
    visitor.presses(visitor.labels[0])
    assert str(answers(visitor)["day"]).endswith("-07-12")


def test_going_back_over_a_branch_takes_its_answers_out_of_the_results(visitor: Respondent) -> None:
    visitor.says("yes")
    visitor.says("yesterday")
    for _ in range(2):
        visitor.says("back")
    visitor.says("no")
    assert answers(visitor) == {"was_there": "no"}
    assert [one["question"] for one in visitor.rows[0].position["aside"]] == ["day"]  # type: ignore[index]


def test_the_language_of_a_survey_is_ones_own_or_the_one_asked_for(respondents: Respondents) -> None:
    visitor = respondents("québécoise")
    visitor.own_language = "fr-CA"
    assert "Le service culturel" in visitor.starts("the summer festival survey")
    assert "The culture team" in visitor.presses("English")
    assert "Were you at" in visitor.says("yes")
    assert "Étiez-vous à la fête" in visitor.says("En francais, s'il vous plaît !")
    assert "Quel jour y étiez-vous" in visitor.says("Oui, bien sûr")
    assert visitor.rows[0].language == "fr"
    assert "Which day were you there" in visitor.says("anglais")
    visitor.says("pause")
    visitor.waits(hours=15)
    # Overnight it stays the language asked for.
    assert "Which day were you there" in visitor.starts("festival")
    assert visitor.rows[0].language == "en"
