"""Officials read what was answered: pages, a table, counts; and designers what is wrong with a file."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from actions.surveys import SurveyForm
from civic.accounts.rules import Role
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.office import Talker
from tests.surveys.typed import ROOT

HeadersOf = Callable[[Role], dict[str, str]]

TRANSPORT = "/api/v1/surveys/town-centre-transport"
NASTY = '=cmd|"/c calc"!A1, with "quotes"\nand a second line; é 😀'
TALKS = (
    ("yes", "every day", "by bus", "around 30", "4", NASTY, "skip"),
    ("yes", "weekly", "car", "15", "no", "cost and time", "yes", "skip", "40"),
    ("yes", "never", "nothing", "skip", "70"),
)


@pytest.fixture
def content(services: Services, tmp_path: Any) -> Services:
    """Services on a content folder that a test may change."""
    shutil.copytree(ROOT / "content", tmp_path / "content", ignore=shutil.ignore_patterns("policies"))
    services.settings.content = tmp_path / "content"
    return services


@pytest.fixture
def answered(content: Services, talker: Callable[..., Talker], clock: SettableClock) -> Services:
    """Three citizens have answered, one has only begun."""
    for number, talk in enumerate((*TALKS, ("yes", "daily"))):
        citizen = talker(SurveyForm, f"chat-{number}")
        citizen.says("transport survey", "start_survey")
        for text in talk:
            citizen.says(text)
        assert citizen.status == ("done" if number < 3 else "asking")
        clock.advance(timedelta(minutes=5))
    return content


@pytest.fixture
def designer(signed_in: HeadersOf) -> dict[str, str]:
    return signed_in(Role.DESIGNER)


def test_surveys_are_listed_with_how_many_took_part(
    answered: Services, web: TestClient, designer: dict[str, str]
) -> None:
    listed = {one["id"]: one for one in web.get("/api/v1/surveys", headers=designer).json()}
    assert set(listed) == {"household-waste", "library-hours", "summer-festival", "town-centre-transport"}
    one = listed["town-centre-transport"]
    assert one["open"] and one["version"] == 1 and one["questions"] == 9
    counted = one["sessions"]
    assert (counted.pop("open"), counted.pop("completed")) == (1, 3)
    assert set(counted) >= {"paused", "declined", "stopped", "expired", "screened"} and not any(
        counted.values()
    )


def test_a_survey_is_read_with_its_questions(
    answered: Services, web: TestClient, designer: dict[str, str]
) -> None:
    survey = web.get(TRANSPORT, headers=designer).json()
    assert survey["definition"][1]["choices"]["bus"] == "By bus"
    assert survey["definition"][1]["relevant"] == "${frequency} != 'never'"


def test_answers_are_read_a_page_at_a_time_and_name_nobody(
    answered: Services, web: TestClient, designer: dict[str, str]
) -> None:
    page = web.get(f"{TRANSPORT}/answers?limit=2", headers=designer).json()
    assert page["total"] == 3 and len(page["items"]) == 2
    assert page["items"][0]["answers"] == {
        "frequency": "daily",
        "main_mode": "bus",
        "minutes": 30,
        "bus_rating": 4,
        "one_wish": NASTY,
        "age_group": None,
    }
    assert set(page["items"][0]) == {"id", "version", "language", "completed_at", "answers"}
    rest = web.get(f"{TRANSPORT}/answers?limit=2&offset=2", headers=designer).json()
    assert rest["items"][0]["answers"]["age_group"] == "65-up"


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_table_has_one_row_a_respondent_and_one_column_a_question(
    answered: Services, web: TestClient, designer: dict[str, str]
) -> None:
    answer = web.get(f"{TRANSPORT}/answers.csv", headers=designer)
    assert answer.headers["content-type"].startswith("text/csv")
    assert "town-centre-transport.csv" in answer.headers["content-disposition"]
    rows = table(answer.content.decode("utf-8"))
    assert list(rows[0])[4:] == [
        "frequency",
        "main_mode",
        "minutes",
        "bus_rating",
        "parking",
        "barriers",
        "park_and_ride",
        "one_wish",
        "age_group",
    ]
    assert [row["barriers"] for row in rows] == ["", "cost time", "nothing"]
    assert [row["age_group"] for row in rows] == ["", "35-64", "65-up"]


def test_no_text_in_the_table_is_a_formula(
    answered: Services, web: TestClient, designer: dict[str, str]
) -> None:
    rows = table(web.get(f"{TRANSPORT}/answers.csv", headers=designer).content.decode("utf-8"))
    assert rows[0]["one_wish"] == "'" + NASTY


def test_the_table_can_say_labels(answered: Services, web: TestClient, designer: dict[str, str]) -> None:
    rows = table(web.get(f"{TRANSPORT}/answers.csv?labels=true", headers=designer).content.decode("utf-8"))
    assert rows[1]["barriers"] == "It costs too much; It takes too long"
    assert rows[1]["main_mode"] == "By car"


def test_answers_of_every_version_are_in_one_table(
    answered: Services, web: TestClient, designer: dict[str, str], talker: Callable[..., Talker]
) -> None:
    path = answered.settings.content / "surveys" / "town-centre-transport.yml"
    text = path.read_text(encoding="utf-8")
    new = "survey:\n  - {type: yes_no, name: resident, label: Do you live here?, required: yes}\n"
    head, _, tail = text.replace("survey:\n", new, 1).partition("  - type: integer\n    name: minutes")
    path.write_text(head + tail[tail.index("  - type: range") :], encoding="utf-8")
    citizen = talker(SurveyForm, "chat-9")
    citizen.says("transport survey", "start_survey")
    for said in ("yes", "yes", "never", "nothing", "skip", "skip"):
        citizen.says(said)
    rows = table(web.get(f"{TRANSPORT}/answers.csv", headers=designer).content.decode("utf-8"))
    assert list(rows[0])[4] == "resident" and list(rows[0])[-1] == "minutes"
    assert [row["resident"] for row in rows] == ["", "", "", "yes"]
    assert [row["minutes"] for row in rows] == ["30", "15", "", ""]
    assert [row["version"] for row in rows] == ["1", "1", "1", "2"]


def test_counts_say_how_every_question_was_answered(
    answered: Services, web: TestClient, designer: dict[str, str]
) -> None:
    found = {one["name"]: one for one in web.get(f"{TRANSPORT}/counts", headers=designer).json()}
    assert found["main_mode"]["options"] == {
        "walk": 0,
        "bicycle": 0,
        "bus": 1,
        "train": 0,
        "car": 1,
        "taxi": 0,
    }
    assert found["main_mode"]["not_asked"] == 1
    assert found["barriers"]["options"]["cost"] == 1 and found["barriers"]["options"]["nothing"] == 1
    assert found["minutes"]["summary"] == {"mean": 22.5, "median": 22.5, "least": 15, "greatest": 30}
    assert (found["one_wish"]["answered"], found["one_wish"]["skipped"]) == (1, 2)
    assert found["one_wish"]["options"] is None


def test_an_unknown_survey_is_a_problem_with_a_remedy(web: TestClient, designer: dict[str, str]) -> None:
    answer = web.get("/api/v1/surveys/nowhere/answers", headers=designer)
    assert answer.status_code == 404
    assert answer.json()["code"] == "survey_unknown" and answer.json()["remedy"]


def test_a_designer_reads_what_is_wrong_with_a_file(
    content: Services, web: TestClient, designer: dict[str, str]
) -> None:
    path = content.settings.content / "surveys" / "library-hours.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("${visits} = 'never'", "${visits} = 'nevr'"))
    files = {one["name"]: one for one in web.post("/api/v1/survey-files", headers=designer).json()}
    (problem,) = files["library-hours.yml"]["problems"]
    assert problem["question"] == "why_not" and problem["remedy"] == "Did you mean 'never'?"
    assert files["household-waste.yml"]["problems"] == []


def test_designers_invite_and_set_quotas(
    answered: Services, web: TestClient, designer: dict[str, str], signed_in: HeadersOf
) -> None:
    wanted = {"quotas": [{"question": "main_mode", "answer": "bus", "wanted": 2}]}
    (kept,) = web.put(f"{TRANSPORT}/quotas", json=wanted, headers=designer).json()
    assert kept == {"question": "main_mode", "answer": "bus", "wanted": 2, "reached": 0}
    bad = {"quotas": [{"question": "minutes", "answer": "5", "wanted": 2}]}
    refused = web.put(f"{TRANSPORT}/quotas", json=bad, headers=designer)
    assert refused.status_code == 422 and refused.json()["code"] == "survey_quota_refused"
    asked = web.post(f"{TRANSPORT}/invitations", json={"share": 0.5}, headers=designer)
    assert asked.status_code == 202
    assert asked.json() == {"subscribers": 0, "waiting": 0, "sent": 0, "passed_over": 0}
    clerk = signed_in(Role.AGENT)
    assert web.post(f"{TRANSPORT}/invitations", json={}, headers=clerk).status_code == 403
    assert web.get(f"{TRANSPORT}/quotas", headers=clerk).json() == [kept]
