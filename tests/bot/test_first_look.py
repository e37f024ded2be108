"""What the gateway notices before anything is stored, and says before anything else."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import text as sql

from bot.gateway import Gateway
from civic.kit.services import Services
from tests.bot.conftest import Wire, said
from tests.bot.test_gateway import message

pytestmark = [pytest.mark.anyio, pytest.mark.one_database]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def everything(services: Services) -> str:
    """All that the tables of a conversation hold."""
    with services.engine.connect() as connection:
        rows = [
            row
            for table in ("inbound_messages", "outbound_messages", "action_results")
            for row in connection.execute(sql(f"SELECT * FROM {table}"))
        ]
    return str(rows)


@pytest.mark.both_databases
async def test_personal_data_is_taken_out_before_it_is_stored_or_sent_on(
    gateway: Gateway, wire: Wire, services: Services
) -> None:
    result = await gateway.handle(message("call me on 07700 900123 about the permit"))
    (asked,) = wire.asked
    assert asked["text"] == asked["metadata"]["text"] == "call me on [phone number] about the permit"
    assert asked["metadata"]["personal_data"] == ["phone"]
    assert "900123" not in everything(services) and "900123" not in str(wire.asked)
    assert "phone number" in result.replies[0].text


async def test_a_loop_gets_what_it_may_have_asked_for(gateway: Gateway, wire: Wire) -> None:
    wire.answer = lambda body: said({"custom": {"text": "And how can we reach you?"}}, loop="contact_form")
    await gateway.handle(message("I want to talk to a person"))
    await gateway.handle(message("on 07700 900123", "2"))
    assert wire.asked[-1]["text"] == "on 07700 900123"


async def test_the_towns_own_number_stays(gateway: Gateway, wire: Wire) -> None:
    await gateway.handle(message("is 01234 555 010 the right number?"))
    assert wire.asked[0]["text"] == "is 01234 555 010 the right number?"


async def test_words_of_self_harm_are_answered_with_the_crisis_line_and_nothing_else(
    gateway: Gateway, wire: Wire
) -> None:
    result = await gateway.handle(message("I want to end it all"))
    (reply,) = result.replies
    assert "116 123" in reply.text and reply.status == "emergency_signposted"
    assert wire.asked == []


async def test_danger_comes_before_what_the_dialogue_says_and_once_only(gateway: Gateway, wire: Wire) -> None:
    wire.answer = lambda body: said(
        {"custom": {"text": "Call 112.", "status": "emergency"}},
        {"custom": {"text": "Where is it?"}},
        intent="report_problem",
    )
    result = await gateway.handle(message("there's a fire at no 5"))
    assert [reply.status for reply in result.replies] == ["emergency_signposted", None]
    assert result.replies[1].text == "Where is it?"
    assert wire.asked[0]["metadata"]["danger"] == "fire_gas"


async def test_even_when_the_dialogue_is_down_the_emergency_number_is_given(
    gateway: Gateway, wire: Wire
) -> None:
    wire.answer = lambda body: httpx.Response(502)
    result = await gateway.handle(message("there's a fire at no 5"))
    assert "112" in result.replies[0].text.split("\n")[0]
