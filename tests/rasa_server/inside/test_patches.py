"""Each patch does what it promises, and none is applied to another version."""

from __future__ import annotations

import asyncio

import pytest
import rasa.version
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from rasa_server import patches


def test_another_version_of_rasa_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    before = RemoteAction._validate_action_result
    monkeypatch.setattr(rasa.version, "__version__", "3.6.22")
    with pytest.raises(patches.WrongVersion, match=r"3\.6\.22"):
        patches.apply()
    assert RemoteAction._validate_action_result is before


def test_applying_twice_is_the_same_as_once() -> None:
    patches.apply()
    assert Event.resolve_by_type("slot") is SlotSet
    assert not asyncio.iscoroutinefunction(EndpointConfig.session)


@pytest.mark.parametrize(
    "result",
    [
        [],
        None,
        "events",
        {"events": {}},
        {"responses": "hi"},
        {"events": ["slot"]},
        {"responses": [1]},
        {"events": [{"name": "x"}]},
        {"events": [{"event": 5}]},
    ],
)
def test_a_malformed_result_is_refused_by_its_types(result: object) -> None:
    with pytest.raises(ValueError, match="action server"):
        RemoteAction("action_x", None)._validate_action_result(result)


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"events": [], "responses": []},
        {"events": [{"event": "slot", "name": "x"}], "responses": [{"text": "hi"}]},
    ],
)
def test_a_well_formed_result_is_taken(result: dict) -> None:
    assert RemoteAction("action_x", None)._validate_action_result(result)


def test_two_calls_share_one_connection_and_a_new_loop_opens_its_own() -> None:
    peers = set()

    async def answer(request: web.Request) -> web.Response:
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response({"events": [], "responses": []})

    endpoint = EndpointConfig("")

    async def call_twice() -> None:
        app = web.Application()
        app.router.add_post("/", answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        endpoint.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
        for _ in range(2):
            assert await endpoint.request(json={}) == {"events": [], "responses": []}
        async with endpoint.session() as session:
            await session.close()
        assert await endpoint.request(json={}) == {"events": [], "responses": []}
        async with endpoint.session() as session:
            await session.close()
        await runner.cleanup()

    asyncio.run(call_twice())
    assert len(peers) == 2, "one connection for two calls, another after the first was closed"
    asyncio.run(call_twice())
    assert len(peers) == 4


def test_event_types_are_walked_once_and_unknown_ones_still_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import rasa.shared.utils.common

    assert Event.resolve_by_type("user") is UserUttered
    monkeypatch.setattr(rasa.shared.utils.common, "all_subclasses", lambda kind: [])
    assert Event.resolve_by_type("user") is UserUttered
    with pytest.raises(ValueError, match="no_such_event"):
        Event.resolve_by_type("no_such_event")
    assert Event.resolve_by_type("no_such_event", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="no_such_event"):
        Event.resolve_by_type("no_such_event")


def test_an_action_is_told_of_this_turn_and_of_neither_the_earlier_ones_nor_the_domain() -> None:
    patches.apply()
    said = [UserUttered(f"hello {number}", {"name": "greet", "confidence": 0.9}) for number in range(3)]
    events = [SlotSet("colour", "teal"), said[0], ActionExecuted("action_x"), said[1], said[2]]
    domain = Domain.from_dict({"slots": {"colour": {"type": "any", "mappings": [{"type": "custom"}]}}})
    one = DialogueStateTracker.from_events("x", [*events, ActionExecuted("action_y")], domain.slots)
    call = RemoteAction("action_x", EndpointConfig("http://127.0.0.1:1"))._action_call_format(one, domain)
    assert call["next_action"] == "action_x" and call["sender_id"] == "x" and "domain" not in call
    told = call["tracker"]
    assert [event["event"] for event in told["events"]] == ["user", "action"]
    assert told["latest_message"]["intent"]["name"] == "greet" and told["latest_message"]["text"] == "hello 2"
    assert told["slots"]["colour"] == "teal" and told["active_loop"] == {}


async def run_action() -> None:
    action = RemoteAction("action_x", EndpointConfig("http://127.0.0.1:1/"))
    tracker = DialogueStateTracker.from_events("me", [ActionExecuted("action_listen")])
    await action.run(
        CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, Domain.empty()
    )


def test_a_failing_action_fails_a_strict_turn_and_only_that() -> None:
    async def strict() -> None:
        patches.strict_turn.set(True)
        await run_action()

    with pytest.raises(patches.TurnFailed) as failed:
        asyncio.run(strict())
    assert failed.value.action == "action_x"
    assert not isinstance(failed.value, Exception), "Rasa would swallow it"
    with pytest.raises(Exception, match="action_x"):
        asyncio.run(run_action())


def test_no_plot_is_drawn() -> None:
    import rasa.utils.plotting

    assert rasa.utils.plotting.plot_curve(None, None, None) is None
    assert rasa.utils.plotting.plot_confusion_matrix(None) is None
