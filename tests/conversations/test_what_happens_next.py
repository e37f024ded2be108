"""After a report was sent: it is answered, solved, not fixed, opened again, solved and rated."""

from __future__ import annotations

from tests.conversations.test_complaining import complains
from tests.people import Citizen, OfficialAtWork


def moves(official: OfficialAtWork, number: str, *targets: str, **more: str) -> None:
    for target in targets:
        answer = official.http.post(f"/service-requests/{number}/status", json={"status": target, **more})
        assert answer.status_code == 200, answer.text


def test_a_whole_life_in_the_chat(citizen: Citizen, official: OfficialAtWork) -> None:
    number = complains(citizen)
    moves(official, number, "acknowledged")
    moves(official, number, "waiting_for_citizen", message="Which side of the road?")
    citizen.waits_for("Which side of the road?")
    citizen.says("the left side, my number is 01234 555 123")
    assert "I have added that" in citizen.heard, citizen.heard
    case = official.gets(f"/service-requests/{number}")
    assert case["status"] == "in_progress" and case["alerts"] == ["citizen_wrote"]
    assert case["messages"][-1]["text"].endswith("01234 555 123")
    moves(official, number, "resolved")
    citizen.waits_for("Is it fixed?")
    citizen.says("not fixed")
    assert "is open again" in citizen.heard, citizen.heard
    assert official.gets(f"/service-requests/{number}")["status"] == "reopened"
    alerts = official.gets("/service-requests/alerts")["items"]
    assert (number, "not_fixed") in [(one["service_request_id"], one["kind"]) for one in alerts]
    moves(official, number, "in_progress", "resolved")
    citizen.waits_for("Is it fixed?")
    citizen.says("fixed")
    citizen.presses("4")
    citizen.says("it took two visits but now it holds")
    assert "Thank you" in citizen.heard, citizen.heard
    verdicts = official.gets(f"/service-requests/{number}")["verdicts"]
    assert [one["verdict"] for one in verdicts] == ["not_fixed", "fixed"]
    assert (verdicts[-1]["rating"], verdicts[-1]["why"]) == (4, "it took two visits but now it holds")
