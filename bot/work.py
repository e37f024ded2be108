"""What a stored message needs for its turn: words or an intent, what the actions are told, or a refusal."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot import first_look
from bot.first_look import Danger
from civic.conversation import queries
from civic.conversation.models import Conversation, InboundRecord
from civic.conversation.types import Reply, Value
from civic.kit.services import Services
from civic.surveys import clear


class Work(Value):
    """One stored message on its way through the dialogue."""

    record_id: str
    conversation_id: str
    citizen_id: str
    message_id: str
    channel: str
    language: str
    text: str | None
    intent: str | None
    metadata: dict[str, Any]
    address_id: str
    active_loop: str | None = None
    late: bool = False
    danger: Danger | None = None
    personal_data: list[str] = []
    refusal: Reply | None = None


def prepare(
    session: Session,
    record: InboundRecord,
    conversation: Conversation,
    services: Services,
    *,
    again: bool = False,
) -> Work:
    """The work on a message; `again` where it was tried before."""
    payload = record.payload
    work = Work(
        record_id=record.id,
        conversation_id=conversation.id,
        citizen_id=conversation.citizen_id,
        message_id=record.message_id,
        channel=payload["channel"],
        language=services.catalogue.best(payload.get("language")),
        text=payload.get("text"),
        intent=payload.get("intent"),
        metadata={},
        address_id=conversation.address_id,
        active_loop=conversation.active_loop,
        late=record.state == "failed",
        danger=first_look.danger_in(payload.get("text"), services),
        personal_data=payload.get("personal_data") or [],
    )
    metadata = {
        "message_id": record.message_id,
        "citizen_id": conversation.citizen_id,
        "language": payload.get("language") or work.language,
        "text": work.text,
        "choice": payload.get("value"),
        "location": payload.get("location"),
        "attachment_id": payload.get("attachment_id"),
        "personal_data": work.personal_data,
        "danger": work.danger.kind if work.danger else None,
        "again": again,
        # Seconds since somebody was answered here.
        "silent_for": (services.clock.now() - conversation.last_active_at).total_seconds(),
    }
    intent, refusal = work.intent, _refusal(work, services)
    if payload.get("choice"):
        token = queries.choice(session, conversation.id, payload["choice"])
        if token is None:
            refusal = Reply(text=services.text("routing-stale-button", work.language))
        else:
            intent, metadata["choice"] = token.intent, token.value
    elif not intent and not work.text:
        intent = "share_location" if payload.get("location") else "share_photo"
        if not payload.get("location") and not payload.get("attachment_id"):
            refusal = Reply(text=services.text("gateway-empty", work.language))
    elif not intent and _answers(session, conversation, payload, services):
        intent = "inform"
    return work.model_copy(update={"intent": intent, "metadata": metadata, "refusal": refusal})


def _answers(
    session: Session, conversation: Conversation, payload: dict[str, Any], services: Services
) -> bool:
    """Whether a message plainly answers the survey that is going on: then nobody need classify it."""
    if payload.get("location") or payload.get("attachment_id"):
        return False
    return clear.answers(session, conversation, payload["text"], payload.get("language"), services)


def _refusal(work: Work, services: Services) -> Reply | None:
    limit = services.settings.max_message_characters
    if work.text is not None and len(work.text) > limit:
        text = services.text("gateway-too-long", work.language, limit=limit)
        return Reply(text=text, status="error_too_long")
    if work.danger is not None and work.danger.alone:
        return work.danger.reply(services, work.language)
    return None
