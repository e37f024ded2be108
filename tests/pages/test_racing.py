"""Officials who do something else with the same case in the same instant, on pages and by the API."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from civic.accounts.rules import Role
from civic.conversation.models import OutboundRecord
from civic.kit.services import Services
from civic.service_requests import queries
from tests.pages.conftest import DeskOf
from tests.service_requests.following import Follower, Hall

HeadersOf = Callable[[Role], dict[str, str]]


@pytest.mark.parametrize("times", range(2))
def test_of_four_officials_in_the_same_instant_one_wins_and_the_others_are_told(
    services: Services, web: TestClient, desk_of: DeskOf, signed_in: HeadersOf, times: int
) -> None:
    number = Hall(services).files(Follower(services, "anna"))
    at, api = f"/officials/service-requests/{number}", f"/api/v1/service-requests/{number}"
    desks = [desk_of(Role.AGENT, f"clerk-{who}") for who in range(2)]
    for desk in desks:
        desk.opens(at)
    headers = signed_in(Role.ADMIN)
    read = web.get(api, headers=headers).headers["ETag"]
    together = threading.Barrier(4)

    def on_page(who: int) -> int:
        together.wait()
        said = f"Page {who} says so."
        return desks[who].sends(f"{at}/step", status="acknowledged", message=said).status_code

    def by_api(who: int) -> int:
        together.wait()
        body = {"status": "rejected", "message": f"Program {who} says so."}
        return web.post(f"{api}/status", headers={**headers, "If-Match": read}, json=body).status_code

    with ThreadPoolExecutor(4) as hands:
        asked = [
            hands.submit(on_page, 0),
            hands.submit(on_page, 1),
            hands.submit(by_api, 0),
            hands.submit(by_api, 1),
        ]
        codes = sorted(each.result(timeout=60) for each in asked)
    assert codes == [200, 409, 409, 409]
    case = web.get(api, headers=headers).json()
    assert len(case["messages"]) == 1 and "says so" in case["messages"][0]["text"]
    with services.sessions() as session:
        kept = queries.by_number(session, number)
        assert kept is not None
        assert [str(step.target) for step in kept.changes] == ["submitted", case["status"]]
        told = session.scalars(
            select(OutboundRecord).where(OutboundRecord.conversation_id == kept.conversation_id)
        )
        assert sum("says so" in row.payload["text"] for row in told) == 1
