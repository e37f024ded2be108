"""What remains of a case whose citizen was forgotten, and what the demonstration brings along."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import inspect, select, text

from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.conversation.forgetting import erase_citizen as erase_conversations
from civic.service_requests import commands, demo, queries
from civic.service_requests.errors import NobodyToTell
from civic.service_requests.models import ServiceRequest
from civic.service_requests.rules import OPEN, Status
from civic.service_requests.services import ServiceList
from tests.service_requests.conftest import Teller

TABLES = (
    "service_requests",
    "service_request_messages",
    "service_request_changes",
    "service_request_attachments",
    "service_request_drafts",
    "service_request_verdicts",
    "service_request_alerts",
    "service_request_joiners",
    "service_request_receipts",
    "service_request_contacts",
    "service_request_words",
)
# The index over the words, in SQLite's own form: it follows them by triggers.
INDEX = "service_request_search"

# What officials keep for themselves: nothing in it comes from a citizen, and webhooks carry no words.
WITHOUT_CITIZENS = {
    "service_request_filters",
    "service_request_templates",
    "service_request_webhooks",
    "service_request_webhook_deliveries",
}


def everything(anna: Teller) -> str:
    """All that our tables hold, as one text."""
    rows = [anna.session.execute(text(f"select * from {table}")).all() for table in TABLES]
    return json.dumps([[list(row) for row in table] for table in rows], default=str)


def forget(anna: Teller) -> None:
    citizen_id = anna.conversation.citizen_id
    commands.erase_citizen(anna.session, citizen_id, anna.clock.now())
    erase_conversations(anna.session, citizen_id, anna.clock.now())
    anna.session.commit()


def test_of_a_forgotten_citizen_an_anonymous_case_remains(meet: Callable[..., Teller]) -> None:
    anna, ben = meet("anna"), meet("ben")
    anna.says("zebra-word rats behind the library, my phone is 07700 900123")
    anna.sends_photo()
    anna.presses("Send with my name")
    anna.says("Zebedee Anders")
    ben.says("graffiti on the library wall")
    ben.presses("Send with my name")
    ben.says("Ben Other")
    official = add_official(anna.session, "agent", Role.AGENT, "seven hedgehogs dance", anna.clock.now())
    own, _ = queries.own(anna.session, anna.conversation.citizen_id)
    number = own[0].service_request_id
    services = anna.services.get(ServiceList)
    commands.reply(
        anna.session,
        official,
        number,
        "Dear Mr Anders, we come.",
        services=services,
        say=anna.services.text,
        now=anna.clock.now(),
    )
    anna.says("zebra-word again, broken slide")
    forget(anna)
    left = everything(anna)
    for personal in ("zebra", "07700", "Zebedee", "Anders", anna.conversation.id, "photo-"):
        assert personal not in left, personal
    case = queries.by_number(anna.session, number)
    assert case is not None and case.service_code == "pests" and case.address == "behind the library"
    assert "Ben Other" in left, "others are left alone"


def test_a_case_without_its_citizen_still_goes_its_way(anna: Teller) -> None:
    anna.says("rats behind the library")
    anna.presses("Send anonymously")
    number = anna.session.scalars(select(ServiceRequest.service_request_id)).one()
    forget(anna)
    official = add_official(anna.session, "agent", Role.AGENT, "seven hedgehogs dance", anna.clock.now())
    services, say, now = anna.services.get(ServiceList), anna.services.text, anna.clock.now()
    case = commands.change_status(
        anna.session, official, number, Status.REJECTED, services=services, say=say, now=now, message="No."
    )
    assert case.status is Status.REJECTED and not case.messages[-1].told
    with pytest.raises(NobodyToTell) as refused:
        commands.reply(anna.session, official, number, "Hello?", services=services, say=say, now=now)
    assert "note" in refused.value.remedy


def test_forgetting_twice_is_no_error(anna: Teller) -> None:
    forget(anna)
    commands.erase_citizen(anna.session, anna.conversation.citizen_id, anna.clock.now())


def test_the_demonstration_fills_the_desk_once(anna: Teller) -> None:
    now = anna.clock.now()
    assert demo.load_demo(anna.session, now, anna.services) == 23
    assert demo.load_demo(anna.session, now, anna.services) == 0
    official = add_official(anna.session, "agent", Role.AGENT, "seven hedgehogs dance", now)
    cases = queries.page(anna.session, official, queries.Wanted(), 50).items
    assert len([case for case in cases if case.status in OPEN]) >= 5
    assert {case.status for case in cases} >= {Status.SUBMITTED, Status.IN_PROGRESS, Status.RESOLVED}
    services = anna.services.get(ServiceList)
    for case in cases:
        service = services.get(case.service_code)
        assert set(case.attributes) <= {attribute.code for attribute in service.attributes}
        assert case.changes[-1].target is case.status
        assert all(change.created_at <= now for change in case.changes)
    say = anna.services.text
    number = cases[0].service_request_id
    message = commands.reply(
        anna.session, official, number, "On our way.", services=services, say=say, now=now
    )
    assert message.told, "replying works in the demonstration as in life"


def test_all_our_tables_are_looked_at_here(anna: Teller) -> None:
    tables = inspect(anna.session.get_bind()).get_table_names()
    ours = {name for name in tables if name.startswith("service_request") and not name.startswith(INDEX)}
    assert ours == set(TABLES) | WITHOUT_CITIZENS
