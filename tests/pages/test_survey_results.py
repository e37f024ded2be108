"""Results at the desk: read, compared, downloaded, published; and what everybody sees of them."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.kit.services import Services
from tests.pages.conftest import DeskOf
from tests.surveys.results_town import parks, publish, town

SURVEY = "/officials/surveys/parks"
RESULTS = f"{SURVEY}/results"


@pytest.fixture
def answered(services: Services, web: TestClient) -> Services:
    """Sixty people have answered."""
    with services.sessions.begin() as session:
        publish(session, parks(), services.clock.now())
        town(session, parks(), services.clock.now())
    return services


@pytest.mark.parametrize(("page", "counted"), [(RESULTS, "60 completed"), (SURVEY, "60answered")])
def test_every_chart_has_its_table_with_the_same_shares(
    answered: Services, desk_of: DeskOf, page: str, counted: str
) -> None:
    desk = desk_of(Role.VIEWER)
    assert desk.opens(page).status_code == 200
    assert counted in desk.text
    charts = desk.page.xpath("//figure[.//svg]")
    assert len(charts) == 5
    for figure in charts:
        drawn = re.findall(r"[<>]?\d+%", " ".join(figure.xpath(".//svg//text/text()")))
        rows = figure.xpath(".//details//tbody/tr/td[2]/text()")
        assert drawn and drawn == [row.strip() for row in rows]
    assert not desk.page.xpath("//a[contains(@href, 'export')]"), "who only reads gets figures, not answers"
    assert desk.opens(f"{RESULTS}/export?form=csv").status_code == 403


def test_questions_are_compared_by_another_one(answered: Services, desk_of: DeskOf) -> None:
    desk = desk_of(Role.VIEWER)
    desk.opens(RESULTS)
    desk.sends(RESULTS, by="park")
    figure = desk.page.get_element_by_id("q-rating")
    assert "Mill Park" in figure.text_content() and "Among those who said" in figure.text_content()
    assert "Average" in figure.text_content()


def test_a_file_is_downloaded_and_the_audit_says_so(answered: Services, desk_of: DeskOf) -> None:
    desk = desk_of(Role.DESIGNER)
    for form, begins in (
        ("csv", b"\xef\xbb\xbfrespondent"),
        ("xlsx", b"PK"),
        ("json", b"{"),
        ("flow", b"PK"),
    ):
        answer = desk.opens(f"{RESULTS}/export?form={form}")
        assert answer.status_code == 200 and answer.content.startswith(begins)
        assert "attachment" in answer.headers["content-disposition"]
    assert desk.opens(f"{RESULTS}/export?form=exe").status_code == 422
    with answered.sessions() as session:
        tags = [row.tag for row in session.query(AuditRow)]
    assert tags.count("official:export:survey_answers") == 4


def test_results_are_published_as_they_are_then_and_taken_away(
    answered: Services, desk_of: DeskOf, web: TestClient
) -> None:
    assert web.get("/results/parks").status_code == 404
    desk = desk_of(Role.DESIGNER)
    desk.opens(f"{RESULTS}/page")
    desk.sends(f"{RESULTS}/page", said="", questions=["park"])
    assert desk.answer.status_code == 422 and "Write in a sentence" in desk.text
    desk.sends(f"{RESULTS}/page", said="More <b>benches</b>", did="Ten in May", questions=["park", "rating"])
    assert "The results are public." in desk.text
    shown = web.get("/results/parks").text
    assert "You said" in shown and "More &lt;b&gt;benches" in shown and "Ten in May" in shown
    assert "Which park?" in shown and "How often?" not in shown
    assert "Our parks" in web.get("/results").text
    with answered.sessions.begin() as session:
        town(session, parks(), answered.clock.now(), people=10)
    assert web.get("/results/parks").text == shown, "kept as published"
    desk.opens(f"{RESULTS}/page")
    desk.sends(f"{RESULTS}/page/withdraw")
    assert web.get("/results/parks").status_code == 404
    assert "No results" in web.get("/results").text


def test_an_unknown_survey_is_a_page_that_says_so(desk_of: DeskOf) -> None:
    assert desk_of(Role.VIEWER).opens("/officials/surveys/nowhere/results").status_code == 404


def test_programs_read_the_same_figures_and_publish(
    answered: Services, web: TestClient, desk_of: DeskOf
) -> None:
    desk_of(Role.DESIGNER)
    token = web.post(
        "/api/v1/token", data={"username": "designer", "password": "seven hedgehogs dance"}
    ).json()
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    found = web.get("/api/v1/surveys/parks/results?by=park", headers=headers).json()
    assert found["completed"] == 60 and found["by"] == "park"
    rating = next(one for one in found["questions"] if one["name"] == "rating")
    assert {one["name"] for one in rating["compared"]} == {"mill", "abbey", "none"}
    page = {"said": "Much", "questions": ["rating"]}
    assert web.put("/api/v1/surveys/parks/results/page", headers=headers, json=page).json()["questions"] == [
        "rating"
    ]
    assert web.get("/results/parks").status_code == 200
    assert web.delete("/api/v1/surveys/parks/results/page", headers=headers).status_code == 204
    assert web.get("/results/parks").status_code == 404
