"""Pages of cases from other systems show how to reach the sender, to few; the overview rates departments."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient
from sqlalchemy import select

from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.service_requests.models import ServiceRequest, ServiceRequestVerdict
from civic.service_requests.open311 import keys
from tests.office import PASSWORD
from tests.pages.conftest import Desk

PATH = "/officials/service-requests"
MAIL = "anna@example.org"


def sent(services: Services, web: TestClient) -> str:
    """A request of another system, with contact details: its number."""
    with services.sessions.begin() as session:
        key = "a key that nobody guesses"
        keys.add_key(session, "Street Watch", key, services.clock.now())
    form = {
        "api_key": key,
        "service_code": "pothole",
        "address_string": "12 Mill Lane",
        "description": "A deep hole.",
        "email": MAIL,
        "phone": "0171 555 0123",
        "first_name": "Anna",
    }
    answer = web.post("/open311/v2/requests.json", data=form)
    assert answer.status_code == 201, answer.text
    return str(answer.json()[0]["service_request_id"])


def official(services: Services, name: str, role: Role, agency: str | None = None) -> None:
    with services.sessions.begin() as session:
        add_official(session, name, role, PASSWORD, services.clock.now(), agency=agency)


def readings(services: Services) -> int:
    with services.sessions() as session:
        return len(session.scalars(select(AuditRow).where(AuditRow.tag == "official:read:contact")).all())


def test_contact_details_are_shown_when_asked_for_to_those_who_work_on_the_case_and_that_is_kept(
    services: Services, web: TestClient
) -> None:
    number = sent(services, web)
    official(services, "robin", Role.AGENT, "highways")
    official(services, "vera", Role.VIEWER, "highways")
    official(services, "walter", Role.AGENT, "waste")
    robin, vera, walter = Desk(web), Desk(web), Desk(web)
    for desk, name in ((robin, "robin"), (vera, "vera"), (walter, "walter")):
        desk.signs_in(name)
    page = robin.opens(f"{PATH}/{number}").text
    assert "Show the contact details" in page and MAIL not in page
    assert readings(services) == 0
    asked = f"{PATH}/{number}?contact=1"
    page = robin.opens(asked).text
    assert MAIL in page and "0171 555 0123" in page and "Anna" in page
    assert readings(services) == 1
    assert MAIL not in vera.opens(asked).text and vera.answer.status_code == 200
    assert MAIL not in walter.opens(asked).text and walter.answer.status_code == 404
    assert readings(services) == 1


def test_the_overview_rates_departments_for_who_sees_several_and_for_nobody_else(
    services: Services, web: TestClient, clock: SettableClock
) -> None:
    number = sent(services, web)
    with services.sessions.begin() as session:
        case = session.scalars(select(ServiceRequest)).one()
        for n, stars in enumerate((5, 2)):
            row = ServiceRequestVerdict(
                id=f"verdict-{n}",
                request_id=case.id,
                change_id=f"change-{n}",
                asked_at=clock.now() - timedelta(days=2),
                verdict="fixed",
                rating=stars,
                rated_at=clock.now() - timedelta(days=1),
            )
            session.add(row)
    official(services, "clerk", Role.ADMIN)
    official(services, "robin", Role.AGENT, "highways")
    clerk, robin = Desk(web), Desk(web)
    page = clerk.signs_in("clerk").text
    assert "Satisfaction by department" in page
    cells = [cell.text_content().strip() for cell in clerk.page.iter("td", "th")]
    where = cells.index("Highways and Transport")
    assert cells[where + 1 : where + 3] == ["3.5", "2"]
    page = robin.signs_in("robin").text
    assert "Satisfaction with solutions" in page and "Satisfaction by department" not in page
    assert number in robin.opens(PATH).text
