"""Deleting one's data: what goes, a question to be sure, and then everything goes."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from sqlalchemy.orm import Session

from actions.base import SUSPENDED, CivicAction, Outcome, finds_thread, handles_choice
from civic.conversation import queries
from civic.conversation.erasure import Erasers
from civic.conversation.open_text import words
from civic.conversation.types import Choice, Reply, Turn
from civic.kit.services import Services
from civic.privacy.commands import forget

PREFIX = "privacy"
ASKED = "privacy_asked"
TYPED = {"affirm": f"{PREFIX}:erase", "deny": f"{PREFIX}:keep"}


class ActionDeleteMyData(CivicAction):
    """Explains what would be deleted and asks to be sure; nothing is deleted yet."""

    action_name = "action_delete_my_data"

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        choices = [
            Choice(label=services.text(f"privacy-{answer}", turn.language), value=f"{PREFIX}:{answer}")
            for answer in ("erase", "keep")
        ]
        text = services.text("privacy-ask", turn.language)
        return Outcome(replies=[Reply(text=text, choices=choices, status=ASKED)])


@handles_choice(PREFIX)
def decide(session: Session, turn: Turn, services: Services) -> Outcome:
    """Deletes everything, or nothing, as the button says."""
    if turn.choice != f"{PREFIX}:erase":
        return Outcome(replies=[Reply(text=services.text("privacy-kept", turn.language))])
    reply = Reply(text=services.text("privacy-erased", turn.language), status="erased")
    # Told in the same transaction: the confirmation arrives even if this turn is cut off now.
    forget(session, turn.citizen_id, services.get(Erasers), reply, turn.now)
    # Whatever was open ends with the data; nothing of this dialogue goes on.
    events = [ActiveLoop(None), SlotSet(SUSPENDED, None), FollowupAction("action_listen")]
    return Outcome(replies=[reply], events=events)


@finds_thread
def typed(session: Session, turn: Turn, services: Services) -> Outcome | None:
    """A short yes or no, right after the question, counts like its button; anything longer does not."""
    if turn.intent not in TYPED or not 1 <= len(words(turn.text or "")) <= 3:
        return None
    last = queries.messages_since(session, turn.conversation_id, 0, limit=1)
    if not last or last[0].payload.get("status") != ASKED:
        return None
    return decide(session, turn.model_copy(update={"choice": TYPED[turn.intent]}), services)
