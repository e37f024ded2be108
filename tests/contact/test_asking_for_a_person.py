"""A citizen asks for a person, and the message is with the officials after two turns at most."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from actions.contact import ContactForm
from civic.contact.models import Enquiry
from civic.kit.services import Services
from tests.office import Talker

pytestmark = pytest.mark.one_database

WORDS = "My mother's bus pass has not come for six weeks"


@pytest.fixture
def citizen(talker: Callable[..., Talker]) -> Talker:
    return talker(ContactForm)


def texts(services: Services) -> list[str]:
    with services.sessions() as session:
        return list(session.scalars(select(Enquiry.text).order_by(Enquiry.id)))


@pytest.mark.parametrize(
    "opening",
    [
        "human please",
        "I want to talk to a real person",
        "can someone from the council call me",
        "agent",
        "this is not working, let me speak to someone now",
    ],
)
def test_who_asks_for_a_person_is_asked_for_the_message_once(
    citizen: Talker, services: Services, opening: str
) -> None:
    asked = citizen.says(opening, "talk_to_official")
    assert "write it in one message" in asked
    assert services.settings.emergency_number in asked
    assert "within two working days" in citizen.says(WORDS)
    assert citizen.status == "done"
    assert texts(services) == [WORDS]


@pytest.mark.both_databases
def test_a_message_that_came_with_the_wish_is_not_asked_for_again(
    citizen: Talker, services: Services
) -> None:
    said = "I need to talk to someone about my mother's bus pass which never came"
    assert "within two working days" in citizen.says(said, "talk_to_official")
    assert citizen.status == "done"
    assert texts(services) == [said]


def test_how_to_call_is_said_for_what_cannot_wait(citizen: Talker, services: Services) -> None:
    citizen.says("human", "talk_to_official")
    assert services.settings.council_phone in citizen.says(WORDS)


def test_a_short_message_is_a_message(citizen: Talker, services: Services) -> None:
    citizen.says("human", "talk_to_official")
    citizen.says("broken heating", "report_problem", 0.99)
    assert texts(services) == ["broken heating"]


@pytest.mark.both_databases
@pytest.mark.parametrize(("said", "intent"), [("cancel", "cancel"), ("no", "deny"), ("never mind", "cancel")])
def test_cancelling_passes_nothing_on(citizen: Talker, services: Services, said: str, intent: str) -> None:
    citizen.says("human", "talk_to_official")
    assert "nothing was passed on" in citizen.says(said, intent)
    assert citizen.status == "done"
    assert texts(services) == []


def test_a_message_that_holds_the_word_cancel_is_passed_on(citizen: Talker, services: Services) -> None:
    citizen.says("human", "talk_to_official")
    citizen.says("Please cancel my allotment, I am moving away in May", "cancel", 0.99)
    assert texts(services) == ["Please cancel my allotment, I am moving away in May"]


@pytest.mark.both_databases
def test_a_question_in_between_is_answered_and_the_talk_comes_back(
    citizen: Talker, services: Services
) -> None:
    citizen.says("human", "talk_to_official")
    citizen.says("What are your opening hours?", "ask_policy")
    assert citizen.status == "interrupted"
    assert "write it in one message" in citizen.is_asked_again()


@pytest.mark.parametrize("said", ["🙏", "?", "yes"])
def test_what_holds_no_message_is_asked_again(citizen: Talker, services: Services, said: str) -> None:
    citizen.says("human", "talk_to_official")
    assert "could not find any words" in citizen.says(said, "affirm")
    assert citizen.status == "asking"
    assert texts(services) == []


def test_asking_for_a_person_again_is_not_the_message(citizen: Talker, services: Services) -> None:
    citizen.says("human", "talk_to_official")
    citizen.says("I want a human!", "talk_to_official")
    assert citizen.status == "asking"
    assert texts(services) == []


def test_the_button_may_be_pressed_twice(citizen: Talker) -> None:
    citizen.sends(intent="talk_to_official")
    assert "write it in one message" in citizen.sends(intent="talk_to_official")
    assert citizen.status == "asking"


def test_a_photo_is_not_taken_for_the_message(citizen: Talker, services: Services) -> None:
    citizen.says("human", "talk_to_official")
    citizen.sends(intent="share_photo", attachment_id="abc")
    assert citizen.status == "interrupted"
    assert texts(services) == []
