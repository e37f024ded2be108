"""Answers as people type them. What is not certain is offered for confirmation, never guessed silently."""

from civic.surveys.understanding.read import Meaning, read
from civic.surveys.understanding.vocabulary import Vocabulary, vocabulary

__all__ = ["Meaning", "Vocabulary", "read", "vocabulary"]
