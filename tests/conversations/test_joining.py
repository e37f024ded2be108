"""Somebody reported it already: the second one joins, both hear the end; who wants no trace has a receipt."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.conversations.test_complaining import filed, photo
from tests.people import Citizen, OfficialAtWork

RECEIPT = re.compile(r"FM-[0-9A-Z]{5,6}-[0-9A-Z]{5}-[0-9A-Z]{5}")


def reports(citizen: Citizen, words: str, button: str = "Send anonymously") -> str:
    citizen.says(words)
    citizen.presses(button)
    return filed(citizen)


def test_two_who_saw_the_same_are_one_case_and_both_hear_what_became_of_it(
    somebody: Callable[[], Citizen], official: OfficialAtWork
) -> None:
    anna, ben = somebody(), somebody()
    number = reports(anna, "graffiti all over the wall of the skate park in Forge Lane")
    ben.says("somebody sprayed graffiti on the skate park wall, Forge Lane")
    assert "Is it one of these?" in ben.heard and number in ben.heard, ben.heard
    ben.presses(f"It is {number}")
    assert "that makes two of you" in ben.heard
    case = official.gets(f"/service-requests/{number}")
    assert case["joiners"] == 1
    assert any("sprayed" in message["text"] for message in case["messages"])
    ben.says(f"what about {number}")
    assert "You have joined it" in ben.heard
    changed = official.http.post(f"/service-requests/{number}/status", json={"status": "acknowledged"})
    assert changed.status_code in (200, 201), changed.text
    for citizen in (anna, ben):
        citizen.waits_for("passed it to the crew")


def test_a_place_outside_the_town_is_said(citizen: Citizen) -> None:
    citizen.says("somebody dumped a fridge and old mattresses")
    citizen.shares_place(51.5725, -0.7763)
    assert "outside Marlow Vale" in citizen.heard
    citizen.says("Weir Lane")
    assert "Weir Lane" in citizen.heard and "Send anonymously" in citizen.labels


def test_a_report_is_added_to_and_taken_back(citizen: Citizen, official: OfficialAtWork) -> None:
    number = reports(citizen, "street light out at 7 Rowan Close")
    citizen.says(number)
    citizen.presses("Add a comment or a photo")
    citizen.says("It flickers before it goes out.")
    assert f"Added to {number}" in citizen.heard
    citizen.says(number)
    citizen.presses("Add a comment or a photo")
    citizen.sends_photo(photo())
    case = official.gets(f"/service-requests/{number}")
    assert "It flickers before it goes out." in [message["text"] for message in case["messages"]]
    assert len(case["attachments"]) == 1
    citizen.says(number)
    citizen.presses("Take it back")
    citizen.says("yes")
    assert "is taken back" in citizen.heard
    assert official.gets(f"/service-requests/{number}")["status"] == "closed"


def test_without_a_trace_the_receipt_is_the_only_way_back(somebody: Callable[[], Citizen]) -> None:
    citizen = somebody()
    citizen.says("broken swing at Parkside, a child fell")
    citizen.presses("Send without a trace")
    found = RECEIPT.search(citizen.heard)
    assert found, citizen.heard
    citizen.says("my reports")
    assert "have not reported anything" in citizen.heard
    elsewhere = somebody()
    elsewhere.says(f"my receipt is {found.group()}")
    assert "Parkside" in elsewhere.heard and "Add a comment or a photo" in elsewhere.labels
