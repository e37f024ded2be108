"""Reads a conversation for its own browser."""

from __future__ import annotations

from typing import Any

from bot.webchat import render
from bot.webchat.sessions import CHANNEL
from civic.conversation import queries
from civic.kit.db import read_session
from civic.kit.services import Services


def since(services: Services, address: str, seq: int) -> tuple[int, list[dict[str, Any]]]:
    """What was said after number `seq`, and the number to ask from next time.

    From 0 on it is the whole conversation (its newest part); later, replies with the messages
    they answer, so that a second tab of the same browser shows both sides too.
    """
    with read_session(services.sessions) as session:
        conversation = queries.conversation_at(session, CHANNEL, address)
        if conversation is None:
            return seq, []
        if seq > 0:
            outgoing = queries.messages_since(session, conversation.id, seq)
            ids = {row.in_reply_to for row in outgoing if row.in_reply_to}
            incoming = queries.inbound_with_ids(session, ids) if ids else []
        else:
            incoming, outgoing = queries.transcript(session, conversation.id)
        tokens = {str(row.payload["choice"]) for row in incoming if row.payload.get("choice")}
        labels = queries.choice_labels(session, conversation.id, tokens) if tokens else {}
        last = max((row.seq for row in outgoing), default=seq)
        return last, render.conversation(incoming, outgoing, labels)


def last_numbers(services: Services, addresses: list[str]) -> dict[str, int]:
    """The newest number at each address, for everybody who is connected, in one query."""
    with read_session(services.sessions) as session:
        found: dict[str, int] = {}
        for start in range(0, len(addresses), 500):
            found |= queries.last_seqs_at(session, CHANNEL, addresses[start : start + 500])
        return found
