"""Of an anonymous survey nothing leads from an answer to a person; shown over the whole database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from civic.conversation import commands as conversation
from civic.conversation.queries import messages_since
from civic.conversation.types import InboundMessage, Reply
from civic.surveys import commands
from civic.surveys.models import SurveyAnswer, SurveyParticipation, SurveySession
from tests.surveys.conftest import Respondent

COMICS = "More comics from Belgium on the shelf by the door"
TALK = ("yes", "never", COMICS, "evenings and sat", "no", "Strangers at night worry me")


def cells(session: Session) -> Iterator[tuple[str, str, Any]]:
    """Every value in the database, with its table and column."""
    for table in inspect(session.connection()).get_table_names():
        for row in session.execute(text(f'SELECT * FROM "{table}"')).mappings():
            for column, value in row.items():
                yield table, column, value


def answer_library(respondent: Respondent, now: datetime) -> str:
    """A whole anonymous survey, each message stored as the gateway does."""
    session, said = respondent.session, ""
    texts = ("library survey", *TALK)
    for number, typed in enumerate(texts):
        message = InboundMessage(
            channel="web", address="a", message_id=f"m{number}", text=typed, received_at=now
        )
        received = conversation.receive(session, message, language="en", per_minute=99, now=now)
        intent = "start_survey" if number == 0 else "out_of_scope"
        said = respondent._turn(text=typed, intent=intent, message_id=f"m{number}")
        assert respondent.last is not None
        conversation.answer(session, received.record.id, respondent.last.replies, loop=None, now=now)
        session.commit()
    return said


def test_no_answer_leads_to_a_person(respondent: Respondent, now: datetime) -> None:
    said = answer_library(respondent, now)
    assert "Thank you" in said and respondent.status == "done"
    session = respondent.session
    answers = session.query(SurveyAnswer).all()
    assert {answer.question: answer.value for answer in answers} == {
        "visits": "never",
        "why_not": COMICS,
        "times": ["evening", "saturday"],
        "self_service": "no",
        "self_service_worry": TALK[-1],
    }
    (row,) = session.query(SurveySession).all()
    assert (row.citizen_id, row.conversation_id, row.respondent, row.position) == (None, None, None, None)
    assert {answer.answered_at for answer in answers} == {row.completed_at, row.started_at}
    assert row.completed_at == now.replace(hour=0), "the day, not the time"
    for table, column, value in cells(session):
        shown = json.dumps(value, default=str, ensure_ascii=False)
        if table != "survey_answers":
            assert "Belgium" not in shown and "Strangers" not in shown, (table, column)
        if row.id in shown:
            assert table in ("survey_sessions", "survey_answers", "survey_result_rows"), "nowhere else"
        if table.startswith("survey_") and table != "survey_versions":
            assert respondent.citizen_id not in shown and respondent.conversation_id not in shown


def test_the_chat_keeps_no_copy_of_the_answers(respondent: Respondent, now: datetime) -> None:
    answer_library(respondent, now)
    texts = [row.payload["text"] for row in messages_since(respondent.session, respondent.conversation_id, 0)]
    assert texts[-1].startswith("Thank you") and set(texts[:-1]) == {"…"}


def test_who_took_part_is_kept_apart_and_answers_once(respondent: Respondent, now: datetime) -> None:
    answer_library(respondent, now)
    (taken,) = respondent.session.query(SurveyParticipation).all()
    assert respondent.citizen_id not in taken.respondent and len(taken.respondent) == 64
    assert "already answered" in respondent.starts("library survey")


def test_other_messages_stay_as_they_are(respondent: Respondent, now: datetime) -> None:
    session = respondent.session
    message = InboundMessage(channel="web", address="a", message_id="x", text="Hello!", received_at=now)
    received = conversation.receive(session, message, language="en", per_minute=99, now=now)
    conversation.answer(session, received.record.id, [Reply(text="Good day.")], loop=None, now=now)
    session.commit()
    answer_library(respondent, now)
    assert messages_since(session, respondent.conversation_id, 0)[0].payload["text"] == "Good day."


def test_deleting_my_data_deletes_the_answers_that_can_be_found(
    respondent: Respondent, now: datetime
) -> None:
    answer_library(respondent, now)
    respondent.starts("transport survey")
    for typed in ("yes", "daily", "pause"):
        respondent.says(typed)
    commands.erase_citizen(respondent.session, respondent.citizen_id, now)
    respondent.session.commit()
    left = respondent.session.query(SurveySession).all()
    assert [row.survey_id for row in left] == ["library-hours"]
    assert {row.question for row in respondent.session.query(SurveyAnswer)} >= {"visits", "why_not"}
    assert "frequency" not in {row.question for row in respondent.session.query(SurveyAnswer)}


def test_a_completed_open_survey_is_deleted_with_the_citizens_data(
    respondent: Respondent, now: datetime
) -> None:
    respondent.starts("transport survey")
    for typed in ("yes", "never", "cost", "skip", "skip"):
        respondent.says(typed)
    commands.erase_citizen(respondent.session, respondent.citizen_id, now)
    respondent.session.commit()
    assert respondent.session.query(SurveySession).count() == 0
    assert respondent.session.query(SurveyAnswer).count() == 0
