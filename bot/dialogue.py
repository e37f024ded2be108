"""The client of Rasa: a sender's turns always go to the same process, and fail over."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from typing import Any

import httpx

from civic.conversation.types import Value
from civic.kit.errors import Unavailable

logger = logging.getLogger(__name__)


class TurnFailed(Unavailable):
    """The dialogue gave no answer; the message must be kept and tried again."""

    code = "turn_failed"
    title = "The dialogue did not answer"


class DialogueTurn(Value):
    """What Rasa made of a message: its messages as they came, the intent, the loop now active."""

    messages: list[dict[str, Any]]
    intent: str = ""
    confidence: float = 0.0
    loop: str | None = None


def ranked(urls: Sequence[str], sender: str) -> list[str]:
    """The processes in the order in which they should serve a sender.

    Rendezvous (highest random weight) hashing, Thaler and Ravishankar 1998: when a process
    goes, only its own senders move.
    """
    return sorted(
        urls,
        key=lambda url: hashlib.blake2b(f"{url}|{sender}".encode(), digest_size=8).digest(),
        reverse=True,
    )


class DialogueClient:
    """Sends turns to Rasa's own input channel."""

    def __init__(
        self,
        urls: Sequence[str],
        token: str,
        timeout: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if not urls:
            raise ValueError("at least one Rasa address is needed")
        self.urls = list(urls)
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(timeout, connect=2),
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
            trust_env=False,
            transport=transport,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def ready(self) -> bool:
        """Whether any process answers and has a model."""
        for url in self.urls:
            try:
                response = await self._client.get(f"{url}/webhooks/folkmoot/health", timeout=2)
            except httpx.HTTPError:
                continue
            if response.status_code == 200:
                return True
        return False

    async def turn(
        self,
        sender: str,
        message_id: str,
        *,
        text: str | None,
        intent: str | None,
        metadata: dict[str, Any],
    ) -> DialogueTurn:
        """One message through the dialogue; raises `TurnFailed` when it gives no answer."""
        body = {
            "sender": sender,
            "message_id": message_id,
            "text": text,
            "intent": intent,
            "metadata": metadata,
        }
        failure = "no process answers"
        for url in ranked(self.urls, sender):
            try:
                response = await self._client.post(f"{url}/webhooks/folkmoot/turn", json=body)
            except httpx.ConnectError:
                continue  # nothing was sent: the next process may have it
            except httpx.HTTPError as error:
                # It may be at work on it: another process must not do it at the same time.
                failure = type(error).__name__
                break
            if response.status_code == 200:
                return _read(response)
            failure = f"status {response.status_code}"
            break
        logger.warning("turn of conversation %s failed: %s", sender, failure)
        raise TurnFailed(failure)


def _read(response: httpx.Response) -> DialogueTurn:
    try:
        data = response.json()
        turn = DialogueTurn(
            messages=data["messages"],
            intent=(data.get("intent") or {}).get("name") or "",
            confidence=(data.get("intent") or {}).get("confidence") or 0.0,
            loop=data.get("loop"),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise TurnFailed("an answer that cannot be read") from error
    if not turn.messages:
        raise TurnFailed("a turn without an answer")
    return turn
