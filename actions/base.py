"""What every custom action shares: one transaction, acted once, and loops that need no retraining."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import anyio.to_thread
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from civic.conversation import commands, queries
from civic.conversation.rules import HISTORY_TURNS
from civic.conversation.types import Location, LoopStep, Reply, Turn, Value
from civic.kit.services import Services

logger = logging.getLogger(__name__)

SUSPENDED = "suspended_loops"

# Hours later these are said to us, not to a question that has left the screen: it is asked again first.
NO_ANSWER_AFTER_SILENCE = {"greet", "thank", "bye", "help", "repeat", "affirm", "deny"}


class Outcome(Value):
    """What an action wants said, and the dialogue events (as rasa-sdk makes them) that follow."""

    replies: list[Reply] = []
    events: list[dict[str, Any]] = []


class CivicAction(Action, ABC):  # type: ignore[misc]  # rasa-sdk is not typed
    """A translation: slots and message in, one call into the product, replies out.

    Subclasses set `action_name` and implement `act`; the session is committed here, once, together
    with a note of the result, so that a message which is sent again is not acted on again.
    """

    action_name: ClassVar[str]
    # Whether what was typed before this message matters to the action.
    looks_back: ClassVar[bool] = True

    def __init__(self, services: Services) -> None:
        self.services = services

    def name(self) -> str:
        return self.action_name

    @abstractmethod
    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        """Does the work in the given session and says what to reply; never commits."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        outcome = await anyio.to_thread.run_sync(self._once, tracker)
        for reply in outcome.replies:
            dispatcher.utter_message(json_message=reply.model_dump(mode="json"))
        return outcome.events

    def _once(self, tracker: Tracker) -> Outcome:
        now = self.services.clock.now()
        metadata = (tracker.latest_message or {}).get("metadata") or {}
        message_id = str(metadata.get("message_id") or "")
        ordinal = _ordinal(tracker)
        conversation_id = tracker.sender_id
        with self.services.sessions() as session:
            if message_id and metadata.get("again"):  # tried before: it may have been acted on already
                done = queries.action_result(session, conversation_id, message_id, self.name(), ordinal)
                if done is not None:
                    return Outcome.model_validate(done.result)
            turn = self._turn(session, tracker, metadata, ordinal, now)
            outcome = self._perform(session, turn, tracker)
            if message_id:
                commands.remember_result(
                    session,
                    conversation_id,
                    message_id,
                    self.name(),
                    ordinal,
                    outcome.model_dump(mode="json"),
                    now,
                )
            session.commit()
        return outcome

    def _turn(
        self, session: Session, tracker: Tracker, metadata: dict[str, Any], ordinal: int, now: datetime
    ) -> Turn:
        latest = tracker.latest_message or {}
        loop = (tracker.active_loop or {}).get("name")
        message_id = str(metadata.get("message_id") or "")
        history: list[str] = []
        if self.looks_back:
            history = queries.texts_before(session, tracker.sender_id, message_id, HISTORY_TURNS)
        silence = 60 * self.services.settings.session_expires_minutes
        location = metadata.get("location")
        return Turn(
            conversation_id=tracker.sender_id,
            citizen_id=str(metadata.get("citizen_id") or ""),
            message_id=message_id,
            language=self.services.catalogue.best(metadata.get("language")),
            now=now,
            intent=(latest.get("intent") or {}).get("name") or "",
            confidence=float((latest.get("intent") or {}).get("confidence") or 0.0),
            text=metadata.get("text"),
            choice=metadata.get("choice"),
            location=Location.model_validate(location) if location else None,
            attachment_id=metadata.get("attachment_id"),
            history=history,
            loop=loop,
            resuming=loop == self.name() and ordinal > 0,
            starting=loop != self.name(),
            back_after_silence=float(metadata.get("silent_for") or 0) > silence,
            personal_data=tuple(metadata.get("personal_data") or ()),
            danger=metadata.get("danger"),
            own_language=metadata.get("language"),
        )

    def _perform(self, session: Session, turn: Turn, tracker: Tracker) -> Outcome:
        if turn.loop is None and self.action_name in LOOSE_ENDS:
            for find in _THREADS:
                if (found := find(session, turn, self.services)) is not None:
                    return found
        outcome = self.act(session, turn, self.services)
        if any(event.get("event") == "followup" for event in outcome.events):
            return outcome
        if turn.loop is None:
            said = [reply for remind in _REMINDERS if (reply := remind(session, turn, self.services))]
            return Outcome(replies=[*outcome.replies, *said], events=outcome.events)
        # Something else was done inside a loop: the loop asks its question again.
        return Outcome(replies=outcome.replies, events=[*outcome.events, FollowupAction(turn.loop)])


