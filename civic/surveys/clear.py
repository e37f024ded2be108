"""Which typed messages answer a survey whatever else their words might mean: nobody need classify those."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from civic.conversation.models import Conversation
from civic.kit.services import Services
from civic.surveys import queries
from civic.surveys.definition import SurveyQuestion
from civic.surveys.engine.path import current
from civic.surveys.engine.state import Answer, Given, SurveyState
from civic.surveys.engine.types import TYPES
from civic.surveys.hearing import read
from civic.surveys.rules import IN_THE_MIDDLE, LOOP, asks
from civic.surveys.speaking import language_for
from civic.understanding import Vocabulary, vocabulary
from civic.understanding.normal import normal


def is_clear(question: SurveyQuestion | None, text: str, answer: Answer, words: Vocabulary) -> bool:
    """Whether a message is an answer, whatever a classifier makes of it; `question` is None at the consent.

    At a closed question that is what can be read as an answer without doubt, at an open one everything but a
    question and words for somebody else.
    """
    if not isinstance(answer, Given):
        return False
    if question is None or TYPES[question.type].closed:
        return True
    return not asks(text) and normal(text) not in words.elsewhere


def answers(
    session: Session, conversation: Conversation, text: str, speaks: str | None, services: Services
) -> bool:
    """Whether a typed message plainly answers what the survey in this conversation has just asked.

    `speaks` is the citizen's own language, where the channel tells it. After a silence nothing is plain:
    who comes back is welcomed first, and a "yes" may be meant for us.
    """
    now = services.clock.now()
    silence = timedelta(minutes=services.settings.session_expires_minutes)
    if conversation.active_loop != LOOP or now - conversation.last_active_at > silence:
        return False
    found = queries.in_the_middle(session, conversation.citizen_id, now - IN_THE_MIDDLE)
    if found is None:
        return False
    state, catalogue = SurveyState.model_validate(found.position), services.catalogue
    question, language = current(found.definition, state), catalogue.best(speaks)
    known = state.language or language_for(found.definition, speaks or language, language)
    words = vocabulary(catalogue, known)
    return is_clear(question, text, read(question, state, text, words, now=now), words)
