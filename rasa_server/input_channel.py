"""The only door of the Rasa process: the gateway hands in a turn and gets all of its answer, or an error.

`POST /webhooks/folkmoot/turn` never answers 200 with nothing: a turn that failed, or that said nothing, is
a 502 and leaves no trace, so that the gateway may send the same message again.
"""

from __future__ import annotations

import gc
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import ACTION_LISTEN_NAME, DEFAULT_INTENTS
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sanic import Blueprint
from sanic.log import access_logger
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from rasa_server.patches import TurnFailed, strict_turn

MAX_CHARACTERS = 2000

logger = logging.getLogger(__name__)


class Refused(Exception):
    """The request is not a turn; `status` and `code` say why."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class FolkmootInput(InputChannel):
    """Takes turns from the gateway, which proves itself by the token in `FOLKMOOT_RASA_TOKEN`."""

    def __init__(self, token: str) -> None:
        if not token:
            raise RasaException("The folkmoot channel needs a token: set FOLKMOOT_RASA_TOKEN.")
        self._token = token

    @classmethod
    def name(cls) -> str:
        return "folkmoot"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> FolkmootInput:
        return cls(str((credentials or {}).get("token") or ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("folkmoot")

        @blueprint.listener("after_server_start")
        async def prepare(app: Any, loop: Any) -> None:
            agent = getattr(app.ctx, "agent", None)
            if agent is not None and agent.is_ready():
                make_strict(agent)
            settle(app)

        @blueprint.route("/health", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return json_response({"status": "no model"}, status=503)
            return json_response({"status": "ready", "model": agent.processor.model_filename})

        @blueprint.route("/turn", methods=["POST"])
        async def turn(request: Request) -> HTTPResponse:
            try:
                self._authorize(request)
                agent = getattr(request.app.ctx, "agent", None)
                if agent is None or not agent.is_ready():
                    raise Refused(503, "no_model")
                message = read_turn(request.body, agent.domain.intents)
                return json_response(await take_turn(agent, message))
            except Refused as refusal:
                return json_response({"error": refusal.code}, status=refusal.status)

        return blueprint

    def _authorize(self, request: Request) -> None:
        scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), self._token.encode()):
            raise Refused(401, "bad_token")


def settle(app: Any) -> None:
    """Spare every turn what only the start made necessary."""
    # Half a million objects of Rasa's modules live as long as the process: the collector need not visit them.
    gc.collect()
    gc.freeze()
    # The line would be made for every request and then dropped.
    app.config.ACCESS_LOG = access_logger.isEnabledFor(logging.INFO)


def make_strict(agent: Any) -> None:
    """Let a failing database be seen.

    Rasa wraps its tracker store in one that answers from memory when the database fails: the citizen would
    talk on to a bot that has forgotten them, and what they said next would be lost.
    """
    if isinstance(agent.tracker_store, FailSafeTrackerStore):
        agent.tracker_store = agent.processor.tracker_store = agent.tracker_store._tracker_store


def read_turn(body: bytes, intents: list[str]) -> UserMessage:
    """Read a request into a message that Rasa cannot mistake for a command, or refuse it."""
    try:
        fields = json.loads(body)
    except ValueError:
        raise Refused(400, "bad_json") from None
    if not isinstance(fields, dict):
        raise Refused(400, "bad_json")
    sender, message_id = fields.get("sender"), fields.get("message_id")
    text, intent, metadata = fields.get("text"), fields.get("intent"), fields.get("metadata") or {}
    if not (isinstance(sender, str) and sender and isinstance(message_id, str) and message_id):
        raise Refused(400, "sender_and_message_id_needed")
    if len(sender) > 64 or not isinstance(metadata, dict) or (text is None) == (intent is None):
        raise Refused(400, "text_or_intent_needed")
    parsed: dict[str, Any] | None
    if intent is not None:
        # Rasa's own intents (restart, back, session_start) are not for buttons.
        if intent not in intents or intent in DEFAULT_INTENTS:
            raise Refused(400, "unknown_intent")
        said, parsed = f"/{intent}", _parsed(f"/{intent}", intent, 1.0)
    else:
        if not isinstance(text, str):
            raise Refused(400, "text_or_intent_needed")
        if len(text) > MAX_CHARACTERS:
            raise Refused(413, "text_too_long")
        said = without_command(text)
        # Nothing is left of a message of slashes and spaces: there is nothing to classify.
        parsed = None if said else _parsed("", DEFAULT_NLU_FALLBACK_INTENT_NAME, 0.0)
    return UserMessage(
        said,
        CollectingOutputChannel(),
        sender,
        parse_data=parsed,
        input_channel=FolkmootInput.name(),
        message_id=message_id,
        metadata={**metadata, "message_id": message_id},
    )


def without_command(text: str) -> str:
    """What a citizen typed, without the slash by which Rasa knows its own commands."""
    said = text
    while said != (said := said.strip().lstrip("/")):
        pass
    return said


def _parsed(text: str, intent: str, confidence: float) -> dict[str, Any]:
    found = {"name": intent, "confidence": confidence}
    return {"text": text, "intent": found, "entities": [], "intent_ranking": [found]}


async def take_turn(agent: Any, message: UserMessage) -> dict[str, Any]:
    """Run one turn to its end and keep it, or refuse it with 502 and keep nothing."""
    strict_turn.set(True)
    try:
        async with agent.lock_store.lock(message.sender_id):
            return await _locked_turn(agent.processor, message)
    except Refused:
        raise
    except TurnFailed as failure:
        raise Refused(502, f"action_failed:{failure.action}") from None
    except Exception as error:
        # Only the kind of the error: its words may hold the citizen's.
        logger.error("Turn %s failed: %s", message.message_id, type(error).__name__)
        logger.debug("Turn %s", message.message_id, exc_info=error)
        raise Refused(502, "turn_failed") from None


async def _locked_turn(processor: Any, message: UserMessage) -> dict[str, Any]:
    tracker = await processor.fetch_tracker_and_update_session(message.sender_id, message.output_channel)
    said = last_said(tracker)
    if said is not None and said.message_id == message.message_id:
        return answer(tracker)
    await processor._handle_message_with_tracker(message, tracker)
    tracker = await processor.run_action_extract_slots(message.output_channel, tracker)
    await processor._run_prediction_loop(message.output_channel, tracker)
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        # Otherwise the next message would find the conversation still busy, and every one after it.
        logger.warning("Turn %s did not end by itself", message.message_id)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), processor.domain)
    result = answer(tracker)
    if not result["messages"]:
        logger.warning("Turn %s of intent %s said nothing", message.message_id, result["intent"]["name"])
        raise Refused(502, "no_reply")
    await processor.save_tracker(tracker)
    return result


def last_said(tracker: DialogueStateTracker) -> UserUttered | None:
    """The citizen's latest message, even one that an action has taken back."""
    return next((event for event in reversed(tracker.events) if isinstance(event, UserUttered)), None)


def answer(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What was said since the citizen's latest message; the same whenever it is asked for."""
    spoken: list[BotUttered] = []
    said = None
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            said = event
            break
        if isinstance(event, BotUttered):
            spoken.append(event)
    intent = said.intent if said is not None else {}
    return {
        "messages": [_message(event) for event in reversed(spoken)],
        "intent": {"name": intent.get("name"), "confidence": float(intent.get("confidence") or 0.0)},
        "loop": tracker.active_loop_name,
    }


def _message(event: BotUttered) -> dict[str, Any]:
    custom = event.data.get("custom")
    if custom:
        return {"custom": custom}
    return {"utter": event.metadata.get("utter_action"), "text": event.text or ""}
