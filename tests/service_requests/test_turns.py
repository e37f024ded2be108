"""How many messages a report takes, in scripts of how people report: counted, and held to it."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import pytest

from civic.service_requests.models import ServiceRequest
from tests.service_requests.conftest import Teller

# How many messages a report takes no database plays a part in; that it is kept on both, test_intake.py shows.
pytestmark = pytest.mark.one_database

SEND, PHOTO, HERE = "> Send anonymously", "(photo)", "(place)"
# One script a row: the type that is meant, and what the citizen says, presses (>), shares or sends.
SCRIPTS: list[tuple[str, list[str]]] = [
    ("pothole", ["huge pothole outside 12 Mill Lane, a cyclist fell", SEND]),
    ("street_light", ["street light out at 5 Bridge Street", SEND]),
    ("graffiti", ["someone sprayed graffiti all over the Station Underpass", SEND]),
    ("fly_tipping", ["someone dumped a mattress and a fridge on Quarry Lane", SEND]),
    (
        "abandoned_vehicle",
        ["an abandoned car without plates has stood on Orchard Row for months", "blue Ford, no plate", SEND],
    ),
    ("litter", ["the litter bin in Market Square is overflowing", PHOTO, SEND]),
    ("playground", ["swing chain snapped at the Victoria Gardens playground", SEND]),
    ("dog_fouling", ["dog poo everywhere on Church Walk", "yes"]),
    ("missed_bin", ["my bin was not collected at 3 Station Road", "> Recycling", SEND]),
    ("missed_bin", ["they missed our brown garden bin at 3 Station Road", SEND]),
    ("pothole", ["hello, I want to report a problem", "deep pothole", "12 Mill Lane", SEND]),
    ("pests", ["rats!!!", HERE, SEND]),
    ("pests", ["there are rats", PHOTO, HERE, SEND]),
    ("street_light", ["the street lamp is broken", "Brige Street", "> Bridge Street", SEND]),
    ("noise", ["my neighbour plays loud music every night", "5 Castle Street", SEND]),
    ("blocked_drain", ["the drain is blocked and the road floods", "corner of Quay Street", PHOTO, SEND]),
    ("pavement", ["a loose paving slab tipped and my mother fell", "outside the library", SEND]),
    ("tree", ["a big branch is hanging over the path", "Elm Avenue", SEND]),
    (
        "playground",
        [
            "something is broken",
            "> None of these",
            "> Parks and trees",
            "> Playground or sports equipment",
            "Victoria Gardens",
            SEND,
        ],
    ),
    ("pothole", ["pothole", "Mill Lane", "> Send with my name", "Anna Miller"]),
    ("fly_tipping", ["rubbish dumped", "> Fly-tipping", "Quarry Lane", PHOTO, SEND]),
    ("graffiti", [PHOTO, "graffiti on the wall at Tannery Yard", SEND]),
    ("street_light", [HERE, "street light is out", SEND]),
    ("pests", ["rats!!!", "no idea", SEND]),
    ("pothole", ["report", "pothole on the road", "in Stowbridge", "12 Mill Lane", SEND]),
    # In a hurry: slips, no capitals, half sentences, the place first, everything at once.
    ("pothole", ["theres a massiv pot hole mill lane no 12 nearly came off my bike", SEND]),
    ("street_light", ["lamp post dark since monday station rd", SEND]),
    ("fly_tipping", ["Quarry Lane - someone has tipped old tyres and rubble there AGAIN!!", SEND]),
    ("graffiti", ["rude words sprayed on the bus shelter in Bridge Street, pls clean", SEND]),
    ("litter", ["bin overflowing, litter everywhere", "market square", SEND]),
    ("tree", ["tree came down and blocks Elm Avenue", SEND]),
    ("blocked_drain", ["gulley blocked outside 4 Quay Street, whole street under water", SEND]),
    ("dog_fouling", [PHOTO, "dog mess not picked up on the path at Church Walk", SEND]),
    ("playground", ["my son cut his hand on the broken slide", "Victoria Gardens playground", "ok send it"]),
    ("noise", ["party next door till 4am every weekend", HERE, "> Send with my name", "Tom Baker"]),
]
MEDIAN, MOST = 4, 6
taken: dict[int, int] = {}


@pytest.mark.parametrize("number", range(len(SCRIPTS)))
def test_a_script_ends_with_the_report_that_was_meant(number: int, meet: Callable[..., Teller]) -> None:
    meant, script = SCRIPTS[number]
    citizen = meet(f"script-{number}")
    turns = 0
    for said in script:
        turns += 1
        if said.startswith("> ") and said[2:] in citizen.labels:
            citizen.presses(said[2:])
        elif said.startswith("> "):
            # Understood without the question: so much the better, and no turn.
            assert said != SEND, f"no summary yet: {citizen.heard}"
            turns -= 1
        elif said in (HERE, PHOTO) and not citizen.turns:
            shared = {"location": {"lat": 51.5, "long": -1.25}} if said == HERE else {}
            citizen.keeps(citizen._make(**(shared or {"attachment_id": citizen.photo()})))
        elif said == HERE:
            citizen.shares(51.5, -1.25)
        elif said == PHOTO:
            citizen.sends_photo()
        else:
            citizen.says(said)
    assert citizen.status == "done", citizen.heard
    filed = citizen.session.query(ServiceRequest).one()
    print(f"{turns} turns: {script[0]!r} -> {filed.service_code}")
    assert filed.service_code == meant
    assert turns <= MOST
    taken[number] = turns


def test_the_median_is_four_at_most() -> None:
    assert len(SCRIPTS) >= 30
    counted = [taken.get(number, len(script)) for number, (_, script) in enumerate(SCRIPTS)]
    print(f"{len(counted)} scripts: median {median(counted)}, most {max(counted)} turns")
    assert median(counted) <= MEDIAN and max(counted) <= MOST
