"""The door through which Rasa calls our custom actions; only Rasa has its token."""

from __future__ import annotations

import hmac
import json
import logging
import zlib
from collections.abc import Iterable
from typing import Any

import anyio
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from civic.kit.services import Services

logger = logging.getLogger(__name__)

MAX_BODY = 8 * 1024 * 1024


class BodyTooLarge(Exception):
    """The call's body is larger than any conversation's."""


def inflate(body: bytes, limit: int = MAX_BODY) -> bytes:
    """Unpacks a deflated body; raises `BodyTooLarge` instead of filling the memory."""
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(body, limit)
    if unpacker.unconsumed_tail:
        raise BodyTooLarge
    return data


def action_router(services: Services, actions: Iterable[Action]) -> APIRouter:
    """The webhook at `/rasa/actions`, in the protocol of Rasa's action server."""
    executor = ActionExecutor()
    for action in actions:
        executor.register_action(action)
    token = services.settings.secret("rasa_token")
    limit = services.settings.turn_timeout_seconds
    router = APIRouter()

    async def run_action(request: Request) -> JSONResponse:
        authorization = request.headers.get("authorization", "")
        if not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            return JSONResponse({"error": "wrong token"}, 401)
        body = await request.body()
        try:
            if request.headers.get("content-encoding") == "deflate":
                body = inflate(body)
            call: dict[str, Any] = json.loads(body)
        except BodyTooLarge:
            return JSONResponse({"error": "body too large"}, 413)
        except (ValueError, zlib.error):
            return JSONResponse({"error": "not a call of an action"}, 400)
        # Rasa leaves the domain out to save time; the SDK wants the key.
        call.setdefault("domain", {})
        name = str(call.get("next_action"))
        try:
            with anyio.fail_after(limit):
                result = await executor.run(call)
        except ActionExecutionRejection as rejection:
            return JSONResponse({"action_name": rejection.action_name, "error": rejection.message}, 400)
        except ActionNotFoundException:
            logger.error("action %s does not exist", name)
            return JSONResponse({"action_name": name, "error": "no such action"}, 404)
        except TimeoutError:
            logger.error("action %s took longer than %s s", name, limit)
            return JSONResponse({"action_name": name, "error": "timeout"}, 504)
        except Exception as error:  # whatever it was, the gateway must hear of it
            # The traceback's message may hold what the citizen wrote: log kind and place only.
            logger.error("action %s failed: %s", name, _where(error))
            return JSONResponse({"action_name": name, "error": "action failed"}, 500)
        return JSONResponse(result.model_dump() if hasattr(result, "model_dump") else result)

    # A plain route: nothing of a call is for FastAPI to read, and every turn of a loop comes through here.
    router.add_route("/rasa/actions", run_action, methods=["POST"], include_in_schema=False)
    return router


def _where(error: BaseException) -> str:
    """Kind and place of an error, without its message."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__} at {place}"
