"""Who wants to be told of new surveys: said in the chat, taken back in the chat."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civic.conversation.types import InboundMessage, Reply, Turn
from civic.kit.services import Services
from civic.surveys import buttons
from civic.surveys.models import SurveySubscription
from civic.surveys.rendering import Text
from civic.understanding.normal import normal


def subscribed(session: Session, citizen_id: str) -> bool:
    """Whether a citizen has agreed to be invited."""
    return session.get(SurveySubscription, citizen_id) is not None


def pressed(session: Session, turn: Turn, text: Text) -> Reply:
    """Keeps or ends the agreement; saying it twice changes nothing."""
    kept = session.get(SurveySubscription, turn.citizen_id)
    if turn.choice == buttons.UNSUBSCRIBE:
        if kept is not None:
            session.delete(kept)
            session.flush()
        return Reply(text=text("surveys-unsubscribed", turn.language))
    if kept is None:
        kept = SurveySubscription(
            citizen_id=turn.citizen_id, conversation_id=turn.conversation_id, agreed_at=turn.now
        )
        session.add(kept)
    kept.conversation_id = turn.conversation_id
    session.flush()
    return Reply(text=text("surveys-subscribed", turn.language))


def meant(message: InboundMessage, services: Services) -> str | None:
    """The button that a typed message stands for, such as "tell me about surveys"."""
    if not message.text or len(message.text) > 80:
        return None
    said = normal(message.text).removesuffix(" please").removeprefix("please ")
    for key, value in (("subscribe", buttons.SUBSCRIBE), ("unsubscribe", buttons.UNSUBSCRIBE)):
        listed = services.text(f"surveys-say-{key}", message.language).split(",")
        if said in {normal(phrase) for phrase in listed}:
            return value
    return None
