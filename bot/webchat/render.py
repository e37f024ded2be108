"""Stored messages as the web chat's JSON: nothing is left to the browser but to show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from civic.conversation.models import InboundRecord, OutboundRecord
from civic.kit.errors import FolkmootError

OFFICIAL = "official"
BOT = "bot"
ERASED = "erased"


def reply(seq: int, payload: Mapping[str, Any]) -> dict[str, Any]:
    """One reply of the contract; what a reply does not have is left out, the lists are always there."""
    rendered: dict[str, Any] = {
        "seq": seq,
        "text": payload.get("text", ""),
        "choices": [
            {"label": choice["label"], "token": choice["token"]} for choice in payload.get("choices") or []
        ],
        "citations": [_without_nothing(citation) for citation in payload.get("citations") or []],
    }
    for name in ("status", "request", "widget"):
        if payload.get(name):
            rendered[name] = payload[name]
    return rendered


def outgoing(row: OutboundRecord) -> dict[str, Any]:
    """A stored reply with who says it and when; what answers no message was sent by the town's people."""
    # The answer to "delete my data" has lost the message it answers.
    author = BOT if row.in_reply_to or row.payload.get("status") == ERASED else OFFICIAL
    return {"from": author, "at": _time(row.created_at), **reply(row.seq, row.payload)}


def incoming(row: InboundRecord, labels: Mapping[str, str]) -> dict[str, Any]:
    """What the citizen said, as their own page shows it again."""
    payload = row.payload
    shown: dict[str, Any] = {"from": "citizen", "message_id": row.message_id, "at": _time(row.received_at)}
    if payload.get("text"):
        shown["text"] = payload["text"]
    if payload.get("intent") == "start_survey" and not payload.get("text"):
        shown["survey"] = str(payload.get("value") or "").rpartition(":")[2]
    if payload.get("choice") in labels:
        shown["label"] = labels[payload["choice"]]
    for name, key in (("location", "location"), ("attachment", "attachment_id")):
        if payload.get(key):
            shown[name] = payload[key]
    return shown


def conversation(
    incoming_rows: Iterable[InboundRecord], outgoing_rows: Iterable[OutboundRecord], labels: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Both sides: replies by number, each message before its first reply, those still unanswered last."""
    waiting = {row.id: row for row in incoming_rows}
    said = []
    for row in outgoing_rows:
        if row.in_reply_to in waiting:
            said.append(incoming(waiting.pop(row.in_reply_to), labels))
        said.append(outgoing(row))
    return said + [incoming(row, labels) for row in waiting.values()]


def problem(error: FolkmootError, detail: str) -> dict[str, Any]:
    """A refusal in the shape of RFC 9457, with a sentence for the citizen."""
    return {
        "type": f"urn:folkmoot:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": detail,
        "code": error.code,
    }


def _without_nothing(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _time(value: datetime) -> str:
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
