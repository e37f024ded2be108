"""What happens to surveys without anybody asking: invitations, reminders, ends. Safe to run twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Reply
from civic.delivery import commands as delivery
from civic.delivery import queries as deliveries
from civic.delivery.rules import News, wanted
from civic.kit.clock import Clock
from civic.kit.db import Sessions
from civic.surveys import buttons, commands, invitations, queries
from civic.surveys.drafts import commands as drafts
from civic.surveys.engine.path import place
from civic.surveys.engine.state import SurveyState
from civic.surveys.models import SurveySession
from civic.surveys.rendering import Text
from civic.surveys.rules import REMIND_AFTER, REMIND_INVITED_AFTER, is_over

BATCH = 100


def look_after(
    sessions: Sessions, clock: Clock, text: Text, secret: str, random_id: Callable[[], str]
) -> dict[str, int]:
    """Invites, reminds and ends, a batch a transaction; returns how many of each."""
    now = clock.now()
    done = {"invited": 0, "reminded": 0, "ended": 0, "left": 0}
    while True:
        with sessions.begin() as session:
            some = invitations.send(session, text, secret, now, BATCH)
        done["invited"] += some
        if some < BATCH:
            break
    with sessions.begin() as session:
        invitations.remind(session, text, secret, now - REMIND_INVITED_AFTER, now, BATCH)
        drafts.forget_old(session, now, BATCH)
    after = ""
    while True:
        with sessions.begin() as session:
            rows = queries.forgotten(session, now - REMIND_AFTER, after, BATCH)
            for row in rows:
                after = row.id
                done[_look_at(session, row, text, random_id, now)] += 1
        if len(rows) < BATCH:
            done.pop("left", None)
            return done


def _look_at(
    session: Session, row: SurveySession, text: Text, random_id: Callable[[], str], now: datetime
) -> str:
    definition = queries.definition_of(session, row.survey_id, row.version)
    closes = queries.closing(queries.survey(session, row.survey_id), definition)
    if is_over(row.updated_at, closes, now):
        commands.expire(session, row, definition, random_id, now)
        return "ended"
    wish = deliveries.wish_of(session, row.citizen_id)
    if row.reminded_at is not None or row.conversation_id is None or not wanted(wish, News.STEP):
        return "left"
    row.reminded_at = now
    number, total = place(definition, SurveyState.model_validate(row.position))
    title = definition.title.in_language(row.language)
    choices = [
        Choice(
            label=text("surveys-button-go-on", row.language),
            intent="start_survey",
            value=buttons.start(row.survey_id),
        ),
        Choice(label=text("surveys-button-later", row.language), value=buttons.later(row.id)),
    ]
    reply = Reply(
        text=text("surveys-reminder", row.language, title=title, number=number, total=total),
        choices=choices,
    )
    key = f"survey-reminder:{row.id}"
    told = delivery.tell(session, row.conversation_id, reply, dedupe_key=key, now=now)
    return "reminded" if told else "left"
