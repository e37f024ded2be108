"""The scripts of how people report, through the whole product: gateway, Rasa, actions; turns counted."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from tests.conversations.test_complaining import NUMBER, photo
from tests.people import Citizen, OfficialAtWork
from tests.service_requests.test_turns import HERE, MEDIAN, MOST, PHOTO, SCRIPTS, SEND

# Where nobody of another test reports anything.
PLACE = 51.4712, -1.2987


def plays(citizen: Citizen, script: list[str]) -> int:
    """How many messages it took; 0 for a script that did not end with a number."""
    turns = 0
    for said in script:
        turns += 1
        if said.startswith("> ") and said[2:] in citizen.labels:
            citizen.presses(said[2:])
        elif said == SEND:
            return 0  # no summary yet
        elif said.startswith("> "):
            turns -= 1  # understood without the question
        elif said == HERE:
            citizen.shares_place(*PLACE)
        elif said == PHOTO:
            citizen.sends_photo(photo())
        else:
            citizen.says(said)
    return turns if NUMBER.search(citizen.heard) and "service_request_filed" in citizen.statuses else 0


def test_a_report_takes_four_messages_in_the_median_and_six_at_most(
    somebody: Callable[[], Citizen], official: OfficialAtWork
) -> None:
    taken, astray = [], []
    for meant, script in SCRIPTS:
        citizen = somebody()
        turns = plays(citizen, script)
        if not turns:
            astray.append((script, citizen.heard))
            continue
        found = NUMBER.search(citizen.heard)
        assert found
        case = official.gets(f"/service-requests/{found[0]}", fields="service_code")
        if case["service_code"] != meant:
            astray.append((script, case["service_code"]))
        taken.append(turns)
    print(f"{len(taken)} of {len(SCRIPTS)}: median {median(taken)}, most {max(taken)}; astray {astray}")
    # A sentence that names no problem ("party next door till 4am") may have to be said in other words.
    assert len(astray) <= 1, astray
    assert median(taken) <= MEDIAN and max(taken) <= MOST
