"""Photos over HTTP: read as a stream, so that nobody can fill the memory or the disk."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta

import anyio
import anyio.to_thread
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.attachments import take_photo
from bot.webchat.sessions import CHANNEL, address_of, given_or_new
from civic.conversation import queries
from civic.kit.db import read_session
from civic.kit.errors import Invalid, TooMany
from civic.kit.images import TooLarge
from civic.kit.services import Services

# What a form adds around its file.
ENVELOPE = 16 * 1024
PER_HOUR = 30

# Decoding a photo takes a core and up to 200 MB: a few at once are enough.
_decoding = anyio.CapacityLimiter(2)


class BrokenForm(Invalid):
    """The body is no multipart form with a `file`."""

    code = "broken_form"
    title = "Send a multipart form with the field `file` and, if there is one, `session`"


class TooManyPhotos(TooMany):
    """A conversation got more photos within an hour than anybody needs."""

    code = "too_many_photos"
    title = "Too many photos within an hour"


@dataclass(frozen=True)
class Uploaded:
    """A stored photo and the session it belongs to."""

    attachment: str
    session: str


async def receive(request: Request, services: Services, language: str | None) -> Uploaded:
    """Stores the photo of a form; raises `BrokenForm`, `TooManyPhotos`, `TooLarge` or `NotAnImage`."""
    limit = services.settings.max_attachment_megabytes * 1024 * 1024
    if int(request.headers.get("content-length") or 0) > limit + ENVELOPE:
        raise TooLarge
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BrokenForm
    parser = MultiPartParser(request.headers, _bounded(request, limit + ENVELOPE), max_files=1, max_fields=4)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise BrokenForm from error
    try:
        file, session = form.get("file"), form.get("session")
        if not isinstance(file, UploadFile) or isinstance(session, UploadFile):
            raise BrokenForm
        session = given_or_new(session)
        address = address_of(session)
        await anyio.to_thread.run_sync(_check_rate, services, address)
        data = await file.read(limit + 1)
    finally:
        await form.close()
    attachment = await anyio.to_thread.run_sync(
        take_photo, services, CHANNEL, address, data, language, limiter=_decoding
    )
    return Uploaded(attachment, session)


async def _bounded(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    """The body as it arrives; raises `TooLarge` as soon as it is, whatever its header said."""
    seen = 0
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit:
            raise TooLarge
        yield chunk


def _check_rate(services: Services, address: str) -> None:
    with read_session(services.sessions) as session:
        conversation = queries.conversation_at(session, CHANNEL, address)
        if conversation is None:
            return
        since = services.clock.now() - timedelta(hours=1)
        if queries.attachments_since(session, conversation.id, since) >= PER_HOUR:
            raise TooManyPhotos(retry_after=3600)
