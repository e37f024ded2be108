"""The web chat's addresses: the socket, plain requests for clients without it, and the element itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, FastAPI, Header, Query, Request, Response, WebSocket
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from bot.gateway import Gateway
from bot.webchat import history, origins, turns, uploads
from bot.webchat.frames import LONGEST_FRAME, Hello, PostedMessage
from bot.webchat.home import home_router
from bot.webchat.hub import Hub
from bot.webchat.script import Asset, assets
from bot.webchat.sessions import address_of, bearer, given_or_new
from bot.webchat.socket import Browser
from bot.webchat.words import words
from civic.kit.errors import FolkmootError, Invalid
from civic.kit.files import StoreFailed
from civic.kit.services import Services

POLICY_VIOLATION = 1008


class MessageTooLarge(Invalid):
    """The body is larger than any message of a citizen."""

    code = "message_too_large"
    status = 413
    title = "This message is too large"


def install(app: FastAPI, services: Services, gateway: Gateway) -> Hub:
    """Adds the web chat and its pages to an application; other sites may embed it as the settings say."""
    hub = Hub(services)
    gateway.on_messages(hub.notify)
    app.include_router(chat_router(services, gateway, hub))
    app.include_router(home_router(services))
    app.add_middleware(origins.ChatOrigins, settings=services.settings)
    return hub


def chat_router(services: Services, gateway: Gateway, hub: Hub) -> APIRouter:
    """Everything below `/chat`."""
    router = APIRouter(prefix="/chat", tags=["Web chat"])
    documented = {
        "requestBody": {"content": {"application/json": {"schema": PostedMessage.model_json_schema()}}}
    }

    @router.websocket("/socket")
    async def socket(websocket: WebSocket, session: str | None = None, since: int = 0) -> None:
        headers = websocket.headers
        if not origins.allowed(headers.get("origin"), headers.get("host"), services.settings):
            await websocket.close(POLICY_VIOLATION)
            return
        await websocket.accept()
        hello = Hello(session=session, since=max(since, 0)) if session else None
        await Browser(websocket, gateway, hub).talk(hello)

    @router.post("/messages", summary="Say something without a socket", openapi_extra=documented)
    async def post_message(request: Request) -> dict[str, Any]:
        """Answers a message; the same `message_id` twice gives the same replies."""
        message = _message(await _body(request))
        session = given_or_new(message.session)
        result = await turns.take(gateway, message, session, None)
        return {"session": session, "replies": turns.replies(result), "state": result.state}

    @router.get("/messages", summary="Read on without a socket")
    async def get_messages(
        authorization: Annotated[str, Header()] = "", since: Annotated[int, Query(ge=0)] = 0
    ) -> dict[str, Any]:
        """What was said after number `since`; the session goes in the Authorization header."""
        address = address_of(bearer(authorization))
        _, messages = await anyio.to_thread.run_sync(history.since, services, address, since)
        return {"messages": messages}

    @router.post("/attachments", summary="Send a photo", status_code=201)
    async def post_attachment(request: Request, lang: str | None = None) -> dict[str, str]:
        """Takes a photo (`file`, with the `session`); what the camera wrote about itself is removed."""
        try:
            stored = await uploads.receive(request, services, lang)
        except FolkmootError as error:
            raise turns.with_detail(error, _about_photo(error, lang)) from error
        return {"attachment": stored.attachment, "session": stored.session}

    @router.get("/strings", include_in_schema=False)
    async def strings(response: Response, lang: str | None = None) -> dict[str, Any]:
        response.headers["Cache-Control"] = "public, max-age=300"
        return words(services, lang)

    for name, asset in assets().items():
        router.add_api_route(f"/{name}", _serving(asset), include_in_schema=False)

    def _about_photo(error: FolkmootError, language: str | None) -> str:
        if error.code == "attachment_too_large":
            megabytes = services.settings.max_attachment_megabytes
            return services.text("webchat-photo-size", language, megabytes=megabytes)
        if error.code == "attachment_not_an_image":
            return services.text("webchat-photo-type", language)
        if isinstance(error, StoreFailed):
            return services.text("webchat-photo-not-kept", language)
        if error.status == 422:
            return error.title
        return turns.sentence(gateway, error, language)

    return router


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FRAME:
            raise MessageTooLarge
    return body


def _message(body: bytes) -> PostedMessage:
    try:
        return PostedMessage.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**wrong, "loc": ("body", *wrong["loc"])} for wrong in error.errors(include_input=False)]
        ) from error


def _serving(asset: Asset) -> Callable[[Request], Response]:
    """Serves the file, or word that the browser's copy is still good."""

    def serve(request: Request) -> Response:
        headers = {"ETag": asset.tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if asset.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(asset.compressed, media_type=asset.media_type, headers=headers)
        return Response(asset.body, media_type=asset.media_type, headers=headers)

    return serve
