"""Loops, forms overridden by an action: to start, stay, step aside, come back and end takes a turn each.

The events that do it, all returned by the loop's own action:
start       ActiveLoop(me)
stay        none
step aside  ActionExecutionRejected(me); the rule of the intent runs, then Rasa calls me again by itself
interrupt   SlotSet(suspended_loops, [.., other]), ActiveLoop(me); `other` was active
end         ActiveLoop(None), SlotSet(suspended_loops, None), FollowupAction(action_listen)
give way    ActiveLoop(other), SlotSet(suspended_loops, rest), FollowupAction(other)
"""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.rasa_server.fakes import (
    ActionServer,
    Answer,
    Call,
    RasaProcess,
    followup,
    loop_event,
    rejected,
    said,
    texts,
)

SUSPENDED = "suspended_loops"


def slot(value: object) -> dict[str, object]:
    return {"event": "slot", "name": SUSPENDED, "value": value}


class Loop:
    """Asks one question until it hears `finish`; steps aside as the loops of actions/base.py do."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, call: Call) -> Answer:
        tracker = call["tracker"]
        active = (tracker.get("active_loop") or {}).get("name")
        text = tracker["latest_message"]["text"]
        waiting = list(tracker["slots"].get(SUSPENDED) or [])
        if active != self.name:
            events = [loop_event(self.name)]
            return said(f"{self.name} starts", *([slot([*waiting, active])] if active else []), *events)
        if self._ran_before(tracker):
            return said(f"{self.name} asks again")
        if "finish" in text:
            if waiting:
                back = waiting[-1]
                events = [loop_event(back), slot(waiting[:-1]), followup(back)]
                return said(f"{self.name} ends", *events)
            return said(f"{self.name} ends", loop_event(None), slot(None), followup("action_listen"))
        if tracker["latest_message"]["intent"]["name"] in ("ask_policy", "report_problem", "help"):
            return {"events": [rejected(self.name)], "responses": []}
        return said(f"{self.name} took {text}")

    @staticmethod
    def _ran_before(tracker: Call) -> bool:
        for event in reversed(tracker["events"]):
            if event["event"] == "user":
                return False
            if event["event"] in ("action", "action_execution_rejected"):
                return True
        return False


@pytest.fixture
def sender() -> str:
    return uuid4().hex


@pytest.fixture
def loops(actions: ActionServer) -> ActionServer:
    for name in ("survey_form", "complaint_form", "feedback_form", "contact_form"):
        actions.on(name, Loop(name))
    return actions


def test_a_loop_starts_in_the_turn_that_asks_for_it(
    rasa: RasaProcess, loops: ActionServer, sender: str
) -> None:
    started = rasa.turn(sender, "start survey")
    assert texts(started) == ["survey_form starts"]
    assert started.json()["loop"] == "survey_form"
    assert loops.names() == ["survey_form"]


@pytest.mark.parametrize("words", ["hi", "blue", "asdf qwer", "no", "42", "thanks", "👍", "/restart", "/"])
def test_an_open_loop_hears_every_message_itself(
    rasa: RasaProcess, loops: ActionServer, sender: str, words: str
) -> None:
    rasa.turn(sender, "start survey")
    answered = rasa.turn(sender, words)
    assert texts(answered) == [f"survey_form took {words.lstrip('/')}"]
    assert answered.json()["loop"] == "survey_form"
    assert loops.names() == ["survey_form", "survey_form"]


def test_a_loop_hears_machine_intents_too(rasa: RasaProcess, loops: ActionServer, sender: str) -> None:
    rasa.turn(sender, "start survey")
    assert texts(rasa.turn(sender, intent="choose", choice="survey:yes")) == ["survey_form took /choose"]
    assert loops.calls[-1]["tracker"]["latest_message"]["metadata"]["choice"] == "survey:yes"


def test_an_interrupted_loop_lets_the_rule_answer_and_asks_again(
    rasa: RasaProcess, loops: ActionServer, sender: str
) -> None:
    rasa.turn(sender, "start survey")
    between = rasa.turn(sender, "when are the bins collected")
    assert texts(between) == ["action_answer_question", "survey_form asks again"]
    assert between.json()["loop"] == "survey_form"
    assert texts(rasa.turn(sender, "blue")) == ["survey_form took blue"]
    assert (
        texts(rasa.turn(sender, "do i need planning permission for a shed"))[-1] == "survey_form asks again"
    )


def test_a_fixed_answer_inside_a_loop_is_followed_by_the_question(
    rasa: RasaProcess, loops: ActionServer, sender: str
) -> None:
    rasa.turn(sender, "start survey")
    between = texts(rasa.turn(sender, "help"))
    assert len(between) == 2
    assert between[-1] == "survey_form asks again"


def test_after_a_loop_the_rules_are_as_before(rasa: RasaProcess, loops: ActionServer, sender: str) -> None:
    rasa.turn(sender, "start survey")
    rasa.turn(sender, "when are the bins collected")
    ended = rasa.turn(sender, "finish")
    assert texts(ended) == ["survey_form ends"]
    assert ended.json()["loop"] is None
    assert rasa.turn(sender, "hello").json()["messages"][0]["utter"] == "utter_greet"
    assert texts(rasa.turn(sender, "when are the bins collected")) == ["action_answer_question"]
    assert texts(rasa.turn(sender, "no")) == ["action_nothing_open"]
    assert texts(rasa.turn(sender, "i want to give feedback")) == ["feedback_form starts"]
    assert texts(rasa.turn(sender, "finish")) == ["feedback_form ends"]
    assert texts(rasa.turn(sender, "start survey")) == ["survey_form starts"]


def test_a_loop_that_interrupts_another_gives_way_to_it_at_its_end(
    rasa: RasaProcess, loops: ActionServer, sender: str
) -> None:
    rasa.turn(sender, "start survey")
    other = rasa.turn(sender, "there is a pothole in my street")
    assert texts(other) == ["complaint_form starts"]
    assert other.json()["loop"] == "complaint_form"
    assert texts(rasa.turn(sender, "a deep one")) == ["complaint_form took a deep one"]
    assert texts(rasa.turn(sender, "when are the bins collected"))[-1] == "complaint_form asks again"
    back = rasa.turn(sender, "finish")
    assert texts(back) == ["complaint_form ends", "survey_form asks again"]
    assert back.json()["loop"] == "survey_form"
    assert texts(rasa.turn(sender, "blue")) == ["survey_form took blue"]
    assert texts(rasa.turn(sender, "finish")) == ["survey_form ends"]
    assert rasa.turn(sender, "hello").json()["messages"][0]["utter"] == "utter_greet"


def test_an_action_can_start_a_loop(rasa: RasaProcess, loops: ActionServer, sender: str) -> None:
    loops.on("action_choose", lambda call: {"events": [followup("survey_form")], "responses": []})
    started = rasa.turn(sender, intent="choose", choice="survey:start:library")
    assert texts(started) == ["survey_form starts"]
    assert started.json()["loop"] == "survey_form"
    assert texts(rasa.turn(sender, "blue")) == ["survey_form took blue"]


def test_a_loop_may_end_in_its_first_turn(rasa: RasaProcess, loops: ActionServer, sender: str) -> None:
    loops.on("survey_form", lambda call: said("no survey is open", followup("action_listen")))
    ended = rasa.turn(sender, "start survey")
    assert texts(ended) == ["no survey is open"]
    assert ended.json()["loop"] is None
    assert rasa.turn(sender, "hello").json()["messages"][0]["utter"] == "utter_greet"
