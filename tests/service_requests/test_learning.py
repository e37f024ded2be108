"""What officials correct is learned, when it helps and not otherwise; nobody's words are kept for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from civic.audit.commands import record
from civic.kit.ids import new_id
from civic.kit.services import Services
from civic.service_requests import learning, parts
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import Status
from civic.service_requests.services import ServiceList
from civic.service_requests.suggester import Suggester
from tests.fixtures import NOON

# What people of this town call a thing that the list of services has never heard of.
SLANG = "the old snicket gribble by the {} is grottled again"
PLACES = ("pub", "shop", "ferry", "lock", "barn", "chapel", "kiosk", "depot", "quay", "mill", "gate", "yard")


def corrected(session: Session, count: int, code: str, words: str = SLANG) -> list[str]:
    ids = []
    for number in range(count):
        at = NOON + timedelta(minutes=number)
        case = ServiceRequest(
            id=new_id(at),
            service_request_id=f"FM-2{number:04d}",
            service_code=code,
            agency="highways",
            status=Status.SUBMITTED,
            description=words.format(PLACES[number % len(PLACES)]),
            attributes={},
            language="en",
            requested_at=at,
            updated_at=at,
            expected_on=at.date(),
        )
        session.add(case)
        session.flush()
        record(session, "system", learning.CORRECTED, case.id, {"to": code}, at)
        ids.append(case.id)
    session.commit()
    return ids


def learned(session: Session, services: Services) -> learning.Learned:
    known = services.get(ServiceList)
    return learning.learn(session, known, None, None, services.settings.home)


def test_what_officials_teach_is_kept_when_held_back_cases_are_told_better(
    session: Session, services: Services
) -> None:
    corrected(session, 40, "graffiti")
    found = learned(session, services)
    assert found.kept and found.right_after > found.right_before
    suggester = learning.make(
        services.get(ServiceList), None, None, learning.in_use(session, services.settings.home)
    )
    assert suggester.suggest("the snicket gribble is grottled").first == "graffiti"


def test_the_same_corrections_again_change_nothing(session: Session, services: Services) -> None:
    corrected(session, 40, "graffiti")
    assert learned(session, services).kept
    assert learned(session, services).reason == "nothing new"


def test_corrections_that_help_nobody_are_not_kept(session: Session, services: Services) -> None:
    corrected(session, 40, "pothole", "a deep pothole in the road by the {}")
    found = learned(session, services)
    assert not found.kept and found.reason == "not better"
    assert learning.kept(services.settings.home) == {}


def test_a_handful_proves_nothing(session: Session, services: Services) -> None:
    corrected(session, 3, "graffiti")
    assert "fewer" in learned(session, services).reason


def test_the_words_of_the_erased_are_forgotten(session: Session, services: Services) -> None:
    ids = corrected(session, 40, "graffiti")
    assert learned(session, services).kept
    home = services.settings.home
    assert "gribble" not in (home / learning.FILE).read_text(encoding="utf-8")
    used = len(learning.in_use(session, home))
    for request_id in ids:
        case = session.get(ServiceRequest, request_id)
        assert case is not None
        case.description = ""
    session.commit()
    assert used and learning.in_use(session, home) == []


def test_what_another_process_learned_is_taken_over_once(session: Session, services: Services) -> None:
    parts.provide(services)
    slang = SLANG.format("pub")
    assert services.get(Suggester).suggest(slang).first != "graffiti"
    assert not parts.take_over_learned(services)
    corrected(session, 40, "graffiti")
    assert learned(session, services).kept  # as the process of the delivery worker would
    assert parts.take_over_learned(services)
    assert services.get(Suggester).suggest(slang).first == "graffiti"
    assert not parts.take_over_learned(services)


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"cases": []}'])
def test_a_broken_file_is_as_none(services: Services, broken: str) -> None:
    path = services.settings.home / learning.FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(broken, encoding="utf-8")
    assert learning.kept(services.settings.home) == {}
