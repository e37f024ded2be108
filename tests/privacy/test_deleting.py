"""Somebody says "delete my data": everything goes, everywhere, and they are told so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from moto.server import ThreadedMotoServer
from sqlalchemy import column, func, insert, inspect, select, table
from sqlalchemy.orm import Session

from actions.base import Outcome, choice_handler
from actions.contact import ContactForm
from actions.feedback import FeedbackForm
from actions.privacy import ASKED, ActionDeleteMyData, typed
from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.contact.models import Enquiry
from civic.conversation import commands, queries
from civic.conversation.erasure import Erasers
from civic.conversation.models import Attachment, Citizen, Conversation
from civic.conversation.types import InboundMessage, Reply, Turn
from civic.delivery.commands import tell
from civic.delivery.models import Delivery
from civic.feedback.models import Feedback
from civic.kit.clock import SettableClock
from civic.kit.db import Base
from civic.kit.files import FileStore
from civic.kit.images import CleanImage
from civic.kit.remote_files import open_store
from civic.kit.services import Services
from civic.privacy.jobs import SNAPSHOTS, sweep
from civic.privacy.models import Erasure
from civic.privacy.rules import LATE_SAVES_UNTIL
from cli.wiring import provide_parts
from tests.office import Talker
from tests.s3 import keys, s3

__all__ = ["s3"]

SECRET = "Wilhelmina"

snapshot_rows = table(
    "rasa_tracker_snapshots", column("conversation_id"), column("events"), column("updated_at")
)


@pytest.fixture
def house(services: Services) -> Services:
    """Services with the erasers that the product really uses."""
    provide_parts(services)
    return services


def live(house: Services, talker: Callable[..., Talker], address: str) -> Conversation:
    """A citizen who has left something in every corner this test can reach; each text holds `SECRET`."""
    feedback = talker(FeedbackForm, address)
    feedback.says(f"{SECRET} likes the market on Saturdays", "give_feedback")
    contact = talker(ContactForm, address)
    contact.says("human", "talk_to_official")
    contact.says(f"Please call {SECRET} about the allotment")
    conversation = feedback.conversation
    now = house.clock.now()
    photo = f"photo-{address}"
    house.get(FileStore).put(photo, SECRET.encode())
    with house.sessions.begin() as session:
        message = InboundMessage(
            channel="telegram", address=address, message_id="1", text=f"I am {SECRET}", received_at=now
        )
        commands.receive(session, message, language="en", per_minute=99, now=now)
        tell(session, conversation.id, Reply(text=f"Hello {SECRET}"), dedupe_key="hello", now=now)
        image = CleanImage(data=b"x", media_type="image/jpeg", width=1, height=1)
        commands.add_attachment(session, conversation.id, photo, image, now)
    remember_dialogue(house, conversation.id)
    return conversation


def remember_dialogue(house: Services, conversation_id: str) -> None:
    """What the dialogue server does at the end of a turn."""
    with house.sessions.begin() as session:
        session.execute(
            insert(snapshot_rows).values(
                conversation_id=conversation_id, events=f"[{SECRET}]", updated_at=house.clock.now()
            )
        )


def decides(house: Services, conversation: Conversation, value: str) -> Outcome:
    """The citizen presses one of the two buttons."""
    turn = Turn(
        conversation_id=conversation.id,
        citizen_id=conversation.citizen_id,
        message_id="2",
        language="en",
        now=house.clock.now(),
        intent="choose",
        choice=value,
    )
    handler = choice_handler(value)
    assert handler is not None
    with house.sessions.begin() as session:
        return handler(session, turn, house)


def everything(session: Session) -> str:
    """Every value of every table, as one text."""
    names = inspect(session.connection()).get_table_names()
    return "\n".join(
        f"{name}: {row}"
        for name in names
        for row in session.connection().exec_driver_sql(f'SELECT * FROM "{name}"').all()
    )


def swept(house: Services) -> int:
    with house.sessions.begin() as session:
        return sweep(session, house.get(FileStore), house.clock.now())


@pytest.mark.one_database
def test_asking_explains_and_deletes_nothing(house: Services, talker: Callable[..., Talker]) -> None:
    conversation = live(house, talker, "chat-1")
    turn = Turn(
        conversation_id=conversation.id,
        citizen_id=conversation.citizen_id,
        message_id="2",
        language="en",
        now=house.clock.now(),
        text="delete my data",
    )
    with house.sessions.begin() as session:
        (reply,) = ActionDeleteMyData(house).act(session, turn, house).replies
    assert [choice.label for choice in reply.choices] == ["Delete everything", "Keep it"]
    assert "Nobody can bring it back" in reply.text
    with house.sessions() as session:
        assert everything(session).count(SECRET) >= 5


def types(house: Services, conversation: Conversation, text: str, intent: str) -> Outcome | None:
    """The citizen types instead of pressing a button."""
    turn = Turn(
        conversation_id=conversation.id,
        citizen_id=conversation.citizen_id,
        message_id="3",
        language="en",
        now=house.clock.now(),
        intent=intent,
        text=text,
    )
    with house.sessions.begin() as session:
        return typed(session, turn, house)


def is_asked(house: Services, conversation: Conversation, status: str = ASKED) -> None:
    with house.sessions.begin() as session:
        commands.append(session, conversation.id, [Reply(text="?", status=status)], now=house.clock.now())


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [("yes", "affirm", "erased"), ("Yes, please.", "affirm", "erased"), ("no", "deny", None)],
)
def test_a_short_yes_or_no_may_be_typed(
    house: Services, talker: Callable[..., Talker], text: str, intent: str, said: str | None
) -> None:
    conversation = live(house, talker, "chat-1")
    is_asked(house, conversation)
    outcome = types(house, conversation, text, intent)
    assert outcome is not None
    assert outcome.replies[0].status == said


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("text", "intent", "asked"),
    [
        ("yes", "affirm", "something else"),
        ("ok, but first I have another thing to ask", "affirm", ASKED),
        ("thanks", "thank", ASKED),
    ],
)
def test_nothing_is_deleted_by_a_yes_to_something_else(
    house: Services, talker: Callable[..., Talker], text: str, intent: str, asked: str
) -> None:
    conversation = live(house, talker, "chat-1")
    is_asked(house, conversation, asked)
    assert types(house, conversation, text, intent) is None
    with house.sessions() as session:
        assert session.get(Conversation, conversation.id) is not None


def test_keeping_it_keeps_it(house: Services, talker: Callable[..., Talker]) -> None:
    conversation = live(house, talker, "chat-1")
    with house.sessions() as session:
        before = everything(session)
    outcome = decides(house, conversation, "privacy:keep")
    assert outcome.replies[0].text == "Nothing was deleted."
    with house.sessions() as session:
        assert everything(session) == before


def test_nothing_of_the_citizen_is_left_in_any_table(house: Services, talker: Callable[..., Talker]) -> None:
    conversation = live(house, talker, "chat-1")
    with house.sessions() as session:
        assert everything(session).count(SECRET) >= 5
    decides(house, conversation, "privacy:erase")
    house.clock.advance(LATE_SAVES_UNTIL)  # type: ignore[attr-defined]
    swept(house)
    with house.sessions() as session:
        left = everything(session)
    assert SECRET not in left
    assert conversation.id not in left
    assert conversation.citizen_id not in left


def test_nobody_else_loses_anything(house: Services, talker: Callable[..., Talker]) -> None:
    mine, theirs = live(house, talker, "chat-1"), live(house, talker, "chat-2")
    decides(house, mine, "privacy:erase")
    swept(house)
    with house.sessions() as session:
        assert session.scalars(select(Feedback.citizen_id)).all() == [theirs.citizen_id]
        assert session.scalars(select(Enquiry.citizen_id)).all() == [theirs.citizen_id]
        assert [row.conversation_id for row in session.scalars(select(Attachment))] == [theirs.id]
        assert session.scalars(select(SNAPSHOTS.c.conversation_id)).all() == [theirs.id]
        assert len(queries.messages_since(session, theirs.id, 0)) == 1
    assert house.get(FileStore).get("photo-chat-2") == SECRET.encode()


def test_the_confirmation_arrives_and_the_conversation_starts_anew(
    house: Services, talker: Callable[..., Talker]
) -> None:
    conversation = live(house, talker, "chat-1")
    outcome = decides(house, conversation, "privacy:erase")
    assert outcome.replies[0].status == "erased"
    with house.sessions() as session:
        fresh = queries.conversation_at(session, "telegram", "chat-1")
        assert fresh is not None
        assert fresh.id != conversation.id and fresh.citizen_id != conversation.citizen_id
        # What was on its way to the citizen is gone; the confirmation is on its way.
        (delivery,) = session.scalars(select(Delivery)).all()
        assert (delivery.state, delivery.conversation_id) == ("pending", fresh.id)
        (message,) = queries.messages_since(session, fresh.id, 0)
        assert message.payload["text"].startswith("Done. Everything")


def test_an_open_complaint_or_survey_ends_with_the_data(
    house: Services, talker: Callable[..., Talker]
) -> None:
    conversation = live(house, talker, "chat-1")
    kinds = [event["event"] for event in decides(house, conversation, "privacy:erase").events]
    assert kinds == ["active_loop", "slot", "followup"]


def test_if_one_part_cannot_forget_nothing_is_forgotten(
    house: Services, talker: Callable[..., Talker]
) -> None:
    conversation = live(house, talker, "chat-1")

    def broken(session: Session, citizen_id: str, now: datetime) -> None:
        raise RuntimeError

    house.get(Erasers).add(broken)
    with house.sessions() as session:
        before = everything(session)
    with pytest.raises(RuntimeError):
        decides(house, conversation, "privacy:erase")
    with house.sessions() as session:
        assert everything(session) == before
    assert house.get(FileStore).get("photo-chat-1") == SECRET.encode()


def test_photos_files_go_with_the_first_sweep(house: Services, talker: Callable[..., Talker]) -> None:
    conversation = live(house, talker, "chat-1")
    decides(house, conversation, "privacy:erase")
    swept(house)
    with pytest.raises(FileNotFoundError):
        house.get(FileStore).get("photo-chat-1")


def test_what_the_dialogue_server_saves_a_moment_later_goes_too(
    house: Services, talker: Callable[..., Talker], clock: SettableClock
) -> None:
    conversation = live(house, talker, "chat-1")
    decides(house, conversation, "privacy:erase")
    with house.sessions() as session:
        assert session.scalars(select(SNAPSHOTS.c.conversation_id)).all() == []
    remember_dialogue(house, conversation.id)  # the turn that was running ends
    assert swept(house) == 0
    with house.sessions() as session:
        assert session.scalars(select(SNAPSHOTS.c.conversation_id)).all() == []
    remember_dialogue(house, conversation.id)
    clock.advance(LATE_SAVES_UNTIL)
    assert swept(house) == 1
    assert swept(house) == 0
    with house.sessions() as session:
        assert session.scalars(select(SNAPSHOTS.c.conversation_id)).all() == []
        erasure = session.scalars(select(Erasure)).one()
        assert erasure.remains == {"conversations": [], "photos": []}


def test_a_file_that_cannot_be_deleted_is_tried_again(
    house: Services, talker: Callable[..., Talker], clock: SettableClock
) -> None:
    conversation = live(house, talker, "chat-1")
    decides(house, conversation, "privacy:erase")
    path = house.get(FileStore)._path("photo-chat-1")
    path.unlink()
    path.mkdir()  # what `unlink` cannot remove
    clock.advance(LATE_SAVES_UNTIL)
    assert swept(house) == 0
    path.rmdir()
    path.write_bytes(b"photo")
    assert swept(house) == 1
    assert not path.exists()


@pytest.mark.one_database
def test_a_photo_in_a_store_that_is_away_holds_nothing_else_up(
    house: Services, talker: Callable[..., Talker], clock: SettableClock, s3: ThreadedMotoServer
) -> None:
    house.provide(FileStore, lambda parts: open_store("s3://town/photos", parts.settings.home))
    conversation = live(house, talker, "chat-1")
    decides(house, conversation, "privacy:erase")
    clock.advance(LATE_SAVES_UNTIL)
    host, port = s3.get_host_and_port()
    s3.stop()
    assert swept(house) == 0
    with house.sessions() as session:
        assert session.scalars(select(Erasure)).one().remains["conversations"] == [], "the rest was swept"
    back = ThreadedMotoServer(host, port, verbose=False)
    back.start()
    assert len(keys()) == 1
    assert swept(house) == 1
    assert keys() == []
    back.stop()


def test_the_audit_says_that_it_happened_and_not_to_whom(
    house: Services, talker: Callable[..., Talker]
) -> None:
    conversation = live(house, talker, "chat-1")
    decides(house, conversation, "privacy:erase")
    with house.sessions() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.tag == "citizen:erase:data")).one()
        assert (row.actor, row.details) == ("citizen", {"photos": 1})
        assert session.scalar(select(func.count()).select_from(Citizen)) == 1


def test_an_administrator_sees_how_often_and_nobody_else_does(
    house: Services,
    talker: Callable[..., Talker],
    web: TestClient,
    signed_in: Callable[[Role], dict[str, str]],
) -> None:
    for address in ("chat-1", "chat-2"):
        decides(house, live(house, talker, address), "privacy:erase")
    seen: dict[str, Any] = web.get(
        "/api/v1/erasures", headers=signed_in(Role.ADMIN), params={"limit": 1}
    ).json()
    assert seen["total"] == 2
    assert set(seen["items"][0]) == {"id", "at", "photos", "swept_at"}
    assert web.get("/api/v1/erasures", headers=signed_in(Role.AGENT)).status_code == 403


def test_every_table_that_points_at_a_citizen_lets_go_of_them() -> None:
    """A feature that forgets to register its eraser would stop every deletion, or leave something."""
    from migrations.tables import import_models

    import_models()
    pointing = [
        key
        for each in Base.metadata.tables.values()
        for key in each.foreign_keys
        if key.column.table.name in ("citizens", "conversations")
    ]
    assert len(pointing) >= 10
    assert [str(key) for key in pointing if key.ondelete not in ("CASCADE", "SET NULL")] == []