class LoopAction(CivicAction):
    """A talk of several turns (survey, complaint, ...) whose state lies in our tables.

    In the domain its name is a form *and* an action: Rasa then calls it on each turn while it is
    active, so one call both takes the answer and asks the next question. A loop that starts
    while another is active suspends the other one, which comes back when it ends.

    After a long silence a loop with `survives_silence` welcomes its citizen back and goes on; any other
    is over, and the message is taken as if nothing were open.
    """

    looks_back = False
    survives_silence: ClassVar[bool] = False

    @abstractmethod
    def advance(self, session: Session, turn: Turn, services: Services) -> LoopStep:
        """Takes the message: `turn.starting` at the first, `turn.resuming` to repeat the question."""

    def act(self, session: Session, turn: Turn, services: Services) -> Outcome:
        return Outcome(replies=self.advance(session, turn, services).replies)

    def _perform(self, session: Session, turn: Turn, tracker: Tracker) -> Outcome:
        suspended: list[str] = list(tracker.get_slot(SUSPENDED) or [])
        returning = turn.back_after_silence and not turn.starting and not turn.resuming
        if returning and not self.survives_silence:
            return Outcome(
                events=[ActiveLoop(None), SlotSet(SUSPENDED, None), ActionExecutionRejected(self.name())]
            )
        if returning and turn.choice is None and turn.intent in NO_ANSWER_AFTER_SILENCE:
            turn = turn.model_copy(update={"resuming": True})
        step = self.advance(session, turn, self.services)
        replies = list(step.replies)
        if returning and step.status == "asking":
            replies.insert(0, Reply(text=self.services.text("routing-welcome-back", turn.language)))
        return Outcome(replies=replies, events=self._events(step, turn, suspended))

    def _events(self, step: LoopStep, turn: Turn, suspended: list[str]) -> list[dict[str, Any]]:
        if step.status == "interrupted" and not turn.starting and not turn.resuming:
            return [ActionExecutionRejected(self.name())]
        if step.status == "done":
            return self._ending(turn, suspended)
        if not turn.starting:
            return []
        waiting = [name for name in suspended if name not in (self.name(), turn.loop)]
        if turn.loop is None:
            return [ActiveLoop(self.name())]
        return [SlotSet(SUSPENDED, [*waiting, turn.loop]), ActiveLoop(self.name())]

    def _ending(self, turn: Turn, suspended: list[str]) -> list[dict[str, Any]]:
        if turn.starting:  # it ended in its first turn, another loop may still be active
            return [FollowupAction(turn.loop or "action_listen")]
        rest = [name for name in suspended if name != self.name()]
        if not rest:
            return [ActiveLoop(None), SlotSet(SUSPENDED, None), FollowupAction("action_listen")]
        return [ActiveLoop(rest[-1]), SlotSet(SUSPENDED, rest[:-1]), FollowupAction(rest[-1])]


def _ordinal(tracker: Tracker) -> int:
    """How many actions ran (or stepped aside) since the citizen's last message: 0 for the first."""
    count = 0
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            break
        if event.get("event") in ("action", "action_execution_rejected"):
            count += 1
    return count


# Actions that run when nothing else fits: before them, features may recognise a thread that was lost.
LOOSE_ENDS = frozenset({"action_fallback", "action_nothing_open"})

ThreadFinder = Callable[[Session, Turn, Services], Outcome | None]
Reminder = Callable[[Session, Turn, Services], Reply | None]
_THREADS: list[ThreadFinder] = []
_REMINDERS: list[Reminder] = []


def finds_thread(finder: ThreadFinder) -> ThreadFinder:
    """Registers what takes a message to which nothing seems open (a loop forgotten after a silence)."""
    _THREADS.append(finder)
    return finder


def reminds(reminder: Reminder) -> Reminder:
    """Registers what may add a reminder after an action outside every loop."""
    _REMINDERS.append(reminder)
    return reminder


ChoiceHandler = Callable[[Session, Turn, Services], Outcome]
_CHOICE_HANDLERS: dict[str, ChoiceHandler] = {}


def handles_choice(prefix: str) -> Callable[[ChoiceHandler], ChoiceHandler]:
    """Registers what a button outside a loop does: `turn.choice` is `<prefix>:...`."""

    def register(handler: ChoiceHandler) -> ChoiceHandler:
        if prefix in _CHOICE_HANDLERS:
            raise ValueError(f"two handlers for buttons that start with {prefix!r}")
        _CHOICE_HANDLERS[prefix] = handler
        return handler

    return register


def choice_handler(value: str | None) -> ChoiceHandler | None:
    """The handler for a button's value, by the part before its first colon."""
    return _CHOICE_HANDLERS.get((value or "").split(":", 1)[0])
