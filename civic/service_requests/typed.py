"""What a typed message means for a case: the button that it stands for, or words for an official.

A message is taken only where that is plain: by its number, as a reply to what was said of the case, as an
answer to the last question. Everything else is understood like any other message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from civic.conversation import queries as conversations
from civic.conversation.models import Conversation, OutboundRecord
from civic.conversation.types import InboundMessage
from civic.delivery.rules import Wish
from civic.kit.services import Services
from civic.service_requests import queries, receipts, telling, verdicts
from civic.service_requests.reading import lexicon
from civic.service_requests.rules import find_tracking_number
from civic.service_requests.verdicts import RATING, VERDICT, Answer

# The first parts of the values; `wish:` with nothing behind it asks.
NOTE, WISH = "case_note", "report_wish"
# How a message that went to a case is confirmed: what follows soon after it goes there, too.
NOTED = "service_request_noted"
ANSWERED_WITHIN = timedelta(days=7)
GOES_ON_FOR = timedelta(minutes=10)
WORDS_OF_A_MESSAGE = 3
# A wish stands at the beginning of a message, or anywhere in a short one.
WORDS_OF_A_WISH = 9

_PREFIX = "service-requests-words-"
_NUMBER = re.compile(r"(?i)(?<![a-z0-9])f\s?m[\s\-–—_.:#]*(?:[a-z0-9]-?){5,6}(?![a-z0-9])")
_SIGNS = re.compile(r"[^\w\s'’-]+")


@dataclass(frozen=True)
class Meant:
    """What a message means: an intent, and the value of the button that would say the same."""

    intent: str
    value: str


def meant(
    session: Session, at: Conversation | None, message: InboundMessage, services: Services
) -> Meant | None:
    """What a message in a conversation means, or None where it means nothing in particular."""
    if message.choice or message.intent or at is None:
        return None
    return _Reading(session, at, message, services).result()


class _Reading:
    def __init__(
        self, session: Session, at: Conversation, message: InboundMessage, services: Services
    ) -> None:
        self.session, self.at, self.message, self.services = session, at, message, services
        self.text = (message.text or "").strip()
        self.plain = _plain(self.text)

    def result(self) -> Meant | None:
        """A reply first, since it is plain what it is about; inside a loop nothing else is taken."""
        if self.message.about:
            return self._judged(by_reply=True) or self._note(self.message.about)
        if self.at.active_loop is not None:
            return None
        heard = self._last_heard()
        status = str(heard.payload.get("status") or "") if heard is not None else ""
        return (
            self._wish()
            or self._judged()
            or self._rated(heard, status)
            or self._with_number()
            or self._answer(heard, status)
        )

    # ------------------------------------------------------------------------------------------ each kind

    def _wish(self) -> Meant | None:
        if self._is("wish"):
            return Meant("choose", f"{WISH}:")
        chosen = next((wish for wish in Wish if self._is(f"wish-{wish.value}")), None)
        return Meant("choose", f"{WISH}:{chosen.value}") if chosen else None

    def _judged(self, *, by_reply: bool = False) -> Meant | None:
        said = next((one for one in Answer if self._is(f"verdict-{one.value.replace('_', '-')}")), None)
        if said is None:
            return None
        asked = verdicts.waiting(self.session, self.at.id, self.message.received_at)
        if asked is None or (by_reply and not self._is_about(asked.request_id)):
            return None
        intent = "report_problem" if said is Answer.DIFFERENT else "choose"
        return Meant(intent, f"{VERDICT}:{asked.id}:{said.value}")

    def _is_about(self, request_id: str) -> bool:
        return queries.number_of(self.session, request_id) == self.message.about

    def _rated(self, heard: OutboundRecord | None, status: str) -> Meant | None:
        if heard is None or status not in (verdicts.ASKED_RATING, verdicts.ASKED_WHY) or not self.text:
            return None
        row_id = self._rated_row(heard)
        if row_id is None:
            return None
        if self._is("skip-why"):
            return Meant("choose", f"{RATING}:{row_id}:{verdicts.SKIP}")
        if status == verdicts.ASKED_RATING:
            stars = self._stars()
            return Meant("choose", f"{RATING}:{row_id}:{stars}") if stars else None
        soon = self.message.received_at - heard.created_at <= GOES_ON_FOR
        if not soon or self._other_wish() or self.text.endswith("?"):
            return None
        return Meant("choose", f"{RATING}:{row_id}:why")

    def _rated_row(self, heard: OutboundRecord) -> str | None:
        """Which question was asked is behind its buttons."""
        for offered in heard.payload.get("choices") or []:
            token = conversations.choice(self.session, self.at.id, offered["token"])
            if token is not None and token.value.startswith(f"{RATING}:"):
                return token.value.split(":")[1]
        return None

    def _with_number(self) -> Meant | None:
        """Words with a number are for the case, unless they only ask how it stands."""
        number = find_tracking_number(self.text)
        if number is None or self._other_wish() or receipts.find(self.text):
            return None
        words = lexicon(self.services.catalogue, self.services.catalogue.best(self.message.language))
        if words.wants_withdrawal(self.text) or words.wants_comment(self.text):
            return None
        asking, verbs = self._words("asks-status"), self._words("verbs")
        if self.message.attachment_id is None and not says_more_than(self.text, asking, verbs):
            return None
        return self._note(number)

    def _answer(self, heard: OutboundRecord | None, status: str) -> Meant | None:
        """An answer to an official's question, or more of what was written to the case a moment ago."""
        if heard is None or status not in (telling.QUESTION, NOTED):
            return None
        age = self.message.received_at - heard.created_at
        if age > (ANSWERED_WITHIN if status == telling.QUESTION else GOES_ON_FOR):
            return None
        if self.text and (self._is("not-to-the-case") or self._other_wish()):
            return None
        if status == NOTED and self.text.endswith("?"):
            return None
        number = find_tracking_number(str(heard.payload.get("text") or ""))
        return self._note(number) if number else None

    def _note(self, number: str) -> Meant | None:
        case = queries.by_number(self.session, number)
        if case is None or telling.follower(self.session, case, self.at.citizen_id) is None:
            return None
        return Meant("choose", f"{NOTE}:{number}")

    # -------------------------------------------------------------------------------------------- helpers

    def _last_heard(self) -> OutboundRecord | None:
        rows = conversations.messages_since(self.session, self.at.id, self.at.last_seq - 1, limit=1)
        return rows[-1] if rows else None

    def _words(self, name: str) -> list[str]:
        listed = self.services.text(_PREFIX + name, self.message.language)
        return [_plain(one) for one in listed.split(",")]

    def _is(self, name: str) -> bool:
        return bool(self.plain) and self.plain in self._words(name)

    def _other_wish(self) -> bool:
        short = len(self.plain.split()) <= WORDS_OF_A_WISH
        return any(
            self.plain.startswith(words) or (short and f" {words} " in f" {self.plain} ")
            for words in self._words("other-wish")
        )

    def _stars(self) -> str | None:
        digit = re.fullmatch(r"([1-5])(?:\s*(?:/|of|out of)\s*5)?(?:\s*stars?)?", self.plain)
        if digit:
            return digit[1]
        pairs = (one.split() for one in self._words("stars"))
        return next((number for word, number in pairs if word == self.plain), None)


def says_more_than(text: str, asking: list[str], verbs: list[str]) -> bool:
    """Whether a text with a number tells something, rather than only asking how the case stands."""
    before, after = re.split(_NUMBER, text, maxsplit=1) if re.search(_NUMBER, text) else (text, "")
    words = _plain(f"{before} {after}").split()
    if len(words) < WORDS_OF_A_MESSAGE or text.rstrip().endswith("?"):
        return False
    # "FM-7K3Q9 is getting worse" tells; "is FM-7K3Q9 being dealt with" asks.
    return words[0] not in (asking if before.strip() else set(asking) - set(verbs))


def _plain(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", text.replace("’", "'")).casefold().split())
