"""Answers as people type them. What is not certain is offered for confirmation, never guessed silently."""

from civic.understanding.question import Option, Question
from civic.understanding.read import Meaning, read
from civic.understanding.vocabulary import Vocabulary, vocabulary

__all__ = ["Meaning", "Option", "Question", "Vocabulary", "read", "vocabulary"]
