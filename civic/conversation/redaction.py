"""Takes what was said out of messages, where it may not stay beside who said it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civic.conversation.models import ActionResult, ChoiceToken, InboundRecord, OutboundRecord

REDACTED = "…"


def redact(session: Session, conversation_id: str, message_ids: Collection[str], button_prefix: str) -> None:
    """Blanks these messages of a citizen and what was replied to them, and forgets the buttons.

    `button_prefix` is how the values of the buttons begin: messages that offered one are blanked too.
    """
    buttons = (
        ChoiceToken.conversation_id == conversation_id,
        ChoiceToken.value.startswith(button_prefix, autoescape=True),
    )
    tokens = set(session.scalars(select(ChoiceToken.token).where(*buttons)))
    heard = session.scalars(
        select(InboundRecord).where(
            InboundRecord.conversation_id == conversation_id, InboundRecord.message_id.in_(list(message_ids))
        )
    ).all()
    for record in heard:
        kept = {name: record.payload[name] for name in record.payload if name not in _SAID}
        record.payload = {**kept, "text": REDACTED}
    answered = {record.id for record in heard}
    said = session.scalars(select(OutboundRecord).where(OutboundRecord.conversation_id == conversation_id))
    for row in said:
        offered = {choice["token"] for choice in row.payload.get("choices", [])}
        if row.in_reply_to in answered or offered & tokens:
            row.payload = {**row.payload, "text": REDACTED, "choices": []}
    session.execute(delete(ChoiceToken).where(*buttons))
    session.execute(
        delete(ActionResult).where(
            ActionResult.conversation_id == conversation_id, ActionResult.message_id.in_(list(message_ids))
        )
    )
    session.flush()


def reword(session: Session, conversation_id: str, message_id: str, text: str) -> None:
    """Keeps a message of a citizen in these words only, whatever it was before."""
    heard = session.scalar(
        select(InboundRecord).where(
            InboundRecord.conversation_id == conversation_id, InboundRecord.message_id == message_id
        )
    )
    if heard is not None:
        heard.payload = {**heard.payload, "text": text}
        session.flush()


_SAID = {"text", "choice", "intent", "value", "location", "attachment_id"}
