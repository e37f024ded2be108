"""A survey that many imagined people answered, put into the tables as the engine would."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from civic.kit.ids import fingerprint, new_id
from civic.surveys.definition import SurveyDefinition
from civic.surveys.models import Survey, SurveyAnswer, SurveySession, SurveyVersion
from civic.surveys.results.commands import count_in

PLACES = {"mill": "Mill Park", "abbey": "Abbey Gardens", "none": "Neither"}


def words(text: str, french: str | None = None) -> Any:
    return {"": text, "fr": french} if french else text


def choices(**labels: str) -> list[dict[str, Any]]:
    return [{"name": name, "label": {"": label, "fr": f"{label} (fr)"}} for name, label in labels.items()]


def parks(**more: Any) -> SurveyDefinition:
    """Six questions of different kinds, one of them asked of some only."""
    questions = [
        {"type": "select_one", "name": "park", "label": words("Which park?"), "choices": choices(**PLACES)},
        {"type": "integer", "name": "visits", "label": "How often?", "relevant": "${park} != 'none'"},
        {
            "type": "select_multiple",
            "name": "uses",
            "label": "What for?",
            "choices": choices(sport="Sport", rest="Rest", dogs="Dogs"),
        },
        {"type": "range", "name": "rating", "label": "How good?", "parameters": {"start": 1, "end": 5}},
        {"type": "text", "name": "wish", "label": "What is missing?"},
        {
            "type": "rank",
            "name": "order",
            "label": "What first?",
            "choices": choices(bench="Benches", play="Playground", tree="Trees"),
        },
    ]
    return SurveyDefinition.model_validate(
        {"id": "parks", "title": "Our parks", "questions": questions, **more}
    )


def publish(session: Session, definition: SurveyDefinition, now: datetime, number: int = 1) -> None:
    survey = session.get(Survey, definition.id) or Survey(id=definition.id, current=number, created_at=now)
    session.add(survey)
    survey.current = number
    session.flush()
    session.add(
        SurveyVersion(
            survey_id=definition.id,
            number=number,
            content_hash=fingerprint(definition.model_dump_json()),
            definition=definition.model_dump(mode="json"),
            published_at=now,
        )
    )
    session.flush()


def answer(
    session: Session,
    definition: SurveyDefinition,
    given: dict[str, Any],
    now: datetime,
    *,
    number: int = 1,
    language: str = "en",
    conversation_id: str | None = None,
    citizen_id: str | None = None,
    counted: bool = True,
) -> SurveySession:
    """One person's completed session."""
    row = SurveySession(
        id=new_id(now),
        survey_id=definition.id,
        version=number,
        language=language,
        state="completed",
        messages=[],
        conversation_id=conversation_id,
        citizen_id=citizen_id,
        started_at=now,
        updated_at=now,
        completed_at=now,
    )
    session.add(row)
    session.flush()
    for ordinal, (question, value) in enumerate(given.items(), start=1):
        session.add(
            SurveyAnswer(session_id=row.id, question=question, ordinal=ordinal, value=value, answered_at=now)
        )
    session.flush()
    if counted:
        count_in(session, row, definition)
    return row


def town(session: Session, definition: SurveyDefinition, now: datetime, people: int = 60) -> None:
    """People whose answers are the same at every run."""
    chance = random.Random(7)
    for number in range(people):
        park = chance.choices(["mill", "abbey", "none"], [30, 20, 10])[0]
        given: dict[str, Any] = {"park": park}
        if park != "none":
            given["visits"] = chance.randint(1, 30)
        given["uses"] = sorted(chance.sample(["sport", "rest", "dogs"], chance.randint(1, 3)))
        given["rating"] = chance.choice([2, 3, 4, 5])
        given["wish"] = chance.choice(
            ["More benches please", "I love the playground", "It is dirty and horrible", None]
        )
        given["order"] = chance.sample(["bench", "play", "tree"], 3)
        answer(session, definition, given, now + timedelta(minutes=number))
