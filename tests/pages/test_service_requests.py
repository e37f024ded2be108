"""Officials work at the desk: what they see, whom it is hidden from, and that nobody overwrites anybody."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.service_requests.demo import load_demo
from civic.service_requests.desk.exporting import COLUMNS
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import OPEN, RUNNING, Status
from tests.pages.conftest import Desk, DeskOf

INBOX = "/officials/service-requests"


@pytest.fixture
def cases(services: Services, web: object) -> dict[str, str]:
    """The demonstration's cases on the desk: their keys, and their numbers."""
    with services.sessions.begin() as session:
        load_demo(session, services.clock.now(), services)
        rows = session.execute(select(ServiceRequest.draft_id, ServiceRequest.service_request_id))
        return {str(key).removeprefix("demo-"): number for key, number in rows}


@pytest.fixture
def pothole(cases: dict[str, str]) -> str:
    return cases["pothole-mill-lane"]


def shown(desk: Desk) -> list[str]:
    """The numbers of the cases in the list, in order."""
    return re.findall(r"FM-\w+", " ".join(desk.page.xpath("//ul[@class='cases']//a/@href")))


def stored(services: Services, number: str) -> ServiceRequest:
    with services.sessions() as session:
        found = session.scalar(select(ServiceRequest).where(ServiceRequest.service_request_id == number))
        assert found is not None
        return found


def audited(services: Services) -> list[tuple[str, dict[str, object]]]:
    with services.sessions() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.at, AuditRow.id))
        return [(row.tag, dict(row.details)) for row in rows]


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


# --------------------------------------------------------------------------------------------------- case


def test_an_official_takes_a_case_moves_it_replies_and_it_is_all_in_the_story(
    services: Services, desk_of: DeskOf, pothole: str
) -> None:
    desk = desk_of(Role.AGENT)
    at = f"{INBOX}/{pothole}"
    desk.opens(at)
    assert "Deep pothole outside the bakery" in desk.text and "Rosa Whitfield" in desk.text
    desk.sends(f"{at}/assign", assignee="agent")
    desk.sends(f"{at}/step", status="in_progress", message="The crew comes on Thursday.")
    desk.sends(f"{at}/reply", reply="They bring <b>asphalt</b>.")
    desk.sends(f"{at}/note", note="Ask the bakery for the key.")
    assert "The note is kept." in desk.text
    for words in ("Given to agent", "In progress by agent", "The crew comes on Thursday.", "<b>asphalt</b>"):
        assert words in desk.text
    assert "Ask the bakery for the key." in desk.text and "note among officials" in desk.text
    tags = [tag for tag, _ in audited(services)]
    for tag in ("read", "assign", "move", "answer", "note"):
        assert f"official:{tag}:service_request" in tags
    assert "Rosa" not in json.dumps(audited(services)) and "asphalt" not in json.dumps(audited(services))


def test_the_second_of_two_officials_is_told_and_overwrites_nothing(
    services: Services, desk_of: DeskOf, pothole: str
) -> None:
    one, other = desk_of(Role.AGENT), desk_of(Role.ADMIN)
    at = f"{INBOX}/{pothole}"
    one.opens(at)
    other.opens(at)
    one.sends(f"{at}/step", status="acknowledged", message="We have it.")
    other.sends(f"{at}/step", status="rejected", message="We do not do roads.")
    assert other.answer.status_code == 409
    assert "Somebody else changed this case" in other.text and "We have it." in other.text
    assert other.form(f"{at}/step").fields["message"] == "We do not do roads."
    assert stored(services, pothole).status is Status.ACKNOWLEDGED
    other.sends(f"{at}/step")
    assert stored(services, pothole).status is Status.REJECTED, "sent again on purpose, it counts"


