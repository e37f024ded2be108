"""A message as it is looked for: what the steps `plain` and `spelling` make of it."""

from __future__ import annotations

from civic.encoder import SentenceEncoder
from civic.knowledge.answering.steps.plain import in_plain_words
from civic.knowledge.answering.steps.spelling import put_right
from civic.knowledge.index import Encoder, PassageIndex


def as_meant(text: str, index: PassageIndex | None, encoder: Encoder) -> str:
    """The question in a message, without slips, by the words of the documents."""
    spellings = index.spellings() if index is not None else {}
    said = in_plain_words(text, spellings)
    return put_right(said, spellings, encoder) if isinstance(encoder, SentenceEncoder) else said
