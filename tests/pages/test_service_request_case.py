"""Officials work on a case: each step is told, nobody overwrites anybody, nothing typed is lost."""

from __future__ import annotations

import json

from civic.accounts.rules import Role
from civic.kit.services import Services
from civic.service_requests.rules import Status
from tests.pages.cases import INBOX, audited, stored
from tests.pages.conftest import DeskOf


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
