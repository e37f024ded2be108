"""The patches that save time decide as the stock code does."""

from __future__ import annotations

import gc
import json
import logging
import random
from os import environ
from pathlib import Path
from types import SimpleNamespace

import pytest
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    DefinePrevUserUtteredFeaturization,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from rasa_server import straight_graph
from rasa_server.rule_lookup import fits, longest_rule, recent_states

LOOPS = ("survey_form", "complaint_form")


@pytest.fixture(scope="module")
def model() -> tuple:
    path = max((Path(environ["FOLKMOOT_HOME"]) / "models").glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)
    _, metadata, runner = MessageProcessor._load_model(path)
    return metadata, runner


@pytest.fixture(scope="module")
def domain(model: tuple) -> Domain:
    return model[0].domain


@pytest.fixture(scope="module")
def policy(model: tuple) -> RulePolicy:
    nodes = model[1]._instantiated_nodes.values()
    return next(node._component for node in nodes if isinstance(node._component, RulePolicy))


def talk(domain: Domain, seed: int) -> DialogueStateTracker:
    """A conversation of random turns, that may stop anywhere in one of them."""
    chance = random.Random(seed)
    events: list = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    for number in range(chance.randrange(7)):
        intent = chance.choice(domain.intents)
        events += [
            UserUttered(f"text {number}", {"name": intent, "confidence": 1.0}),
            DefinePrevUserUtteredFeaturization(False),
        ]
        action = chance.choice(["utter_greet", "action_answer_question", *LOOPS])
        events.append(ActionExecuted(action))
        if action in LOOPS:
            events.append(
                chance.choice([ActiveLoop(action), ActionExecutionRejected(action), ActiveLoop(None)])
            )
        if chance.random() < 0.2:
            events.append(SlotSet("suspended_loops", [LOOPS[0]]))
        if chance.random() < 0.1:
            events.append(UserUtteranceReverted())
        events.append(ActionExecuted("action_listen"))
    if chance.random() < 0.6:
        events.append(UserUttered("last", {"name": chance.choice(domain.intents), "confidence": 1.0}))
    elif len(events) > 4 and chance.random() < 0.5:
        events.pop()
    return DialogueStateTracker.from_events("x", events, domain.slots)


def test_the_latest_states_are_the_end_of_all_states(domain: Domain) -> None:
    lengths = set()
    for seed in range(150):
        tracker = talk(domain, seed)
        every = tracker.past_states(domain)
        lengths.add(len(every))
        for count in (1, 3, 50):
            assert recent_states(tracker, domain, count) == every[-count:]
    assert len(lengths) > 5


def test_what_a_caller_changes_is_not_seen_by_the_next_and_new_events_are(domain: Domain) -> None:
    tracker = talk(domain, 1)
    tracker.update(UserUttered("hello", {"name": "greet", "confidence": 1.0}))
    del recent_states(tracker, domain, 3)[-1]["user"]["intent"]
    assert recent_states(tracker, domain, 3)[-1]["user"]["intent"] == "greet"
    tracker.update(ActionExecuted("utter_greet"))
    assert recent_states(tracker, domain, 3)[-1]["prev_action"] == {"action_name": "utter_greet"}


def test_the_same_rules_are_found_as_by_the_stock_code(policy: RulePolicy, domain: Domain) -> None:
    found = 0
    assert longest_rule(policy.lookup) >= 2
    for seed in range(150):
        tracker = talk(domain, seed)
        for by_text in (True, False):
            every = RulePolicy._states_of_rasa(policy, tracker, domain, by_text)
            recent = policy._prediction_states(tracker, domain, by_text)
            assert recent == every[-len(recent) :]
            for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH):
                stock = policy._keys_of_rasa(policy.lookup[name], every)
                assert policy._get_possible_keys(policy.lookup[name], recent) == stock
                found += len(stock)
    assert found > 100


def test_a_rule_for_the_beginning_of_a_conversation_fits_only_there() -> None:
    listening = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}
    same = RulePolicy._does_rule_match_state
    assert fits([listening, {}], [listening, {}], same)
    assert not fits([listening, {}], [listening, listening], same)
    assert not fits([listening, listening], [listening, {}], same)
    assert fits([listening, listening], [listening], same)


def test_rules_are_read_anew_when_there_are_others() -> None:
    policy = RulePolicy.__new__(RulePolicy)
    listening = [{"prev_action": {"action_name": "action_listen"}}]
    lookup = {json.dumps(listening): "utter_greet"}
    assert policy._get_possible_keys(lookup, listening) == set(lookup)
    assert policy._get_possible_keys({}, listening) == set()
    other = json.dumps([{"prev_action": {"action_name": "utter_bye"}}])
    assert policy._get_possible_keys({other: "utter_bye"}, listening) == set()


