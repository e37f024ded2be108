"""A POST with an `Idempotency-Key` is done once, however often it is sent; the answer is the first one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from api import tokens
from api.deps import services
from civic.accounts.errors import TokenRefused
from civic.kit.services import Services
from civic.service_requests.desk import once
from civic.service_requests.desk.errors import UnusableKey

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,64}")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Idempotent(APIRoute):
    """A route whose POSTs keep their first answer for a day.

    The key is taken before the work begins, in a transaction of its own: two requests at the same instant are
    one. A refusal changes nothing, so its key is free again. That the work is done is committed with it:
    after a crash before that, the key is taken over by whoever sends the request again ten minutes later;
    after a crash between the work and its answer, nothing is done again.
    """

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if request.method != "POST" or key is None:
                return await handler(request)
            return await _once(request, key, handler)

        return handle


async def _once(request: Request, key: str, handler: Handler) -> Response:
    parts = services(request)
    at = parts.clock.now()
    caller = _caller(request, parts, at)
    if caller is None:
        return await handler(request)  # which refuses whoever is not signed in
    if not _KEY.fullmatch(key):
        raise UnusableKey("A key has 1 to 64 visible characters.", remedy="Use a fresh UUID.")
    body = await request.body()
    address = f"{request.method} {request.url.path} {request.headers.get('If-Match', '')}\n"
    print_of = hashlib.sha256(address.encode() + body).hexdigest()

    def take() -> once.Answer | None:
        with parts.sessions.begin() as session:
            return once.take(session, caller, key, print_of, at, at - once.KEPT)

    known = await run_in_threadpool(take)
    if known is not None:
        headers = {**known.headers, "Idempotency-Replayed": "true"}
        return Response(known.body, status_code=known.status, headers=headers)

    def end(response: Response | None) -> None:
        with parts.sessions.begin() as session:
            if response is None or response.status_code >= 400:
                once.release(session, caller, key)
            else:
                kept = {
                    name: response.headers[name]
                    for name in ("content-type", "etag")
                    if name in response.headers
                }
                once.keep(session, caller, key, response.status_code, kept, bytes(response.body).decode())

    # The request's transaction ends here and not after us: while it is open, SQLite lets nobody else write,
    # and an answer must not be kept before what it says is committed.
    transaction = request.scope["fastapi_function_astack"]
    request.state.at_the_end = [lambda session: once.done(session, caller, key)]
    try:
        response = await handler(request)
        await transaction.aclose()
    except BaseException as error:
        await transaction.__aexit__(type(error), error, error.__traceback__)
        await run_in_threadpool(end, None)
        raise
    await run_in_threadpool(end, response)
    return response


def _caller(request: Request, parts: Services, at: datetime) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return tokens.read(token, secret=parts.settings.secret("secret_key"), now=at).official_id
    except TokenRefused:
        return None
