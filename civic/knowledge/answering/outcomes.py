"""What can become of a question: a closed list, each with words of its own in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from civic.knowledge.index import Hit
from civic.knowledge.sentences import Span


class Status(StrEnum):
    """How a question ended; refusals that are data (`content/refusals.yml`) add to these."""

    ANSWERED = "answered"
    ANSWERED_PARTLY = "answered_partly"
    CLARIFY = "clarify"
    UNANSWERABLE_NO_SOURCE = "unanswerable_no_source"
    UNANSWERABLE_NO_QUESTION = "unanswerable_no_question"
    PERSONAL_DATA_REFUSED = "personal_data_refused"
    EMERGENCY_SIGNPOSTED = "emergency_signposted"
    ERROR_NO_DOCUMENTS = "error_no_documents"
    ERROR_INTERNAL = "error_internal"


# Outcomes that show something from a document.
SHOWN = frozenset({Status.ANSWERED, Status.ANSWERED_PARTLY})


def words_key(status: str) -> str:
    """The key of a status's words in the catalogue."""
    return "knowledge-status-" + status.replace("_", "-")


@dataclass(frozen=True)
class Cited:
    """The exact words that answer a question or a part of it.

    `head` is the line that introduces the list from which is quoted; `conditions` says that the document
    names conditions which are not in the quote.
    """

    hit: Hit
    quote: Span
    head: Span | None = None
    conditions: bool = False

    @property
    def words(self) -> str:
        """The quote, from the document."""
        return self.hit.entry.text[slice(*self.quote)]

    def with_(self, **changes: object) -> Cited:
        """The same with some parts replaced."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Topic:
    """Something that a vague message may be about; without an ordinal the whole document."""

    label: str
    document_id: str
    ordinal: int | None = None


@dataclass(frozen=True)
class Answer:
    """The outcome of a question.

    `cited` are the quotes that answer, one for each part of the question that was found; `missing` the parts
    that were not. `others` are the next best passages. `about` is the title of the best document, found sure
    or not. `detail` says more about the status (`conditions`, `part`, a kind of danger).
    """

    status: str
    confidence: float | None = None
    cited: tuple[Cited, ...] = ()
    missing: tuple[str, ...] = ()
    others: tuple[Hit, ...] = ()
    topics: tuple[Topic, ...] = ()
    about: str | None = None
    detail: str | None = None

    @property
    def shown(self) -> bool:
        """Whether something from a document is shown."""
        return self.status in SHOWN

    @property
    def hit(self) -> Hit | None:
        """The first passage quoted."""
        return self.cited[0].hit if self.cited else None

    @property
    def quote(self) -> Span | None:
        """Where the first quote stands in its passage."""
        return self.cited[0].quote if self.cited else None

    @property
    def quoted(self) -> str | None:
        """The exact words that answer; of several quotes, all of them."""
        return "\n".join(one.words for one in self.cited) or None
