"""The snapshot store remembers a conversation whole, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import os
from uuid import uuid4

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    FollowupAction,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from rasa_server.forgetting import BLANK
from rasa_server.tracker_store import (
    KEEP_TURNS,
    ROTATE_AFTER,
    SnapshotTrackerStore,
    driver_url,
    snapshots,
)

DOMAIN = Domain.from_yaml(
    "version: '3.1'\nslots:\n  colour:\n    type: text\n    mappings:\n    - type: custom\n"
)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'x.db'}"
    return os.environ["TEST_POSTGRES_URL"].replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def store(url: str) -> SnapshotTrackerStore:
    made = SnapshotTrackerStore(DOMAIN, host=url)
    snapshots.create(made.engine, checkfirst=True)
    yield made
    made.engine.dispose()


def turn(number: int) -> list:
    return [
        UserUttered(f"question {number}", {"name": "ask_policy", "confidence": 0.9}, message_id=f"m{number}"),
        ActionExecuted("action_answer_question"),
        BotUttered(f"answer {number}", {"custom": {"text": f"answer {number}"}}),
        ActionExecuted("action_listen"),
    ]


def tracker(sender: str, turns: int, *events) -> DialogueStateTracker:
    beginning = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]
    talk = [event for number in range(turns) for event in turn(number)]
    return DialogueStateTracker.from_events(sender, [*beginning, *talk, *events], DOMAIN.slots)


def test_what_was_saved_comes_back_equal(store: SnapshotTrackerStore) -> None:
    sender = uuid4().hex
    saved = tracker(
        sender, 3, SlotSet("colour", "blue"), ActiveLoop("report_form"), FollowupAction("report_form")
    )
    asyncio.run(store.save(saved))
    found = asyncio.run(store.retrieve(sender))
    assert list(found.events) == list(saved.events)
    assert found.current_state() == saved.current_state()
    assert found.active_loop_name == "report_form"
    assert found.get_slot("colour") == "blue"
    assert sender in asyncio.run(store.keys())


def test_saving_again_replaces_the_one_row(store: SnapshotTrackerStore) -> None:
    sender = uuid4().hex
    asyncio.run(store.save(tracker(sender, 1)))
    asyncio.run(store.save(tracker(sender, 2)))
    with store.engine.connect() as connection:
        rows = connection.execute(sa.select(snapshots).where(snapshots.c.conversation_id == sender)).all()
    assert len(rows) == 1
    assert len(asyncio.run(store.retrieve(sender)).events) == 3 + 2 * 4


def test_a_conversation_can_be_forgotten(store: SnapshotTrackerStore) -> None:
    sender, other = uuid4().hex, uuid4().hex
    asyncio.run(store.save(tracker(sender, 1)))
    asyncio.run(store.save(tracker(other, 1)))
    asyncio.run(store.delete(sender))
    assert asyncio.run(store.retrieve(sender)) is None
    assert asyncio.run(store.retrieve(other)) is not None


def test_a_new_conversation_is_written_by_its_first_finished_turn_only(store: SnapshotTrackerStore) -> None:
    sender = uuid4().hex
    assert asyncio.run(store.get_or_create_tracker(sender)).sender_id == sender
    assert asyncio.run(store.retrieve(sender)) is None


def kept(store: SnapshotTrackerStore, before: DialogueStateTracker) -> DialogueStateTracker:
    """The conversation as the next turn finds it."""
    asyncio.run(store.save(before))
    found = asyncio.run(store.retrieve(before.sender_id))
    assert found is not None
    return found


def test_a_long_conversation_keeps_its_last_turns(store: SnapshotTrackerStore) -> None:
    found = kept(store, tracker(uuid4().hex, ROTATE_AFTER))
    said = [event.text for event in found.events if isinstance(event, UserUttered)]
    assert said == [f"question {number}" for number in range(ROTATE_AFTER - KEEP_TURNS, ROTATE_AFTER)]
    assert found.latest_message.message_id == f"m{ROTATE_AFTER - 1}"
    assert found.latest_action_name == "action_listen"
    assert found.active_loop_name is None and found.get_slot("colour") is None
    assert found.applied_events()


def test_a_short_one_keeps_everything(store: SnapshotTrackerStore) -> None:
    short = tracker(uuid4().hex, 5)
    assert list(kept(store, short).events) == list(short.events)


def test_inside_a_long_loop_the_loop_and_the_slots_are_kept_and_old_turns_are_not(
    store: SnapshotTrackerStore,
) -> None:
    began = [ActiveLoop("report_form"), SlotSet("colour", "teal")]
    rest = [event for number in range(ROTATE_AFTER) for event in turn(number)]
    found = kept(store, tracker(uuid4().hex, 1, *began, *rest))
    again = kept(store, found)
    for one in (found, again):
        assert one.active_loop_name == "report_form" and one.get_slot("colour") == "teal"
        assert len([event for event in one.events if isinstance(event, UserUttered)]) == KEEP_TURNS
        assert one.latest_action_name == "action_listen"
    # What happened to the loop in the turns that are kept is played again after the beginning.
    over = kept(store, tracker(found.sender_id, 1, *began, *rest, ActiveLoop(None), SlotSet("colour", None)))
    assert over.active_loop_name is None and over.get_slot("colour") is None


def test_inside_a_long_survey_no_word_is_kept_turn_by_turn(store: SnapshotTrackerStore) -> None:
    one = tracker(uuid4().hex, 1, ActiveLoop("survey_form"))
    for number in range(2 * ROTATE_AFTER):
        for event in turn(number):
            one.update(event)
        one = kept(store, one)
    assert {event.text for event in one.events if isinstance(event, UserUttered)} == {BLANK}
    assert one.active_loop_name == "survey_form" and len(one.events) < ROTATE_AFTER + len(turn(0))


def test_an_error_of_the_database_does_not_repeat_what_was_said(url: str) -> None:
    broken = SnapshotTrackerStore(DOMAIN, host=url)
    with broken.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS rasa_tracker_snapshots"))
    with pytest.raises(sa.exc.DBAPIError) as failed:
        asyncio.run(broken.save(tracker("x", 1)))
    assert "question 0" not in str(failed.value)
    broken.engine.dispose()


def test_rasa_makes_the_store_from_endpoints_yml(tmp_path) -> None:
    endpoint = EndpointConfig.from_dict(
        {"type": "rasa_server.tracker_store.SnapshotTrackerStore", "url": f"sqlite:///{tmp_path / 'y.db'}"}
    )
    assert isinstance(TrackerStore.create(endpoint, DOMAIN), SnapshotTrackerStore)


def test_without_an_address_the_store_says_what_to_set() -> None:
    with pytest.raises(ValueError, match="FOLKMOOT_DATABASE_URL"):
        SnapshotTrackerStore(DOMAIN)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_is_understood(scheme: str) -> None:
    assert driver_url(f"{scheme}://u@h/d?x=1") == "postgresql+psycopg2://u@h/d?x=1"
    assert driver_url("sqlite:///x") == "sqlite:///x"


def test_words_said_in_a_survey_are_not_stored(store: SnapshotTrackerStore) -> None:
    sender = uuid4().hex
    said = [*turn(7), ActiveLoop("survey_form"), *turn(8), ActiveLoop(None)]
    asyncio.run(store.save(tracker(sender, 1, *said)))
    found = asyncio.run(store.retrieve(sender))
    texts = [event.text for event in found.events if isinstance(event, UserUttered)]
    assert texts == ["question 0", "…", "…"]
    assert found.latest_message.intent_name == "nlu_fallback" and found.active_loop_name is None


def test_the_last_words_of_a_long_survey_are_not_stored_either(store: SnapshotTrackerStore) -> None:
    sender = uuid4().hex
    answers = [event for number in range(ROTATE_AFTER) for event in turn(number)]
    asyncio.run(store.save(tracker(sender, 1, ActiveLoop("survey_form"), *answers, ActiveLoop(None))))
    found = asyncio.run(store.retrieve(sender))
    assert {event.text for event in found.events if isinstance(event, UserUttered)} == {"…"}
