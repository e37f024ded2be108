"""Turns what Rasa sent back into replies: our own as they are, `utter_...` in the citizen's words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from civic.conversation.types import Choice, Reply
from civic.kit.i18n import MissingText
from civic.kit.services import Services

# Greeting and help open the three doors a citizen most often wants.
MENU = (
    ("menu-report", "report_problem"),
    ("menu-survey", "start_survey"),
    ("menu-person", "talk_to_official"),
)
WITH_MENU = {"utter_greet", "utter_help"}


def replies_of(messages: Iterable[dict[str, Any]], services: Services, language: str) -> list[Reply]:
    """The replies in a turn's messages, in order."""
    replies = []
    for message in messages:
        if message.get("custom"):
            replies.append(Reply.model_validate(message["custom"]))
        elif message.get("utter"):
            replies.append(_utterance(message, services, language))
        elif message.get("text"):
            replies.append(Reply(text=str(message["text"])))
    return replies


def _utterance(message: dict[str, Any], services: Services, language: str) -> Reply:
    name = str(message["utter"])
    try:
        text = services.text(name.replace("_", "-"), language)
    except MissingText:
        text = str(message.get("text") or "")
    choices = [Choice(label=services.text(key, language), intent=intent) for key, intent in MENU]
    return Reply(text=text, choices=choices if name in WITH_MENU else [])
