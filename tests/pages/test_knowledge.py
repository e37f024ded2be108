"""Officials keep the documents, answer what was passed on, and see what was asked, on pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from civic.accounts.rules import Role
from tests.knowledge.conftest import Add, Asker, add, asker, encoder, permits, services
from tests.pages.conftest import Desk, DeskOf

__all__ = ["add", "asker", "encoder", "permits", "services"]


@pytest.fixture
def passed_on(asker: Callable[..., Asker], add: Add, permits: Path) -> list[Asker]:
    add(permits)
    citizens = [asker(f"chat-{number}") for number in range(2)]
    for citizen in citizens:
        citizen.asks("is there a zoo in town")
        citizen.presses("Pass my question on")
    citizens[0].asks("how much is the second parking permit")
    citizens[0].asks("who painted the town hall")
    return citizens


def test_a_question_is_answered_and_the_answer_approved(
    passed_on: list[Asker], desk_of: DeskOf, asker: Callable[..., Asker]
) -> None:
    agent = desk_of(Role.AGENT)
    agent.opens("/officials/questions")
    assert "asked 2 times by 2" in agent.text
    link = agent.page.xpath("//main//a[starts-with(@href, '/officials/questions/')]/@href")[0]
    agent.opens(link)
    agent.sends(f"{link}/answer", text=" ")
    assert agent.answer.status_code == 422 and "Write an answer" in agent.text
    agent.sends(f"{link}/answer", text="There is no zoo here.", question="Is there a zoo in Marlow Vale?")
    assert "2 citizens were told. It waits for approval." in agent.text
    assert "No question waits" in agent.text
    waiting = agent.page.xpath("//a[contains(@href, '/answers/')]/@href")[0]
    agent.opens(waiting)
    assert "Approve" not in agent.text
    designer = desk_of(Role.DESIGNER)
    designer.opens(waiting)
    designer.sends(f"{waiting}/decision", decision="approve")
    assert "From now on everybody who asks gets this answer" in designer.text
    assert asker("chat-next").asks("does the town have a zoo?") == "answered"


def uploaded(desk: Desk, data: bytes, name: str) -> None:
    form = desk.opens("/officials/documents") and desk.form("/officials/documents")
    fields = {key: value for key, value in form.form_values() if key != "file"}
    desk.answer = desk.web.post("/officials/documents", data=fields, files={"file": (name, data)})


def test_a_document_is_uploaded_ended_withdrawn_and_brought_back(permits: Path, desk_of: DeskOf) -> None:
    desk = desk_of(Role.DESIGNER)
    uploaded(desk, b"no pdf", "broken.pdf")
    assert desk.answer.status_code == 422 and "save it anew" in desk.text
    uploaded(desk, permits.read_bytes(), "permits.md")
    assert "1 added" in desk.text and "Each household can buy these" in desk.text
    path = desk.path
    desk.sends(f"{path}/validity", valid_until="2026-03-01")
    assert desk.answer.status_code == 422 and "before today" in desk.text
    desk.sends(f"{path}/validity", valid_until="2026-03-20")
    assert "ends soon" in desk.text
    assert "1 ends within 30 days" in " ".join(desk.opens("/officials/documents") and [desk.text])
    desk.opens(path)
    desk.sends(f"{path}/withdraw", reason="The scheme ended.")
    assert "Why it was withdrawn: The scheme ended." in desk.text
    desk.sends(f"{path}/restore")
    assert "in force again, as version 2" in desk.text and "Version 1" in desk.text


def test_the_coverage_has_a_chart_and_a_table(passed_on: list[Asker], desk_of: DeskOf) -> None:
    desk = desk_of(Role.VIEWER)
    desk.opens("/officials/coverage")
    assert "4 questions: 1 answered, 3 not answered" in desk.text
    assert desk.page.xpath("//figure//*[local-name()='svg']") and desk.page.xpath("//table//th[.='Parking']")
    assert "is there a zoo in town" in desk.text and "who painted the town hall" in desk.text
    # What nobody passed on is shown, and has no form to answer it.
    assert len(desk.page.xpath("//main//a[starts-with(., 'Answer')]")) == 1
    assert "0 questions" in (
        desk.opens("/officials/coverage?since=2020-01-01&until=2020-02-01") and desk.text
    )


def test_who_may_not_work_on_knowledge_sees_no_form_and_sends_none(
    passed_on: list[Asker], desk_of: DeskOf
) -> None:
    desk = desk_of(Role.VIEWER)
    desk.opens("/officials/documents")
    assert "Parking permits" in desk.text and "Upload" not in desk.text
    token = desk.form("/officials/sign-out").fields["csrf"]
    refused = desk.web.post("/officials/documents/permits/withdraw", data={"csrf": token, "reason": "x"})
    assert refused.status_code == 403
    desk.opens("/officials/documents/permits")
    assert desk.text.count("Withdraw") == 0
    assert desk.opens("/officials/duplicates").status_code == 200
