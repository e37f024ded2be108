"""What the dialogue does not keep: answers to surveys, which may be anonymous, and refused personal data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Event = dict[str, Any]

SILENT_LOOPS = frozenset({"survey_form"})
# How a message is answered whose words may not be kept; it is said to the citizen, too.
REFUSED = "personal_data_refused"
BLANK = "…"
# An intent can be an answer ("affirm"); this one says nothing, and every project has it.
NO_INTENT = {"name": "nlu_fallback", "confidence": 1.0}
KEPT_METADATA = ("message_id", "citizen_id", "language")


def without_answers(events: Sequence[Event]) -> list[Event]:
    """The events with every turn blanked in which a survey was at work, and without refused personal data.

    It is applied to what is stored, after the turn: while an answer is being taken, its words are there.
    """
    kept: list[Event] = []
    loop: str | None = None
    for turn in _turns(events):
        silent = loop in SILENT_LOOPS
        for event in turn:
            if event.get("event") == "active_loop":
                loop = event.get("name")
                silent = silent or loop in SILENT_LOOPS
        if silent:
            kept += [_blanked(event) for event in turn]
        elif any(_refuses(event) for event in turn):
            kept += [_blanked(event) if event.get("event") == "user" else event for event in turn]
        else:
            kept += turn
    return kept


def _refuses(event: Event) -> bool:
    custom = (event.get("data") or {}).get("custom") if event.get("event") == "bot" else None
    return isinstance(custom, dict) and custom.get("status") == REFUSED


def _turns(events: Sequence[Event]) -> list[list[Event]]:
    """The events in pieces, each beginning with a message of the citizen."""
    turns: list[list[Event]] = [[]]
    for event in events:
        if event.get("event") == "user":
            turns.append([])
        turns[-1].append(event)
    return turns


def _blanked(event: Event) -> Event:
    if event.get("event") == "user":
        metadata = _kept(event.get("metadata"))
        parsed = {
            "intent": NO_INTENT,
            "entities": [],
            "text": BLANK,
            "metadata": metadata,
            "intent_ranking": [],
        }
        return {**event, "text": BLANK, "parse_data": parsed, "metadata": metadata}
    if event.get("event") == "bot":
        return {**event, "text": BLANK, "data": {}, "metadata": {}}
    return event


def _kept(metadata: Any) -> dict[str, Any]:
    known = metadata if isinstance(metadata, dict) else {}
    return {name: known[name] for name in KEPT_METADATA if name in known}
