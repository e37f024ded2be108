"""Who is behind a request: told to the responsible department alone, and forgotten when they wish it."""

from __future__ import annotations

from fastapi.testclient import TestClient
from sqlalchemy import select

from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.conversation.erasure import Erasers
from civic.conversation.models import ChannelAddress
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.service_requests.models import ServiceRequest
from civic.service_requests.open311.models import Open311Request, ServiceRequestContact
from tests.office import PASSWORD
from tests.open311.conftest import POTHOLE, WHO, OtherSystem, photo


def test_contact_details_are_never_public(other: OtherSystem) -> None:
    number = other.sends(**WHO)
    one = f"/requests/{number}"
    for path in (f"{one}.json", "/requests.xml", "/requests.atom", f"{one}/updates.xml"):
        seen = other.get(path, extensions="true").text
        for secret in WHO.values():
            assert secret not in seen


def test_deleting_a_persons_data_takes_all_that_their_requests_said_of_them(
    other: OtherSystem, services: Services, clock: SettableClock
) -> None:
    files = [("media", ("a.jpg", photo(), "image/jpeg"))]
    sent = {**POTHOLE, **WHO, "media_url": "https://example.org/anna.jpg"}
    numbers = [
        other.post("/requests.json", files=files, **sent).json()[0]["service_request_id"] for _ in range(2)
    ]
    stranger = other.sends(email="bob@example.org")
    with services.sessions.begin() as session:
        people = {
            case.service_request_id: case.citizen_id for case in session.scalars(select(ServiceRequest))
        }
        assert people[numbers[0]] == people[numbers[1]] != people[stranger]
        services.get(Erasers).erase(session, str(people[numbers[0]]), clock.now())
    with services.sessions() as session:
        assert [row.email for row in session.scalars(select(ServiceRequestContact))] == ["bob@example.org"]
        kept = session.scalars(select(Open311Request).where(Open311Request.description.is_not(None))).all()
        assert len(kept) == 1
        assert session.scalars(select(Open311Request.media_url)).all() == [None] * 3
        assert len(session.scalars(select(ChannelAddress)).all()) >= 1
    for number in numbers:
        view = other.read(f"/requests/{number}")[0]
        assert (view["description"], view["media_url"]) == (None, None)
        assert view["lat"] == 51.5017


def test_an_address_book_cannot_be_made_of_what_is_stored_beside_requests(
    other: OtherSystem, services: Services
) -> None:
    """Audit rows and channel addresses hold no mail address, number or name."""
    other.sends(**WHO)
    with services.sessions() as session:
        rows = [*session.scalars(select(AuditRow)), *session.scalars(select(ChannelAddress))]
        kept = " ".join(str(vars(row)) for row in rows)
    assert rows
    for secret in WHO.values():
        assert secret not in kept


def test_contact_details_are_for_the_responsible_department_and_each_reading_is_noted(
    other: OtherSystem, services: Services, web: TestClient
) -> None:
    number = other.sends(**WHO)
    path = f"/api/v1/service-requests/{number}/contact"

    def read_by(name: str, agency: str | None) -> int:
        with services.sessions.begin() as session:
            add_official(session, name, Role.AGENT, PASSWORD, services.clock.now(), agency)
        token = web.post("/api/v1/token", data={"username": name, "password": PASSWORD}).json()
        answer = web.get(path, headers={"Authorization": f"Bearer {token['access_token']}"})
        if answer.status_code == 200:
            assert answer.json() == WHO
        return answer.status_code

    assert read_by("waste-agent", "waste") == 404
    assert read_by("road-agent", "highways") == 200
    assert read_by("any-agent", None) == 200
    with services.sessions() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.tag == "official:read:contact")).all()
    assert len(rows) == 2
