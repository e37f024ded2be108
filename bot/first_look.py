"""What is looked at in a message before anything of it is stored: personal data and danger."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from civic.conversation.models import Conversation
from civic.conversation.types import InboundMessage, Reply, Value
from civic.encoder import EncoderMissing, SentenceEncoder
from civic.kit import danger
from civic.kit.danger import BrokenDangerList, Encode, Kind
from civic.kit.personal_data import find, redact
from civic.kit.services import Services
from civic.knowledge import queries as knowledge

logger = logging.getLogger(__name__)

# How emergency words are marked; the same words of a feature give way to them.
SIGNPOSTED = "emergency_signposted"
FEATURES_OWN = "emergency"
SMALL_TALK = frozenset(
    {"out_of_scope", "nlu_fallback", "help", "greet", "bye", "thank", "affirm", "deny", "cancel", "repeat"}
    | {"bot_challenge"}
)


class Danger(Value):
    """A danger that a message speaks of, and the words for it."""

    kind: str
    words: str
    alone: bool

    def reply(self, services: Services, language: str) -> Reply:
        return Reply(text=services.text(self.words, language), status=SIGNPOSTED)


def without_personal_data(
    session: Session, at: Conversation | None, message: InboundMessage, services: Services
) -> InboundMessage:
    """The message as it may be kept: outside of a loop, without e-mail addresses, numbers and the like.

    A loop (a report, a wish for a person, a survey) gets the full text: it may have asked for them.
    """
    if not message.text:
        return message
    settings = services.settings
    numbers = (settings.council_phone, settings.crisis_number, settings.violence_number)
    text = message.text
    found = [
        one
        for one in find(text, settings.region, numbers)
        # What stands in the documents is the town's own.
        if not knowledge.is_published(session, text[one.start : one.end])
    ]
    if not found or (at is not None and at.active_loop is not None):
        return message
    language = services.catalogue.best(message.language)
    kept = redact(text, found, lambda kind: services.text(f"personal-data-{kind}", language))
    kinds = tuple(dict.fromkeys(one.kind for one in found))
    return message.model_copy(update={"text": kept, "personal_data": kinds})


def danger_in(text: str | None, services: Services) -> Danger | None:
    """The danger that a text speaks of, whatever its citizen is doing."""
    if not text:
        return None
    try:
        dangers = danger.load(services.settings.content / "danger.yml")
    except BrokenDangerList as broken:  # `make check` names it too; meanwhile everybody else is answered
        logger.error("no danger is noticed: %s", broken.detail)
        return None
    found: Kind | None = dangers.find(text, _encode(services))
    return Danger(kind=found.kind, words=found.words, alone=found.alone) if found else None


def named(kinds: list[str] | tuple[str, ...], services: Services, language: str) -> str:
    """The kinds of personal data in words, e.g. "phone number, e-mail address"."""
    return ", ".join(services.text(f"personal-data-{kind}", language) for kind in kinds)


def _encode(services: Services) -> Encode | None:
    try:
        return services.get(SentenceEncoder).encode
    except (LookupError, EncoderMissing):  # a gateway of its own: words and patterns alone
        return None
