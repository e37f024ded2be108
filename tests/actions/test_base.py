"""An action acts once for a message, and loops start, wait, step aside, come back and end."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from actions.base import CivicAction, LoopAction, Outcome
from actions.registry import action_classes
from api.action_webhook import BodyTooLarge, inflate
from civic.conversation.models import Citizen
from civic.conversation.types import LoopStep, Reply, Turn
from civic.kit.clock import SettableClock
from civic.kit.ids import new_id
from civic.kit.services import Services
from tests.actions.conftest import Caller


class Counting(CivicAction):
    """Writes a row each time it acts."""

    action_name = "action_counting"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        session.add(Citizen(id=new_id(turn.now), created_at=turn.now, language="zz"))
        session.flush()
        count = session.query(Citizen).filter_by(language="zz").count()
        return Outcome(replies=[Reply(text=f"{count} after {turn.history}")])


class Broken(CivicAction):
    """Writes a row, then fails."""

    action_name = "action_broken"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        session.add(Citizen(id=new_id(turn.now), created_at=turn.now, language="yy"))
        session.flush()
        raise RuntimeError("what the citizen wrote")


class Asking(LoopAction):
    """Asks until it hears `done`; `aside` is not an answer."""

    action_name = "first_form"
    survives_silence = True

    def advance(self, session: Session, turn: Turn, services: Services) -> LoopStep:
        if turn.starting:
            return LoopStep(replies=[Reply(text="first question")])
        if turn.resuming:
            return LoopStep(replies=[Reply(text="again the question")])
        if turn.text == "aside":
            return LoopStep(status="interrupted")
        if turn.text == "done":
            return LoopStep(replies=[Reply(text="thanks")], status="done")
        return LoopStep(replies=[Reply(text="next question")])


class Other(Asking):
    """Another loop."""

    action_name = "second_form"
    survives_silence = False


CallerOf = Callable[..., Caller]


def kinds(events: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(event["event"], event.get("name")) for event in events]


def test_a_message_that_is_sent_again_is_not_acted_on_again(caller: CallerOf, services: Services) -> None:
    rasa = caller(Counting)
    rasa.hears("one", "1")
    first, _ = rasa.runs("action_counting")
    rasa.events = [{"event": "user"}]  # Rasa was killed before it saved, and hears the message again
    rasa.latest["metadata"]["again"] = True
    again, _ = rasa.runs("action_counting")
    assert first == again == ["1 after []"]
    rasa.events = [{"event": "user"}]  # whoever does not say so is refused, and nothing is done twice either
    del rasa.latest["metadata"]["again"]
    assert rasa.call("action_counting").status_code == 500
    rasa.hears("two", "2")
    assert rasa.runs("action_counting")[0] == ["2 after ['one']"]


def test_a_failing_action_changes_nothing_and_says_so_without_personal_data(
    caller: CallerOf, services: Services, caplog: pytest.LogCaptureFixture
) -> None:
    rasa = caller(Broken)
    rasa.hears("my secret", "1")
    response = rasa.call("action_broken")
    assert response.status_code == 500
    with services.sessions() as session:
        assert session.query(Citizen).filter_by(language="yy").count() == 0
    assert "action_broken failed: RuntimeError" in caplog.text
    assert "what the citizen wrote" not in caplog.text + response.text


def test_only_rasa_may_call(caller: CallerOf) -> None:
    rasa = caller(Counting)
    rasa.hears("one", "1")
    assert rasa.call("action_counting", token="wrong").status_code == 401
    assert rasa.call("action_unknown").status_code == 404


def test_a_body_that_unpacks_to_a_flood_is_refused() -> None:
    assert inflate(zlib.compress(b"a" * 100)) == b"a" * 100
    with pytest.raises(BodyTooLarge):
        inflate(zlib.compress(b"a" * 1_000_000), limit=1000)


def test_a_loop_starts_waits_and_ends(caller: CallerOf) -> None:
    rasa = caller(Asking)
    rasa.hears("start", "1")
    said, events = rasa.runs("first_form")
    assert said == ["first question"] and kinds(events) == [("active_loop", "first_form")]
    rasa.hears("an answer", "2")
    assert rasa.runs("first_form") == (["next question"], [])
    rasa.hears("done", "3")
    said, events = rasa.runs("first_form")
    assert said == ["thanks"]
    assert kinds(events)[0] == ("active_loop", None)
    assert kinds(events)[-1] == ("followup", "action_listen")


def test_what_is_not_an_answer_is_dealt_with_and_the_question_comes_back(caller: CallerOf) -> None:
    rasa = caller(Asking, Counting)
    rasa.hears("start", "1")
    rasa.runs("first_form")
    rasa.hears("aside", "2")
    said, events = rasa.runs("first_form")
    assert said == [] and kinds(events) == [("action_execution_rejected", "first_form")]
    _, events = rasa.runs("action_counting")
    assert kinds(events) == [("followup", "first_form")]
    assert rasa.runs("first_form")[0] == ["again the question"]


def test_a_loop_inside_a_loop_gives_back_to_the_first(caller: CallerOf) -> None:
    rasa = caller(Asking, Other)
    rasa.hears("start", "1")
    rasa.runs("first_form")
    rasa.hears("aside", "2")
    rasa.runs("first_form")
    rasa.runs("second_form")
    assert rasa.loop == "second_form"
    rasa.hears("done", "3")
    said, events = rasa.runs("second_form")
    assert said == ["thanks"] and rasa.loop == "first_form"
    assert kinds(events)[-1] == ("followup", "first_form")
    assert rasa.runs("first_form")[0] == ["again the question"]
    rasa.hears("done", "4")
    rasa.runs("first_form")
    assert rasa.loop is None


def test_somebody_who_comes_back_tomorrow_is_welcomed_and_goes_on(
    caller: CallerOf, clock: SettableClock
) -> None:
    rasa = caller(Asking)
    rasa.hears("start", "1")
    rasa.runs("first_form")
    clock.advance(timedelta(days=1))
    rasa.hears("an answer", "2")
    said, _ = rasa.runs("first_form")
    assert "Welcome back" in said[0] and said[1:] == ["next question"]


def test_a_yes_of_tomorrow_is_no_answer_to_the_question_of_today(
    caller: CallerOf, clock: SettableClock
) -> None:
    rasa = caller(Asking)
    rasa.hears("start", "1")
    rasa.runs("first_form")
    clock.advance(timedelta(days=1))
    rasa.hears("yes", "2", intent="affirm")
    said, _ = rasa.runs("first_form")
    assert "Welcome back" in said[0] and said[1:] == ["again the question"]


def test_a_small_talk_of_one_turn_is_over_after_a_silence(caller: CallerOf, clock: SettableClock) -> None:
    rasa = caller(Other)
    rasa.hears("start", "1")
    rasa.runs("second_form")
    clock.advance(timedelta(days=1))
    rasa.hears("something else", "2")
    said, events = rasa.runs("second_form")
    assert said == [] and rasa.loop is None
    assert kinds(events)[-1] == ("action_execution_rejected", "second_form")


def test_every_action_of_the_house_is_found() -> None:
    names = {kind.action_name for kind in action_classes()}
    assert {"action_choose", "action_fallback", "action_repeat", "action_nothing_open"} <= names