def test_a_page_that_is_open_hears_of_a_change_once(desk_of: DeskOf, pothole: str) -> None:
    one, other = desk_of(Role.AGENT), desk_of(Role.VIEWER)
    at = f"{INBOX}/{pothole}"
    other.opens(at)
    (address,) = other.page.xpath("//@data-live")
    quiet = other.web.get(address)
    assert quiet.status_code == 204
    known = {"If-None-Match": quiet.headers["etag"]}
    assert other.web.get(address, headers=known).status_code == 304
    one.opens(at)
    one.sends(f"{at}/note", note="Look twice.")
    news = other.web.get(address, headers=known)
    assert news.status_code == 200 and "changed meanwhile, by agent" in news.text
    assert other.web.get(address, headers={"If-None-Match": news.headers["etag"]}).status_code == 304


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    services: Services, desk_of: DeskOf, pothole: str
) -> None:
    desk = desk_of(Role.AGENT)
    at = f"{INBOX}/{pothole}"
    desk.opens(at)
    desk.sends(f"{at}/step", status="rejected", message=" ")
    assert desk.answer.status_code == 422
    assert "must be told why" in desk.page.get_element_by_id("message-wrong").text_content()
    desk.sends(f"{at}/step", status="duplicate", duplicate_of="FM-99999")
    assert desk.page.get_element_by_id("duplicate_of").value == "FM-99999"
    assert desk.page.get_element_by_id("duplicate_of").get("aria-invalid") == "true"
    desk.sends(f"{at}/reply", reply="   ")
    assert "Write something first." in desk.text
    assert stored(services, pothole).version == 1


def test_a_corrected_type_changes_department_and_due_day_and_may_hide_the_case(
    services: Services, desk_of: DeskOf, pothole: str
) -> None:
    desk = desk_of(Role.AGENT, "sam", agency="highways")
    at = f"{INBOX}/{pothole}"
    desk.opens(at)
    desk.sends(f"{at}/assign", assignee="sam")
    desk.sends(f"{at}/type", service_code="water_leak")
    assert desk.path == INBOX and "another department" in desk.text
    case = stored(services, pothole)
    assert (case.agency, case.service_code, case.assignee_id) == ("drainage", "water_leak", None)
    retyped = ("official:retype:service_request", {"number": pothole, "from": "pothole", "to": "water_leak"})
    assert retyped in audited(services)


def test_similar_cases_are_offered_and_merged_and_their_citizens_are_told(
    services: Services, desk_of: DeskOf, cases: dict[str, str]
) -> None:
    desk = desk_of(Role.AGENT)
    first, second = cases["pothole-mill-lane"], cases["mill-lane-again"]
    at = f"{INBOX}/{first}"
    desk.opens(at)
    offered = desk.page.xpath("//ul[@class='alike']//input/@value")
    assert offered[0] == second
    desk.sends(f"{at}/merge", other=[second])
    assert "1 merged into this one." in desk.text and "Merged into this one: " + second in desk.text
    merged = stored(services, second)
    assert merged.status is Status.DUPLICATE and merged.duplicate_of == stored(services, first).id


def test_a_template_is_kept_filled_in_and_sent_with_its_step(
    services: Services, desk_of: DeskOf, pothole: str
) -> None:
    desk = desk_of(Role.AGENT)
    desk.opens("/officials/templates")
    desk.sends("/officials/templates", name="Start", text="Dear {nome}", status="in_progress")
    assert desk.answer.status_code == 422 and "no placeholder {nome}" in desk.text
    words = "Dear {name}, work on {number} ({service}) begins."
    desk.sends("/officials/templates", name="Start", text=words, status="in_progress")
    assert "“Start” is kept" in desk.text
    at = f"{INBOX}/{pothole}"
    desk.opens(at)
    (template,) = desk.page.xpath("//select[@name='template']/option[text()='Start']/@value")
    desk.opens(f"{at}?template={template}")
    said = f"Dear Rosa Whitfield, work on {pothole} (Pothole or damaged road) begins."
    assert desk.form(f"{at}/reply").fields["reply"].strip() == said
    desk.opens(at)
    desk.sends(f"{at}/step", status="in_progress")
    assert said in desk.text


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