def test_the_straight_graph_answers_as_the_scheduled_one(model: tuple) -> None:
    from rasa.core.channels.channel import UserMessage

    metadata, runner = model
    for text in ("hello", "the street light in my road is broken", "when is my bin collected?", "xyzzy"):
        tracker = DialogueStateTracker.from_events("x", [], metadata.domain.slots)
        inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: tracker}
        target = metadata.nlu_target
        straight = runner.run(inputs, [target])[target][0].as_dict(only_output_properties=True)
        stock = DaskGraphRunner._run_of_rasa(runner, inputs, [target])[target][0]
        assert straight == stock.as_dict(only_output_properties=True)
        assert straight["intent"]["name"]
    for seed in range(40):
        tracker = talk(metadata.domain, seed)
        if not tracker.latest_message.intent:
            continue
        target, inputs = metadata.core_target, {PLACEHOLDER_TRACKER: tracker}
        straight, stock = runner.run(inputs, [target]), DaskGraphRunner._run_of_rasa(runner, inputs, [target])
        assert straight[target] == stock[target]


def test_every_node_comes_after_what_it_needs_and_only_the_needed_run() -> None:
    needs = {"d": ["c", "b"], "c": ["a"], "b": ["a", "given"], "a": [], "unused": ["a"]}
    steps = straight_graph.plan(needs, dict.fromkeys(needs), ["d"])
    names = [step.name for step in steps]
    assert sorted(names) == ["a", "b", "c", "d"]
    assert all(names.index(n) < names.index(s.name) for s in steps for n in s.needs if n in needs)


def test_what_is_missing_is_said_by_the_node(model: tuple) -> None:
    metadata, runner = model
    tracker = DialogueStateTracker.from_events("x", [], metadata.domain.slots)
    with pytest.raises(GraphRunError):
        runner.run({PLACEHOLDER_TRACKER: tracker}, [metadata.nlu_target])


def test_only_an_empty_domain_is_empty(domain: Domain) -> None:
    assert Domain.empty().is_empty()
    assert not domain.is_empty()


def test_one_response_is_taken_and_several_or_conditional_ones_are_drawn() -> None:
    responses = {
        "utter_one": [{"text": "only"}],
        "utter_two": [{"text": "a"}, {"text": "b"}],
        "utter_elsewhere": [{"text": "x", "channel": "elsewhere"}],
    }
    nlg = TemplatedNaturalLanguageGenerator(responses)
    assert nlg.generate_from_slots("utter_one", {}, "here") == {"text": "only"}
    nlg.generate_from_slots("utter_one", {}, "here")["text"] = "changed"
    assert responses["utter_one"] == [{"text": "only"}]
    assert {nlg.generate_from_slots("utter_two", {}, "here")["text"] for _ in range(60)} == {"a", "b"}
    assert nlg.generate_from_slots("utter_elsewhere", {}, "here") is None
    assert nlg.generate_from_slots("utter_none", {}, "here") is None


def test_copies_for_the_debug_log_are_made_only_for_a_debug_log() -> None:
    import rasa.core.processor

    level, log, value = logging.getLogger("rasa.core").level, logging.getLogger("rasa.core"), ["x"]
    states = [{"user": {"intent": "greet"}}]
    try:
        log.setLevel(logging.WARNING)
        assert rasa.core.processor.copy.deepcopy(value) is value
        assert RulePolicy.format_tracker_states(states) == ""
        log.setLevel(logging.DEBUG)
        assert rasa.core.processor.copy.deepcopy(value) is not value
        assert "greet" in RulePolicy.format_tracker_states(states)
    finally:
        log.setLevel(level)


def test_a_started_server_makes_no_lines_nobody_reads_and_sets_its_modules_aside() -> None:
    from sanic.log import access_logger

    from rasa_server.input_channel import settle

    level, app = access_logger.level, SimpleNamespace(config=SimpleNamespace(ACCESS_LOG=True))
    try:
        access_logger.setLevel(logging.WARNING)
        settle(app)
        assert app.config.ACCESS_LOG is False
        assert gc.get_freeze_count() > 0
        access_logger.setLevel(logging.INFO)
        settle(app)
        assert app.config.ACCESS_LOG is True
    finally:
        access_logger.setLevel(level)
        gc.unfreeze()
