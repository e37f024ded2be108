"""Officials find, read and move cases, and what they decide reaches the citizen once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.conversation.models import OutboundRecord
from civic.delivery.models import Delivery
from civic.kit.files import FileStore
from civic.service_requests.models import ServiceRequest
from civic.service_requests.suggester import Suggester
from tests.service_requests.conftest import Teller

HeadersOf = Callable[[Role], dict[str, str]]
PATH = "/api/v1/service-requests"


@pytest.fixture
def agent(web: TestClient, signed_in: HeadersOf) -> dict[str, str]:
    return signed_in(Role.AGENT)


@pytest.fixture
def citizen(web: TestClient, meet: Callable[..., Teller], suggester: Suggester) -> Teller:
    anna = meet("anna")
    anna.services.provide(Suggester, lambda _: suggester)
    return anna


def files(citizen: Teller, text: str, name: str | None = None) -> str:
    """Reports something and returns its number."""
    before = set(citizen.session.scalars(select(ServiceRequest.service_request_id)))
    citizen.says(text)
    if name:
        citizen.presses("Send with my name")
        citizen.says(name)
    else:
        citizen.presses("Send anonymously")
    (number,) = set(citizen.session.scalars(select(ServiceRequest.service_request_id))) - before
    citizen.session.commit()  # on SQLite a reader in a writer's session would keep the office waiting
    return number


@pytest.fixture
def number(citizen: Teller) -> str:
    return files(citizen, "huge pothole outside 12 Mill Lane", "Anna Miller")


def moves(web: TestClient, headers: dict[str, str], number: str, status: str, **more: Any) -> Any:
    return web.post(f"{PATH}/{number}/status", headers=headers, json={"status": status, **more})


def told(citizen: Teller) -> list[str]:
    """What the citizen was told of the town's own accord, in order."""
    with citizen.services.sessions() as session:
        rows = session.scalars(
            select(OutboundRecord)
            .join(Delivery, Delivery.message_id == OutboundRecord.id)
            .where(OutboundRecord.conversation_id == citizen.conversation_id)
            .order_by(OutboundRecord.seq)
        )
        return [row.payload["text"] for row in rows]


def audited(citizen: Teller) -> list[tuple[str, dict[str, Any]]]:
    with citizen.services.sessions() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.at, AuditRow.id))
        changes = [row for row in rows if "service_request" in row.tag and ":read:" not in row.tag]
        return [(row.tag, row.details) for row in changes if ":list:" not in row.tag]


# -------------------------------------------------------------------------------------------------- reading


def test_a_case_is_read_with_everything_that_belongs_to_it(
    number: str, web: TestClient, agent: dict[str, str]
) -> None:
    answer = web.get(f"{PATH}/{number}", headers=agent)
    case = answer.json()
    assert case["name"] == "Anna Miller" and case["address"] == "outside 12 Mill Lane"
    assert case["agency_responsible"] == "Highways and Transport"
    assert [step["target"] for step in case["history"]] == ["submitted"]
    assert "acknowledged" in [step["status"] for step in case["next_steps"]]
    assert case["reachable"] and not case["erased"]
    assert answer.headers["ETag"] == f'"{case["version"]}"'


def test_a_case_is_found_in_small_letters_too(number: str, web: TestClient, agent: dict[str, str]) -> None:
    assert web.get(f"{PATH}/{number.lower()}", headers=agent).status_code == 200


