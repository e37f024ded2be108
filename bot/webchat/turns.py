"""One message through the gateway, with every refusal in the citizen's own language."""

from __future__ import annotations

from typing import Any

from bot.gateway import Gateway, TurnResult
from bot.webchat import render
from bot.webchat.frames import ChatMessage
from civic.kit.errors import FolkmootError, TooMany, Unavailable

_SENTENCES: tuple[tuple[type[FolkmootError], str], ...] = (
    (TooMany, "webchat-too-many"),
    (Unavailable, "webchat-unavailable"),
)


async def take(gateway: Gateway, message: ChatMessage, session: str, language: str | None) -> TurnResult:
    """What was answered; the same message again gives the same.

    Raises a `FolkmootError` whose detail is a sentence for the citizen.
    """
    inbound = message.inbound(session, language, gateway.services.clock.now())
    try:
        return await gateway.handle(inbound)
    except FolkmootError as error:
        raise with_detail(error, sentence(gateway, error, inbound.language)) from error


def with_detail(error: FolkmootError, detail: str) -> FolkmootError:
    """The same refusal, said in other words."""
    said = type(error)(detail)
    said.params = error.params
    return said


def sentence(gateway: Gateway, error: FolkmootError, language: str | None) -> str:
    """What to tell the citizen about a refusal."""
    for kind, key in _SENTENCES:
        if isinstance(error, kind):
            return gateway.services.text(key, language)
    return gateway.services.text("webchat-not-understood", language)


def replies(result: TurnResult) -> list[dict[str, Any]]:
    return [render.reply(stored.seq, stored.model_dump()) for stored in result.replies]
