"""Surveys that wait for their citizen: offered once after a pause, found again after a silence."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, Reply, Turn
from civic.surveys import buttons, commands, queries
from civic.surveys.engine.path import place
from civic.surveys.engine.state import SurveyState
from civic.surveys.models import SurveySession
from civic.surveys.rendering import Text
from civic.surveys.rules import SessionState

# A stray "yes" weeks later is not an answer to a survey that everybody has forgotten.
REMEMBERED = timedelta(days=3)
OFFERED_AFTER = frozenset({"ask_policy", "check_status", "affirm", "deny", "nlu_fallback", "out_of_scope"})


def lost(session: Session, turn: Turn) -> SurveySession | None:
    """The survey that was in the middle when the dialogue forgot it."""
    for row in queries.unfinished(session, turn.citizen_id):
        if row.state == SessionState.OPEN and turn.now - row.updated_at <= REMEMBERED:
            return row
    return None


def offer(session: Session, turn: Turn, text: Text) -> Reply | None:
    """An offer to go on with a waiting survey, made once until the citizen has gone on."""
    if turn.intent not in OFFERED_AFTER:
        return None
    return offer_next(session, turn, text)


def offer_next(session: Session, turn: Turn, text: Text) -> Reply | None:
    """An offer to go on with the survey that waits longest for nothing but its turn."""
    waiting = [row for row in queries.unfinished(session, turn.citizen_id) if row.offered_at is None]
    if not waiting:
        return None
    row = waiting[0]
    definition = queries.definition_of(session, row.survey_id, row.version)
    number, total = place(definition, SurveyState.model_validate(row.position))
    commands.offered(row, turn.now)
    title = definition.title.in_language(row.language)
    return Reply(
        text=text("surveys-continue-offer", turn.language, title=title, number=number, total=total),
        choices=[
            Choice(
                label=text("surveys-button-go-on", turn.language),
                intent="start_survey",
                value=buttons.start(row.survey_id),
            ),
            Choice(label=text("surveys-button-later", turn.language), value=buttons.later(row.id)),
        ],
    )
