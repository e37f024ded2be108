"""The address at which Telegram delivers updates when a webhook is set."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging

from fastapi import APIRouter, Request, Response
from telegram import Update

from bot.telegram.gateway import TelegramGateway

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY = 1024 * 1024
PATIENCE_SECONDS = 40


def webhook_router(gateway: TelegramGateway, secret: str) -> APIRouter:
    """`POST /telegram/webhook`: only for Telegram, by a secret compared in constant time."""
    router = APIRouter()

    @router.post("/telegram/webhook", include_in_schema=False)
    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY:
                return Response(status_code=413)
        try:
            update = Update.de_json(json.loads(body), gateway.bot)
        except (ValueError, TypeError, KeyError, AttributeError):
            return Response(status_code=400)
        task = gateway.submit(update)
        # 200 confirms the update, so it waits for the work; otherwise Telegram sends it again.
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        return Response(status_code=200 if done and not task.cancelled() else 503)

    return router
