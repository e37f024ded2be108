"""What happens to a request reaches the system that sent it, and what a citizen adds there the thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from civic.delivery import queries as delivery
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from tests.open311.conftest import WHO, OtherSystem, from_xml


def test_what_an_official_does_and_says_reaches_the_other_system(
    other: OtherSystem,
    moves: Callable[..., None],
    agent: dict[str, str],
    services: Services,
    clock: SettableClock,
) -> None:
    number = other.sends(**WHO)
    clock.advance(timedelta(minutes=1))
    moves(number, "in_progress", "The crew comes on Thursday.")
    clock.advance(timedelta(minutes=1))
    reply = other.web.post(
        f"/api/v1/service-requests/{number}/replies", headers=agent, json={"text": "It rained: Friday."}
    )
    assert reply.status_code == 201
    assert reply.json()["told"] is True
    clock.advance(timedelta(minutes=1))
    moves(number, "resolved")
    seen = other.read("/servicerequestupdates")
    told = [(each["status"], each["description"]) for each in seen]
    # A step and its message are of the same moment.
    assert [*sorted(told[:2]), *told[2:]] == [
        *sorted([("open", "Being worked on"), ("open", "The crew comes on Thursday.")]),
        ("open", "It rained: Friday."),
        ("closed", "Solved"),
    ]
    assert {each["service_request_id"] for each in seen} == {number}
    assert other.read(f"/requests/{number}/updates") == seen
    assert other.read("/servicerequestupdates", start_date="2026-03-03T00:00:00Z") == []
    with services.sessions() as session:
        assert delivery.waiting(session) == 0


def test_notes_among_officials_are_never_an_update(other: OtherSystem, agent: dict[str, str]) -> None:
    number = other.sends()
    path = f"/api/v1/service-requests/{number}/notes"
    assert other.web.post(path, headers=agent, json={"text": "Ask the police."}).status_code == 201
    assert other.read("/servicerequestupdates") == []


def test_what_a_citizen_adds_elsewhere_is_in_the_thread_once(
    other: OtherSystem, agent: dict[str, str]
) -> None:
    number = other.sends()
    for status in (201, 200):
        answer = other.post(
            "/servicerequestupdates.xml", service_request_id=number, description="Deeper now.", update_id="u1"
        )
        assert answer.status_code == status, answer.text
    said = from_xml(answer.content)
    case = other.web.get(f"/api/v1/service-requests/{number}", headers=agent).json()
    assert [(each["author"], each["text"]) for each in case["messages"]] == [("citizen", "Deeper now.")]
    assert said == [{"update_id": case["messages"][0]["id"]}]


def test_only_the_system_that_sent_a_request_may_add_to_it(
    other: OtherSystem, chat_case: Callable[..., str]
) -> None:
    path = "/servicerequestupdates.json"
    assert other.refused(403, path, service_request_id=chat_case(), description="Hello")
    assert other.refused(404, path, service_request_id="FM-00000", description="Hello")
    assert len(other.refused(400, path)) == 2
