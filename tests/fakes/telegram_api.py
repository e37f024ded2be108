"""A Telegram of our own: the real gateway talks to it by `base_url` as it would to Telegram's servers.

    with FakeTelegram() as telegram:
        telegram.say(1, "hello")           # a citizen writes
        telegram.press(1, "Yes")           # presses a button of the newest message that has it
        telegram.wait_for(1, "Welcome")    # what the bot shows
        telegram.outage = True             # switches: outage, flood(), block(), enforce_limits

Switches and helpers may be called from any thread; the server runs in one of its own.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from typing import Any, Self

import httpx
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from tests.fakes import telegram_wire as wire
from tests.fakes.telegram_phones import Phones
from tests.fakes.telegram_wire import Chat, Refused

TOKEN = "7000000001:AAFakeFakeFakeFakeFakeFakeFakeFakeFak"
KINDS_BY_DEFAULT = frozenset(
    {"message", "edited_message", "callback_query", "my_chat_member", "inline_query", "poll", "channel_post"}
)
HOOKED = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"


class FakeTelegram(Phones):
    """Telegram's servers, on a free port of this machine."""

    def __init__(self, token: str = TOKEN) -> None:
        super().__init__()
        self.token = token
        self.outage = False
        self.enforce_limits = False
        self.refused: list[tuple[str, int]] = []
        self.commands: list[dict[str, Any]] = []
        self.webhook: dict[str, Any] = {}
        self.poll_number = 0
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._stopping = False
        self.port = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, port: int = 0) -> Self:
        self._stopping = False
        config = uvicorn.Config(
            self._app(),
            host="127.0.0.1",
            port=port,
            log_level="error",
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        server = self._server = uvicorn.Server(config)
        socket = config.bind_socket()
        self.port = socket.getsockname()[1]

        async def run() -> None:
            courier = asyncio.create_task(self._deliver_to_webhook())
            await server.serve(sockets=[socket])
            courier.cancel()

        self._thread = threading.Thread(target=lambda: asyncio.run(run()), name="fake-telegram", daemon=True)
        self._thread.start()
        while not server.started:
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        self._stopping = True
        if self._server:
            self._server.should_exit = True
        if self._thread:
            self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _app(self) -> FastAPI:
        app = FastAPI(openapi_url=None)

        @app.api_route("/bot{token}/{method}", methods=["GET", "POST"])
        async def call(token: str, method: str, request: Request) -> Response:
            arguments = await _arguments(request)
            with self.lock:
                self.calls.append((time.monotonic(), method, arguments))
            if self.outage:
                return Response("Bad Gateway", status_code=502)
            handler = getattr(self, f"do_{method.lower()}", None)
            try:
                if token != self.token:
                    raise Refused(401, "Unauthorized")
                if handler is None:
                    raise Refused(404, "Not Found")
                result = handler(arguments)
                return JSONResponse(
                    {"ok": True, "result": await result if asyncio.iscoroutine(result) else result}
                )
            except Refused as refused:
                self.refused.append((method, refused.code))
                return JSONResponse(refused.body(), status_code=refused.code)

        @app.get("/file/bot{token}/{path:path}")
        async def file(token: str, path: str) -> Response:
            if self.outage:
                return Response("Bad Gateway", status_code=502)
            if token != self.token or path not in self.files:
                return JSONResponse(Refused(404, "Not Found").body(), status_code=404)
            return Response(self.files[path], media_type="application/octet-stream")

        return app

    def do_getme(self, _: dict[str, Any]) -> dict[str, Any]:
        return wire.BOT

    async def do_getupdates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook.get("url"):
            raise Refused(409, f"Conflict: {HOOKED}")
        number = self.poll_number = self.poll_number + 1
        offset = int(arguments.get("offset") or 0)
        kinds = set(arguments.get("allowed_updates") or KINDS_BY_DEFAULT)
        deadline = time.monotonic() + float(arguments.get("timeout") or 0)
        while True:
            with self.lock:
                if offset > 0:
                    self.updates = [update for update in self.updates if update["update_id"] >= offset]
                ready = [update for update in self.updates if kinds & update.keys()][
                    : int(arguments.get("limit") or 100)
                ]
            if self.outage:
                raise Refused(502, "Bad Gateway")
            if self.poll_number != number:
                raise Refused(409, f"Conflict: {OTHER_POLL}")
            if ready or time.monotonic() >= deadline or self._stopping:
                return ready
            await asyncio.sleep(0.02)

    def do_setwebhook(self, arguments: dict[str, Any]) -> bool:
        with self.lock:
            self.webhook = dict(arguments)
        return True

    def do_deletewebhook(self, _: dict[str, Any]) -> bool:
        return self.do_setwebhook({})

    def do_getwebhookinfo(self, _: dict[str, Any]) -> dict[str, Any]:
        pending = len(self.updates)
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": pending,
        }

    def do_setmycommands(self, arguments: dict[str, Any]) -> bool:
        self.commands = arguments["commands"]
        return True

    def do_sendmessage(self, arguments: dict[str, Any]) -> dict[str, Any]:
        shown, sent, links = wire.checked_text(arguments.get("text"), arguments.get("parse_mode"))
        return self._send(arguments, {"text": shown, "_html": sent, "_links": links})

    def do_sendphoto(self, arguments: dict[str, Any]) -> dict[str, Any]:
        content = arguments.get("photo")
        if not isinstance(content, bytes):
            raise Refused(400, "Bad Request: there is no photo in the request")
        size = {**self.keep_file(content, "photos", "jpg"), "width": 640, "height": 480}
        caption = {"caption": arguments["caption"]} if arguments.get("caption") else {}
        return self._send(arguments, {"photo": [size], **caption})

    def do_sendchataction(self, arguments: dict[str, Any]) -> bool:
        self._reachable(arguments).actions.append(arguments["action"])
        return True

    def do_answercallbackquery(self, arguments: dict[str, Any]) -> bool:
        query = arguments.get("callback_query_id", "")
        if query not in self.offered_queries or query in self.answered:
            raise Refused(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self.answered[query] = arguments
        return True

    def do_editmessagereplymarkup(self, arguments: dict[str, Any]) -> dict[str, Any]:
        message = self._own_message(arguments)
        new = wire.checked_markup(arguments.get("reply_markup")) or {}
        if (message.get("reply_markup") or {}) == new:
            raise Refused(400, "Bad Request: message is not modified")
        message["reply_markup"] = new
        return wire.public(message)

    def do_editmessagetext(self, arguments: dict[str, Any]) -> dict[str, Any]:
        message = self._own_message(arguments)
        shown, sent, links = wire.checked_text(arguments.get("text"), arguments.get("parse_mode"))
        new = wire.checked_markup(arguments.get("reply_markup")) or {}
        if message.get("_html") == sent and (message.get("reply_markup") or {}) == new:
            raise Refused(400, "Bad Request: message is not modified")
        message.update(text=shown, _html=sent, _links=links, reply_markup=new)
        return wire.public(message)

    def do_getfile(self, arguments: dict[str, Any]) -> dict[str, Any]:
        path = str(arguments.get("file_id", "")).removeprefix("id:")
        if path not in self.files:
            raise Refused(400, "Bad Request: invalid file_id")
        if len(self.files[path]) > wire.DOWNLOAD_LIMIT:
            raise Refused(400, "Bad Request: file is too big")
        return {
            "file_id": f"id:{path}",
            "file_unique_id": "u",
            "file_size": len(self.files[path]),
            "file_path": path,
        }

    def _reachable(self, arguments: dict[str, Any]) -> Chat:
        with self.lock:
            chat = self.chats.get(int(arguments.get("chat_id") or 0))
            if chat is None:
                raise Refused(400, "Bad Request: chat not found")
            if chat.gone:
                raise Refused(403, "Forbidden: user is deactivated")
            if chat.blocked:
                raise Refused(403, "Forbidden: bot was blocked by the user")
            return chat

    def _send(self, arguments: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            chat = self._reachable(arguments)
            markup = wire.checked_markup(arguments.get("reply_markup"))
            self._slow_down(chat)
            now = time.monotonic()
            message = {
                "message_id": next(self.message_ids),
                "from": wire.BOT,
                "chat": chat.wire(),
                "date": int(time.time()),
                **content,
                "_at": now,
            }
            if markup:
                message["reply_markup"] = markup
            chat.messages.append(message)
            chat.sent_at.append(now)
            return wire.public(message)

    def _slow_down(self, chat: Chat) -> None:
        times, only = self.flooding
        if times and only in (None, chat.id):
            self.flooding = (times - 1, only)
            wait = self.flood_wait
            raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        if self.enforce_limits:
            second = [at for at, _ in self.sends() if at > time.monotonic() - 1]
            if len(second) >= 30:
                raise Refused(429, "Too Many Requests: retry after 1", retry_after=1)

    def _own_message(self, arguments: dict[str, Any]) -> dict[str, Any]:
        chat = self._reachable(arguments)
        for message in chat.messages:
            if message["message_id"] == int(arguments.get("message_id") or 0) and message["from"]["is_bot"]:
                return message
        raise Refused(400, "Bad Request: message to edit not found")

    async def _deliver_to_webhook(self) -> None:
        async with httpx.AsyncClient(timeout=20, trust_env=False) as client:
            while True:
                await asyncio.sleep(0.02)
                with self.lock:
                    hook, update = self.webhook, next(iter(self.updates), None)
                if not hook.get("url") or update is None or self.outage:
                    continue
                secret = (
                    {"X-Telegram-Bot-Api-Secret-Token": hook["secret_token"]}
                    if hook.get("secret_token")
                    else {}
                )
                try:
                    answer = await client.post(hook["url"], json=update, headers=secret)
                except httpx.HTTPError:
                    await asyncio.sleep(0.2)
                    continue
                if not answer.is_success:
                    await asyncio.sleep(0.2)
                    continue
                with self.lock:
                    self.updates.remove(update)


async def _arguments(request: Request) -> dict[str, Any]:
    """Arguments as Telegram takes them: JSON, or a form (multipart too) with structures as JSON strings."""
    arguments: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        arguments.update(await request.json())
        return arguments
    async with request.form() as form:
        for key, value in form.items():
            arguments[key] = value if isinstance(value, str) else await value.read()
    return {key: _structure(value) if isinstance(value, str) else value for key, value in arguments.items()}


def _structure(value: str) -> Any:
    if value[:1] in "[{":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