def test_the_list_is_filtered_by_each_property(
    citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    pothole = files(citizen, "huge pothole outside 12 Mill Lane")
    citizen.clock.advance(timedelta(minutes=3))
    rats = files(citizen, "rats behind the library")
    moves(web, agent, rats, "acknowledged")

    def found(**params: Any) -> list[str]:
        answer = web.get(PATH, headers=agent, params=params)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["total"] == len(body["items"])
        return [item["service_request_id"] for item in body["items"]]

    assert found() == [rats, pothole]
    assert found(sort="oldest") == [pothole, rats]
    assert found(sort="expected") == [rats, pothole]
    assert found(sort="recently_changed") == [rats, pothole]
    assert found(status="acknowledged") == [rats]
    assert found(status=["acknowledged", "submitted"]) == [rats, pothole]
    assert found(service_code="pothole") == [pothole]
    assert found(agency="environment") == [rats]
    assert found(text="LIBRARY") == [rats]
    assert found(text="huge lane") == [pothole]
    assert found(text="100%_") == []
    assert found(text=pothole) == [pothole]
    assert found(since="2026-03-02T12:02:00Z") == [rats]
    assert found(until="2026-03-02T12:02:00Z") == [pothole]


@pytest.mark.parametrize("sort", ["newest", "oldest", "recently_changed", "expected"])
def test_paging_shows_each_case_once_while_new_ones_arrive(
    citizen: Teller, web: TestClient, agent: dict[str, str], sort: str
) -> None:
    first = [files(citizen, f"rats at {house} Mill Lane") for house in range(1, 6)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2", "sort": sort} | ({"cursor": cursor} if cursor else {})
        page = web.get(PATH, headers=agent, params=params).json()
        seen += [item["service_request_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        files(citizen, "graffiti on Castle Street") if len(seen) == 2 else None
    assert len(seen) == len(set(seen))
    assert set(first) <= set(seen)


@pytest.mark.parametrize("cursor", ["nonsense", "!!!!", "WzFd", "eyJhIjoxfQ"])
def test_a_cursor_that_was_not_ours_is_refused(cursor: str, web: TestClient, agent: dict[str, str]) -> None:
    answer = web.get(PATH, headers=agent, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


def test_a_cursor_of_another_order_is_refused(
    citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    for house in (1, 2):
        files(citizen, f"rats at {house} Mill Lane")
    cursor = web.get(PATH, headers=agent, params={"limit": 1}).json()["next_cursor"]
    answer = web.get(PATH, headers=agent, params={"cursor": cursor, "sort": "oldest"})
    assert answer.json()["code"] == "bad_cursor"


def test_a_designer_sees_no_case(number: str, web: TestClient, signed_in: HeadersOf) -> None:
    answer = web.get(f"{PATH}/{number}", headers=signed_in(Role.DESIGNER))
    assert answer.status_code == 403 and "Mill Lane" not in answer.text


def test_photos_are_downloaded_through_their_own_case_only(
    citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    citizen.says("rats behind the library")
    citizen.sends_photo()
    citizen.presses("Send anonymously")
    other = files(citizen, "huge pothole outside 12 Mill Lane")
    (rats,) = web.get(PATH, headers=agent, params={"service_code": "pests"}).json()["items"]
    number = rats["service_request_id"]
    photo = web.get(f"{PATH}/{number}", headers=agent).json()["attachments"][0]
    citizen.services.get(FileStore).put(photo["id"], b"the photo")
    answer = web.get(photo["path"], headers=agent)
    assert (answer.content, answer.headers["content-type"]) == (b"the photo", "image/jpeg")
    assert web.get(photo["path"]).status_code == 401
    elsewhere = photo["path"].replace(number, other)
    assert web.get(elsewhere, headers=agent).json()["code"] == "unknown_attachment"
    citizen.services.get(FileStore).delete(photo["id"])
    assert web.get(photo["path"], headers=agent).status_code == 404


# -------------------------------------------------------------------------------------------------- working


def test_a_legal_step_is_taken_told_noted_and_audited(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    answer = moves(web, agent, number, "in_progress", message="The crew comes on Thursday.")
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "in_progress"
    assert [step["target"] for step in answer.json()["history"]] == ["submitted", "in_progress"]
    (words,) = told(citizen)
    assert number in words and "work on it has begun" in words and "The crew comes on Thursday." in words
    assert audited(citizen)[-1] == (
        "official:move:service_request",
        {"number": number, "from": "submitted", "to": "in_progress"},
    )


def test_an_illegal_step_is_refused_and_changes_nothing(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    answer = moves(web, agent, number, "resolved")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_transition")
    assert "acknowledged" in answer.json()["remedy"]
    assert web.get(f"{PATH}/{number}", headers=agent).json()["status"] == "submitted"
    assert told(citizen) == [] and len(audited(citizen)) == 1


def test_the_same_step_twice_is_told_once(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    assert [moves(web, agent, number, "acknowledged").status_code for _ in range(2)] == [200, 409]
    assert len(told(citizen)) == 1


def test_a_rejection_needs_words(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    assert moves(web, agent, number, "rejected").json()["code"] == "message_needed"
    assert moves(web, agent, number, "rejected", message="This road is private.").status_code == 200
    assert "This road is private." in told(citizen)[0]


def test_a_duplicate_names_its_original(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    again = files(citizen, "the pothole at 12 Mill Lane is still there")
    assert moves(web, agent, again, "duplicate").json()["code"] == "original_needed"
    assert moves(web, agent, again, "duplicate", duplicate_of=again).json()["code"] == "original_needed"
    assert moves(web, agent, again, "duplicate", duplicate_of="FM-99999").json()["code"] == "original_needed"
    done = moves(web, agent, again, "duplicate", duplicate_of=number.lower())
    assert done.json()["duplicate_of"] == number
    assert number in told(citizen)[0]
    assert moves(web, agent, number, "duplicate", duplicate_of=again).json()["code"] == "original_needed"


def test_a_reply_reaches_the_citizen_and_stands_in_the_thread(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    answer = web.post(f"{PATH}/{number}/replies", headers=agent, json={"text": " We come tomorrow. "})
    assert answer.status_code == 201 and answer.json()["told"], answer.text
    assert "Highways and Transport" in told(citizen)[0] and "“We come tomorrow.”" in told(citizen)[0]
    assert "We come tomorrow." in citizen.asks_status(number)
    tag, details = audited(citizen)[-1]
    assert tag == "official:answer:service_request" and details["message_id"] == answer.json()["id"]


def test_the_same_reply_sent_twice_tells_once(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    said = [
        web.post(f"{PATH}/{number}/replies", headers=agent, json={"text": "Tomorrow."}).status_code
        for _ in range(2)
    ]
    assert said == [201, 409] and len(told(citizen)) == 1


def test_a_note_stays_among_officials(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    note = web.post(f"{PATH}/{number}/notes", headers=agent, json={"text": "Ask the water company."})
    assert note.status_code == 201 and note.json()["internal"]
    assert told(citizen) == [] and "water company" not in citizen.asks_status(number)
    assert audited(citizen)[-1][0] == "official:note:service_request"
    messages = web.get(f"{PATH}/{number}", headers=agent).json()["messages"]
    assert [message["text"] for message in messages] == ["Ask the water company."]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_empty_and_endless_replies_are_refused(
    text: str, number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    for door in ("replies", "notes"):
        assert web.post(f"{PATH}/{number}/{door}", headers=agent, json={"text": text}).status_code == 422
    assert told(citizen) == []


def test_the_second_of_two_officials_at_once_is_told(
    number: str, web: TestClient, agent: dict[str, str], signed_in: HeadersOf
) -> None:
    read = web.get(f"{PATH}/{number}", headers=agent).headers["ETag"]
    first = web.post(
        f"{PATH}/{number}/status", headers={**agent, "If-Match": read}, json={"status": "acknowledged"}
    )
    second = web.post(
        f"{PATH}/{number}/replies",
        headers={**signed_in(Role.ADMIN), "If-Match": read},
        json={"text": "We have not seen it yet."},
    )
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["code"] == "changed_meanwhile"
    assert first.headers["ETag"] != read


def test_a_viewer_reads_and_changes_nothing(
    number: str, citizen: Teller, web: TestClient, signed_in: HeadersOf
) -> None:
    viewer = signed_in(Role.VIEWER)
    assert web.get(f"{PATH}/{number}", headers=viewer).status_code == 200
    assert moves(web, viewer, number, "acknowledged").status_code == 403
    assert web.post(f"{PATH}/{number}/notes", headers=viewer, json={"text": "x"}).status_code == 403
    assert told(citizen) == []


def test_a_whole_life_is_told_step_by_step(
    number: str, citizen: Teller, web: TestClient, agent: dict[str, str]
) -> None:
    for status, more in (
        ("acknowledged", {}),
        ("waiting_for_citizen", {"message": "Which side of the road?"}),
        ("in_progress", {}),
        ("resolved", {"message": "Filled this morning."}),
        ("reopened", {}),
        ("in_progress", {}),
        ("resolved", {}),
        ("closed", {}),
    ):
        citizen.clock.advance(timedelta(minutes=1))
        assert moves(web, agent, number, status, **more).status_code == 200, status
    assert len(told(citizen)) == 7, "everything but the closing of the file"
    assert "closed" in citizen.asks_status(number)
    assert len([tag for tag, _ in audited(citizen) if tag == "official:move:service_request"]) == 8
