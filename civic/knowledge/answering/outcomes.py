"""What can become of a question: a closed list, each with words of its own in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from civic.knowledge.index import Hit
from civic.knowledge.sentences import Span


class Status(StrEnum):
    """How a question ended; the catalogue has a text `knowledge-status-<status>` for each."""

    ANSWERED = "answered"
    UNANSWERABLE_NO_SOURCE = "unanswerable_no_source"
    UNANSWERABLE_NO_QUESTION = "unanswerable_no_question"
    ERROR_NO_DOCUMENTS = "error_no_documents"

    @property
    def key(self) -> str:
        """The key of its words."""
        return "knowledge-status-" + self.value.replace("_", "-")


@dataclass(frozen=True)
class Answer:
    """The outcome of a question; `hit` and `quote` are there when it was answered."""

    status: Status
    confidence: float | None = None
    hit: Hit | None = None
    quote: Span | None = None

    @property
    def quoted(self) -> str | None:
        """The exact words that answer."""
        if self.hit is None or self.quote is None:
            return None
        return self.hit.entry.text[slice(*self.quote)]
