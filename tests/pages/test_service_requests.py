"""Officials work at the desk: what they see, whom it is hidden from, and that nobody overwrites anybody."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from civic.accounts.rules import Role
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.service_requests.desk.exporting import COLUMNS
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import OPEN, RUNNING, Status
from tests.pages.cases import INBOX, audited, shown, stored
from tests.pages.conftest import Desk, DeskOf

# -------------------------------------------------------------------------------------------------- roles

# Ids of things that do not exist; the number is of a case that does.
UNKNOWN = re.compile(r"{(?!number)\w+}")
PAGES = {
    "GET /officials": (200, 200, 200, 200),
    f"GET {INBOX}": (200, 200, 403, 200),
    f"GET {INBOX}/map": (200, 200, 403, 200),
    f"GET {INBOX}/export": (200, 200, 403, 200),
    f"GET {INBOX}/{{number}}": (200, 200, 403, 200),
    f"GET {INBOX}/{{number}}/live": (200, 200, 403, 200),
    f"GET {INBOX}/{{number}}/photos/none": (404, 404, 403, 404),
    "GET /officials/templates": (403, 200, 403, 200),
    "GET /officials/templates/none": (403, 404, 403, 404),
    f"POST {INBOX}/bulk": (403, 303, 403, 303),
    f"POST {INBOX}/filters": (422, 422, 403, 422),
    f"POST {INBOX}/filters/none/delete": (404, 404, 403, 404),
    f"POST {INBOX}/{{number}}/step": (403, 422, 403, 422),
    f"POST {INBOX}/{{number}}/reply": (403, 422, 403, 422),
    f"POST {INBOX}/{{number}}/note": (403, 422, 403, 422),
    f"POST {INBOX}/{{number}}/assign": (403, 422, 403, 422),
    f"POST {INBOX}/{{number}}/priority": (403, 422, 403, 422),
    f"POST {INBOX}/{{number}}/type": (403, 422, 403, 422),
    f"POST {INBOX}/{{number}}/merge": (403, 303, 403, 303),
    "POST /officials/templates": (403, 422, 403, 422),
    "POST /officials/templates/none": (403, 404, 403, 404),
    "POST /officials/templates/none/delete": (403, 404, 403, 404),
    "POST /officials/sign-out": (303, 303, 303, 303),
}


def test_every_role_gets_what_the_table_says_and_no_page_of_ours_is_missing(
    desk_of: DeskOf, pothole: str
) -> None:
    desks = [desk_of(role) for role in (Role.VIEWER, Role.AGENT, Role.DESIGNER, Role.ADMIN)]
    got = {}
    for page in PAGES:
        method, _, path = page.partition(" ")
        answers = []
        for desk in desks:
            desk.web.follow_redirects = False
            token = desk.form("/officials/sign-out").fields["csrf"]
            data = {"csrf": token, "name": "", "text": ""} if method == "POST" else None
            answers.append(desk.web.request(method, path.replace("{number}", pothole), data=data))
        got[page] = tuple(answer.status_code for answer in answers)
    assert got == PAGES
    served = {
        f"{method} {UNKNOWN.sub('none', path)}"
        for path, methods in _routes(desks[0])
        for method in methods
        if path.startswith((INBOX, "/officials/templates"))
    }
    assert served <= set(PAGES)


def _routes(desk: Desk) -> list[tuple[str, set[str]]]:
    from fastapi.routing import iter_route_contexts

    return [(str(one.path), set(one.methods or ())) for one in iter_route_contexts(desk.web.app.routes)]  # type: ignore[attr-defined]


def test_an_official_of_a_department_sees_its_cases_and_no_others_anywhere(
    services: Services, desk_of: DeskOf, cases: dict[str, str]
) -> None:
    desk = desk_of(Role.AGENT, "sam", agency="highways")
    with services.sessions() as session:
        rows = session.execute(select(ServiceRequest.service_request_id, ServiceRequest.agency)).all()
    ours = {number for number, agency in rows if agency == "highways"}
    assert 2 < len(ours) < len(rows)
    desk.opens(f"{INBOX}?all=1")
    assert set(shown(desk)) == ours
    exported = desk.opens(f"{INBOX}/export?all=1").text
    assert set(re.findall(r"FM-\w+", exported)) == ours
    on_map = set(re.findall(r"FM-\w+", desk.opens(f"{INBOX}/map?all=1").text))
    assert on_map and on_map <= ours
    overview = desk.opens("/officials").text
    assert "Pothole" in overview and "Dumped rubbish" not in overview
    foreign = cases["fly-tipping-quarry-la"]
    for path in ("", "/live", "/photos/none"):
        assert desk.opens(f"{INBOX}/{foreign}{path}").status_code == 404
    api = desk.web.post("/api/v1/token", data={"username": "sam", "password": "seven hedgehogs dance"})
    headers = {"Authorization": f"Bearer {api.json()['access_token']}"}
    listed = desk.web.get("/api/v1/service-requests?limit=200", headers=headers).json()
    assert {one["service_request_id"] for one in listed["items"]} == ours
    assert listed["total"] == len(ours)


# -------------------------------------------------------------------------------------------------- inbox


def test_the_inbox_shows_what_is_open_and_due_first(
    services: Services, desk_of: DeskOf, cases: dict[str, str]
) -> None:
    desk = desk_of(Role.AGENT)
    desk.opens(INBOX)
    found = [stored(services, number) for number in shown(desk)]
    assert len(found) >= 10 and all(case.status in OPEN for case in found)
    assert [case.expected_on for case in found] == sorted(case.expected_on for case in found)


def test_filters_find_what_they_say(services: Services, desk_of: DeskOf, cases: dict[str, str]) -> None:
    desk = desk_of(Role.AGENT)

    def finds(query: str) -> set[str]:
        assert desk.opens(f"{INBOX}?{query}").status_code == 200
        return set(shown(desk))

    both = {cases["pothole-mill-lane"], cases["mill-lane-again"]}
    assert finds("text=bakery+mill") == both
    assert finds(f"text={cases['pothole-mill-lane'].lower()}") == {cases["pothole-mill-lane"]}
    assert finds("lat=51.5018&long=-1.2435&radius=60") == both
    assert finds("lat=51.5018&long=-1.2435&radius=8") == {cases["mill-lane-again"]}
    assert cases["noise-harbour-close"] in finds("late=1")
    today = services.clock.now().date()
    assert all(stored(services, number).expected_on < today for number in finds("late=1"))
    assert finds("status=rejected") == {cases["noise-the-anchor"]}
    assert finds("open=1&assignee=me") == set()
    assert "No case fits this filter." in desk.text
    assert finds("service_code=fly_tipping") == {
        cases["fly-tipping-quarry-la"],
        cases["quarry-lane-fridge"],
    }
    assert len(finds("all=1&lat=nonsense&sort=sideways")) == 23 and "left out: " in desk.text


def test_pages_of_the_inbox_neither_repeat_nor_lose_a_case(
    desk_of: DeskOf, cases: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.pages.service_requests.PAGE", 7)
    desk = desk_of(Role.VIEWER)
    desk.opens(f"{INBOX}?all=1")
    seen = shown(desk)
    while following := desk.page.xpath("//a[@rel='next']/@href"):
        desk.opens(following[0])
        seen += shown(desk)
    assert len(seen) == len(set(seen)) == 23


def test_near_is_a_named_place_or_a_case_and_the_view_comes_back_to_it(
    desk_of: DeskOf, cases: dict[str, str]
) -> None:
    desk = desk_of(Role.AGENT)
    desk.opens(f"{INBOX}?open=1&sort=expected&near=here")
    assert "Near what? Name a place" in desk.text and len(shown(desk)) > 5
    both = {cases["pothole-mill-lane"], cases["mill-lane-again"]}
    (form,) = [one for one in desk.page.forms if one.get("role") == "search"]
    desk.submits(form, near=cases["pothole-mill-lane"].lower(), radius="60")
    assert set(shown(desk)) == both
    (link,) = desk.page.xpath("//nav[@aria-label='Filters']//a[text()='Near']/@href")
    assert set(shown_after(desk, link)) == both
    assert desk.page.xpath("//nav[@aria-label='Filters']//a[@aria-current]/text()") == ["Near"]
    assert cases["pothole-mill-lane"] in shown_after(desk, f"{INBOX}?all=1&near=Mill+Lane&radius=300")
    assert "lat=" in desk.page.xpath("//a[text()='CSV']/@href")[0]
    desk.opens(f"{INBOX}?all=1&near=Atlantis+Boulevard")
    assert "No place and no case of yours has that name." in desk.text


def shown_after(desk: Desk, link: str) -> list[str]:
    """What is listed at an address of the inbox."""
    assert desk.opens(link if link.startswith("/") else INBOX + link).status_code == 200
    return shown(desk)


def test_near_does_not_tell_where_a_case_of_another_department_is(
    services: Services, desk_of: DeskOf, cases: dict[str, str]
) -> None:
    desk = desk_of(Role.AGENT, agency="parks")
    desk.opens(f"{INBOX}?all=1&near={cases['pothole-mill-lane']}")
    assert "No place and no case of yours has that name." in desk.text


def test_a_filter_is_kept_used_and_deleted_by_its_owner_alone(desk_of: DeskOf, cases: dict[str, str]) -> None:
    desk, other = desk_of(Role.AGENT), desk_of(Role.VIEWER)
    desk.opens(f"{INBOX}?service_code=pothole&sort=oldest")
    desk.sends(f"{INBOX}/filters", name="Old potholes")
    assert "“Old potholes” is kept" in desk.text
    assert "Old potholes" not in (other.opens(INBOX).text)
    desk.opens(INBOX)
    (link,) = desk.page.xpath("//a[text()='Old potholes']/@href")
    desk.opens(link)
    assert len(shown(desk)) == 3
    (form,) = [one for one in desk.page.forms if str(one.get("action")).endswith("/delete")]
    token = other.form("/officials/sign-out").fields["csrf"]
    assert other.web.post(form.get("action"), data={"csrf": token}).status_code == 404
    desk.submits(form)
    assert "Old potholes" not in desk.opens(INBOX).text


def test_ticked_cases_are_assigned_together_and_the_answer_says_which_were_not(
    services: Services, desk_of: DeskOf, cases: dict[str, str]
) -> None:
    desk = desk_of(Role.AGENT)
    two = [cases["pothole-mill-lane"], cases["noise-harbour-close"]]
    desk.opens(f"{INBOX}?all=1")
    desk.sends(f"{INBOX}/bulk", number=two, action="assign", assignee="me")
    assert "2 of 2 changed." in desk.text
    desk.opens(f"{INBOX}?open=1&assignee=me")
    assert set(shown(desk)) == set(two)
    desk.sends(f"{INBOX}/bulk", number=[*two, cases["graffiti-underpass"]], action="start")
    assert "2 of 3 changed." in desk.text and "cannot become in_progress" in desk.text
    assert stored(services, two[0]).status is Status.IN_PROGRESS
    assert stored(services, cases["graffiti-underpass"]).status is Status.CLOSED


# ------------------------------------------------------------------------------------------------- export


def test_an_export_has_a_row_a_case_stable_columns_and_no_formula(
    services: Services, desk_of: DeskOf, cases: dict[str, str], pothole: str
) -> None:
    with services.sessions.begin() as session:
        case = session.scalar(select(ServiceRequest).where(ServiceRequest.service_request_id == pothole))
        assert case is not None
        case.description, case.name = '=HYPERLINK("http://evil.example";"x")', "+44 Ann"
    desk = desk_of(Role.VIEWER)
    text = desk.opens(f"{INBOX}/export?all=1&format=csv").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 23
    mine = next(row for row in rows if row["service_request_id"] == pothole)
    assert mine["description"].startswith("'=HYPERLINK") and mine["name"] == "'+44 Ann"
    assert float(mine["long"]) == pytest.approx(-1.24341), "numbers stay numbers"
    answer = desk.opens(f"{INBOX}/export?all=1&format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    values = list(sheet.values)
    assert tuple(values[0]) == COLUMNS and len(values) == 24
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    features = desk.opens(f"{INBOX}/export?service_code=pothole&format=geojson").json()["features"]
    assert len(features) == 3
    assert features[0]["geometry"]["coordinates"] == pytest.approx([-1.23884, 51.49866])
    assert [details for tag, details in audited(services) if tag == "official:export:service_request"] == [
        {"format": form} for form in ("csv", "xlsx", "geojson")
    ]


def test_the_overview_counts_what_is_late_and_draws_charts_with_tables(
    services: Services, clock: SettableClock, desk_of: DeskOf, cases: dict[str, str]
) -> None:
    desk = desk_of(Role.ADMIN)
    clock.advance(timedelta(hours=1))
    desk.opens("/officials")
    with services.sessions() as session:
        late = [
            case
            for case in session.scalars(select(ServiceRequest))
            if case.status in RUNNING and case.expected_on < clock.now().date()
        ]
    assert re.match(
        rf"{len(late)} late",
        " ".join(desk.page.xpath("//ul[@class='tiles']/li[1]")[0].text_content().split()),
    )
    charts = desk.page.xpath("//*[local-name()='svg' and @role='img']")
    assert len(charts) >= 3
    assert all(chart.xpath("string(*[local-name()='title'])") for chart in charts)
    assert len(desk.page.xpath("//figure//table")) == len(charts)
    designer = desk_of(Role.DESIGNER)
    assert designer.opens("/officials").status_code == 200 and "late" not in designer.text
